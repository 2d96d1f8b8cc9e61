using Microsoft.AspNetCore.Http;

namespace BrowserTech.Playground.Api;

/// <summary>
/// What Jamsocket's command line reads otherwise than the API says it. It looks for <c>error</c> in every refusal and stops with an
/// error of its own where there is none, and it acts on a few codes. All else of the API is the same for everybody.
/// </summary>
internal static class JamsocketClient
{
    private const string Product = "jamsocket-cli/";

    public static bool IsCalling(HttpRequest request) =>
        request.Headers.UserAgent.ToString().StartsWith(Product, StringComparison.Ordinal);

    public static IResult Refusal(ApiError error, int status) => ApiJson.Result(new JamsocketRefusal(
        error.Id, error.Kind, error.Message, new JamsocketError(error.Message, status, Code(error.Kind), error.Id)), status);

    // Codes it has a sentence of its own for would hide ours, which says more; this one makes it go on to the next backend.
    private static string Code(string kind) => kind == "gone" ? "BackendNotRunning" : kind;
}

internal sealed record JamsocketRefusal(string Id, string Kind, string Message, JamsocketError Error);

internal sealed record JamsocketError(string Message, int Status, string Code, string Id);
