namespace BrowserTech.Playground.Api;

/// <summary>
/// Marks an endpoint that other origins may call with an unsafe method. The site refuses such calls everywhere else; what is
/// marked must not act on the authority of the browser that makes the call (no cookie counts there), only on what
/// the call itself carries.
/// </summary>
/// <param name="reason">Why it is safe here.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class CrossOriginAllowedAttribute(string reason) : Attribute
{
    public string Reason { get; } = reason;
}
