using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;
using BrowserTech.Playground.Api;

namespace BrowserTech.Playground.Proxy;

/// <summary>A refusal for somebody who opened a backend's address in a browser: the same words as for programs, on a page that loads nothing.</summary>
internal static class RefusalPage
{
    private const string Style =
        ":root{color-scheme:light dark}body{margin:0;min-height:100vh;display:grid;place-content:center;padding:1.5rem;"
        + "font:1.0625rem/1.5 system-ui,sans-serif}h1{margin:0 0 .5rem;font-size:1.75rem;line-height:1.1;letter-spacing:-.02em}"
        + "main{max-width:34rem}p{margin:0 0 .75rem;overflow-wrap:anywhere}small{font:.8125rem/1.5 ui-monospace,monospace;opacity:.75}";

    /// <summary>The page's own style and nothing else.</summary>
    public static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; frame-ancestors 'none'";

    /// <summary>A browser says that it wants a page; a script and a command say at most that they take anything.</summary>
    public static bool IsWanted(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    public static Task Write(HttpContext context, int status, ApiError error)
    {
        var title = status switch
        {
            401 or 403 => "Not for this address",
            410 => "It has ended",
            503 => "Not at the moment",
            _ => "It does not answer",
        };
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(
            $"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>"
            + $"<style>{Style}</style><main><h1>{title}</h1><p>{HtmlEncoder.Default.Encode(error.Message)}</p><small>{status} · {error.Kind} · {error.Id}</small></main></html>");
    }
}
