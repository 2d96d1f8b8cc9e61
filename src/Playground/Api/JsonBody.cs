using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace BrowserTech.Playground.Api;

/// <summary>
/// Reads the JSON of a call. What the caller names it is looked at only to refuse what cannot be JSON: <c>fetch</c> and
/// <c>curl</c> name it otherwise unless told, and mean JSON.
/// </summary>
internal static class JsonBody
{
    /// <param name="context">The call.</param>
    /// <param name="empty">What an empty body stands for.</param>
    public static async Task<(T? Value, IResult? Refusal)> Read<T>(HttpContext context, T empty) where T : class
    {
        if (!MayBeJson(context.Request))
        {
            return (null, ApiError.Result(context, StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type",
                "The body must be JSON in UTF-8, sent as application/json and not compressed."));
        }

        var (body, tooLarge) = await BoundedBody.Read(context.Request, ApiJson.MaxBody, context.RequestAborted);
        if (tooLarge)
        {
            return (null, ApiError.Result(context, StatusCodes.Status413PayloadTooLarge, "too_large",
                $"The body is larger than {ApiJson.MaxBody / 1024} kB."));
        }

        if (body.Length == 0) return (empty, null);
        try
        {
            if (!IsText(body.Span)) return (null, Bad(context, "The body has half a character in it: a surrogate without its other half."));
            return JsonSerializer.Deserialize<T>(body.Span, ApiJson.Options) is { } value
                ? (value, null)
                : (null, Bad(context, "The body must be a JSON object."));
        }
        catch (JsonException error)
        {
            return (null, Bad(context, $"The body is not the JSON this call expects (at {error.Path ?? "the start"})."));
        }
    }

    /// <summary>JSON can escape what is no text; whoever reads it later would fail.</summary>
    private static bool IsText(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        try
        {
            while (reader.Read())
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped) reader.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static bool MayBeJson(HttpRequest request)
    {
        if (request.Headers.ContentEncoding.Count > 0) return false;
        if (string.IsNullOrEmpty(request.ContentType)) return true;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)) return false;
        return (type.SubType.Equals("json", StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase)
                || type.MatchesMediaType("text/plain") || type.MatchesMediaType("application/x-www-form-urlencoded"))
            && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));
    }

    private static IResult Bad(HttpContext context, string message) =>
        ApiError.Result(context, StatusCodes.Status400BadRequest, "bad_request", message);
}
