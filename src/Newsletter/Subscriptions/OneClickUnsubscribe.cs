using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace BrowserTech.Newsletter.Subscriptions;

/// <summary>
/// The POST behind List-Unsubscribe (RFC 8058). A mailbox provider's server sends it, without cookies, Origin or Fetch headers; the token in
/// the path is all the authority it needs, and the answer is not a redirect. The button of the page at the same address posts
/// here too, with another body, and is sent on to a page that says it worked.
/// </summary>
public static class OneClickUnsubscribe
{
    /// <summary>Where the page's button leads afterwards.</summary>
    public const string DonePage = "/digest/unsubscribed";

    private const int MaximumBody = 4096;
    private static readonly FormOptions Limits = new()
    {
        BufferBodyLengthLimit = MaximumBody,
        MultipartBodyLengthLimit = MaximumBody,
        ValueCountLimit = 8,
        KeyLengthLimit = 200,
        ValueLengthLimit = 2000,
        MultipartHeadersCountLimit = 8,
        MultipartHeadersLengthLimit = 1000,
    };

    /// <summary>Maps POST <c>/digest/unsubscribe/{token}</c>; GET of the same address is a page of the application.</summary>
    public static IEndpointConventionBuilder MapOneClickUnsubscribe(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/digest/unsubscribe/{token}", HandleAsync)
            .WithName("digest-unsubscribe-one-click")
            .WithMetadata(new NoAntiforgery(), new BodyLimit());

    private static async Task HandleAsync(HttpContext context, string token, DigestSubscriptions subscriptions)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        var (isOneClick, problem) = await ReadAsync(context.Request, context.RequestAborted);
        if (problem is not null)
        {
            await AnswerAsync(context, StatusCodes.Status400BadRequest, problem);
            return;
        }

        var answer = await subscriptions.UnsubscribeAsync(token, context.RequestAborted);
        if (answer.Reason is { } reason) await AnswerAsync(context, StatusCodes.Status400BadRequest, reason);
        else if (isOneClick) await AnswerAsync(context, StatusCodes.Status200OK, "You are unsubscribed from the digest.");
        else
        {
            context.Response.StatusCode = StatusCodes.Status303SeeOther;
            context.Response.Headers.Location = DonePage;
        }
    }

    private static async Task<(bool IsOneClick, string? Problem)> ReadAsync(
        HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasFormContentType)
            return (false, "Send List-Unsubscribe=One-Click as a form (application/x-www-form-urlencoded or multipart/form-data).");
        try
        {
            var form = await request.ReadFormAsync(Limits, cancellationToken);
            return (form["List-Unsubscribe"] == "One-Click", null);
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            return (false, "The form could not be read: it is cut short, or larger than the few words that are needed.");
        }
    }

    private static Task AnswerAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text + "\n", context.RequestAborted);
    }

    private sealed class NoAntiforgery : IAntiforgeryMetadata
    {
        public bool RequiresValidation => false;
    }

    private sealed class BodyLimit : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => MaximumBody;
    }
}
