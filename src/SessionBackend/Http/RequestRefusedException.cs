namespace BrowserTech.SessionBackend.Http;

/// <summary>A request that is answered with an error and after which the connection cannot be used.</summary>
public sealed class RequestRefusedException : Exception
{
    public RequestRefusedException()
    {
    }

    public RequestRefusedException(string message) : base(message)
    {
    }

    public RequestRefusedException(string message, Exception inner) : base(message, inner)
    {
    }

    public RequestRefusedException(int status, string message) : base(message) => Status = status;

    public int Status { get; } = 400;
}
