using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using BrowserTech.Playground.Backends;

namespace BrowserTech.Playground.Api;

/// <summary>
/// A refusal, in the shape Plane and Jamsocket use: <c>{id, kind, message}</c>. The id is also in the log, so that a person can
/// ask about it; the kind is for programs, the message for people.
/// </summary>
internal sealed record ApiError(string Id, string Kind, string Message)
{
    public static IResult Result(HttpContext context, int status, string kind, string message) =>
        Results.Json(Make(context, status, kind, message), ApiJson.Options, statusCode: status);

    public static Task Write(HttpContext context, int status, string kind, string message) =>
        Result(context, status, kind, message).ExecuteAsync(context);

    private static ApiError Make(HttpContext context, int status, string kind, string message)
    {
        var error = new ApiError("er-" + RandomNumberGenerator.GetString(Naming.Alphabet, 8), kind, message);
        // The path only: a query may hold a token.
        Log(context).LogInformation("{Error} {Status} {Kind} {Method} {Host}: {Message}",
            error.Id, status, kind, context.Request.Method, context.Request.Host.Host, message);
        context.Response.Headers.CacheControl = "no-store";
        return error;
    }

    private static ILogger Log(HttpContext context) =>
        (ILogger)context.RequestServices.GetService(typeof(ILogger<ApiError>))!;
}
