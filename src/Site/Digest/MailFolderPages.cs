using System.Globalization;
using System.Net;
using System.Text;
using BrowserTech.Newsletter;
using Microsoft.Extensions.Options;
using MimeKit;

namespace BrowserTech.Site.Digest;

/// <summary>
/// Development only: the mails that had no server to go to, newest first, to be read and clicked like a mailbox. Plain
/// pages of their own, so that what a mail's HTML says is shown apart from the site.
/// </summary>
internal static class MailFolderPages
{
    private const int Newest = 100;
    private const string Html = "text/html; charset=utf-8";

    public static void MapMailFolder(this IEndpointRouteBuilder app)
    {
        // Mails carry the keys to RSVPs and to the organisers' pages. A development hub may listen to a whole network, so
        // only this machine reads them, by its own name: a foreign name that points here is a trick (DNS rebinding).
        var routes = app.MapGroup("").AddEndpointFilter(async (context, next) => IsThisMachine(context.HttpContext) ? await next(context) : Results.NotFound());
        routes.MapGet("/dev/mail", async (IOptions<NewsletterOptions> options, CancellationToken cancellation) =>
        {
            var rows = new StringBuilder();
            foreach (var file in Files(options.Value.MailFolder))
            {
                var mail = await MimeMessage.LoadAsync(file, cancellation);
                rows.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\"><a href=\"/dev/mail/{Uri.EscapeDataString(Path.GetFileName(file))}\">{Text(mail.Subject)}</a></th><td>{Text(mail.To.ToString())}</td><td>{mail.Date:u}</td></tr>");
            }

            var body = rows.Length == 0
                ? "<p>No mail yet. RSVP to an event or subscribe to the digest, and it lands here.</p>"
                : $"<div class=\"table\"><table><thead><tr><th scope=\"col\">subject</th><th scope=\"col\">to</th><th scope=\"col\">date</th></tr></thead><tbody>{rows}</tbody></table></div>";
            return Results.Content(Page("Mail", $"<h1>Mail</h1><p class=\"soft\">No mail server is configured, so mails are files in the data folder. This page exists in development only.</p>{body}"), Html);
        });

        routes.MapGet("/dev/mail/{name}", async (string name, IOptions<NewsletterOptions> options, CancellationToken cancellation) =>
        {
            if (Files(options.Value.MailFolder).FirstOrDefault(file => Path.GetFileName(file) == name) is not { } file) return Results.NotFound();
            var mail = await MimeMessage.LoadAsync(file, cancellation);
            var headers = string.Concat(mail.Headers.Select(h => $"{Text(h.Field)}: {Text(h.Value)}\n"));
            var attachments = string.Concat(mail.Attachments.Select(a => $"<li>{Text(a.ContentDisposition?.FileName ?? a.ContentType.Name)}</li>"));
            return Results.Content(Page(mail.Subject ?? "(no subject)",
                $"<p><a href=\"/dev/mail\">All mail</a> · <a href=\"/dev/mail/{Uri.EscapeDataString(name)}/html\">As a mail program shows it</a></p><h1>{Text(mail.Subject)}</h1>" +
                $"<pre tabindex=\"0\">{Linked(mail.TextBody ?? "")}</pre>{(attachments.Length > 0 ? $"<h2>Files</h2><ul>{attachments}</ul>" : "")}<h2>Headers</h2><pre tabindex=\"0\">{headers}</pre>"), Html);
        });

        routes.MapGet("/dev/mail/{name}/html", async (string name, HttpResponse response, IOptions<NewsletterOptions> options, CancellationToken cancellation) =>
        {
            if (Files(options.Value.MailFolder).FirstOrDefault(file => Path.GetFileName(file) == name) is not { } file) return Results.NotFound();
            // Mail has its styles inside; nothing else is allowed.
            response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; sandbox allow-popups allow-top-navigation-by-user-activation";
            return Results.Content((await MimeMessage.LoadAsync(file, cancellation)).HtmlBody ?? "", Html);
        });
    }

    private static bool IsThisMachine(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
        && (context.Request.Host.Host == "localhost" || (IPAddress.TryParse(context.Request.Host.Host, out var host) && IPAddress.IsLoopback(host)))
        && !context.Request.Headers.ContainsKey("X-Forwarded-For");

    private static IEnumerable<string> Files(string folder) => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder, "*.eml").OrderDescending(StringComparer.Ordinal).Take(Newest)
        : [];

    private static string Page(string title, string body) =>
        $"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{Text(title)}</title><link rel=\"stylesheet\" href=\"/css/base.css\"><link rel=\"stylesheet\" href=\"/css/components.css\"></head><body><main class=\"wrap prose\">{body}</main></body></html>";

    // The links are what one came for.
    private static string Linked(string text) =>
        System.Text.RegularExpressions.Regex.Replace(Text(text), @"https?://[^\s&<>""]+", match => $"<a href=\"{match.Value}\">{match.Value}</a>", System.Text.RegularExpressions.RegexOptions.NonBacktracking);

    private static string Text(string? text) => WebUtility.HtmlEncode(text ?? "");
}
