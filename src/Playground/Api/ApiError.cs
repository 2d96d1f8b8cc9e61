using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using BrowserTech.Playground.Backends;

namespace BrowserTech.Playground.Api;

/// <summary>
/// A refusal, in the shape Plane uses: <c>{id, kind, message}</c>. The id is also in the log, so that a person can
/// ask about it; the kind is for programs, the message for people.
/// </summary>
internal sealed record ApiError(string Id, string Kind, string Message)
{
    public static IResult Result(HttpContext context, int status, string kind, string message) =>
        Answer(context, Make(context, status, kind, message), status);

    public static Task Write(HttpContext context, int status, string kind, string message) =>
        Result(context, status, kind, message).ExecuteAsync(context);

    /// <summary>What we did wrong: the caller gets the id, the log the rest.</summary>
    public static IResult Unexpected(HttpContext context, Exception error)
    {
        context.Response.Headers.CacheControl = "no-store";
        return Answer(context, Failed(context, error), StatusCodes.Status500InternalServerError);
    }

    /// <inheritdoc cref="Unexpected"/>
    public static ApiError Failed(HttpContext context, Exception error)
    {
        var answer = new ApiError(NewId(), "internal_error", "Something went wrong on the server. Its log has the reason under this id.");
        Log(context).LogError(error, "{Error} 500 {Kind} {Method} {Route}", answer.Id, answer.Kind, context.Request.Method,
            (context.GetEndpoint() as Microsoft.AspNetCore.Routing.RouteEndpoint)?.RoutePattern.RawText);
        return answer;
    }

    private static IResult Answer(HttpContext context, ApiError error, int status) => JamsocketClient.IsCalling(context.Request)
        ? JamsocketClient.Refusal(error, status)
        : ApiJson.Result(error, status);

    /// <summary>Logs it and gives what is sent.</summary>
    public static ApiError Make(HttpContext context, int status, string kind, string message)
    {
        var error = new ApiError(NewId(), kind, message);
        // The path only: a query may hold a token.
        Log(context).LogInformation("{Error} {Status} {Kind} {Method} {Host}: {Message}",
            error.Id, status, kind, context.Request.Method, context.Request.Host.Host, message);
        if (!context.Response.HasStarted) context.Response.Headers.CacheControl = "no-store";
        return error;
    }

    private static string NewId() => "er-" + RandomNumberGenerator.GetString(Naming.Alphabet, 8);

    private static ILogger Log(HttpContext context) =>
        (ILogger)context.RequestServices.GetService(typeof(ILogger<ApiError>))!;
}
