using System.ComponentModel.DataAnnotations;
using BrowserTech.Newsletter.Delivery;
using Microsoft.Extensions.Options;

namespace BrowserTech.Newsletter;

/// <summary>How mail leaves.</summary>
public sealed class NewsletterOptions
{
    /// <summary>Who writes.</summary>
    public MailIdentity Identity { get; set; } = new();

    /// <summary>The server mails are handed to; null writes them to <see cref="MailFolder"/> instead.</summary>
    public SmtpOptions? Smtp { get; set; }

    /// <summary>Where mails are written as files when there is no server.</summary>
    public string MailFolder { get; set; } = Path.Combine("data", "mail");

    /// <summary>
    /// Connections used at the same time, 1 to 64. Also how many mails can at worst arrive twice after a kill.
    /// </summary>
    [Range(1, 64)]
    public int Connections { get; set; } = 4;

    /// <summary>False on a machine that only serves pages: it writes rows, another machine sends them.</summary>
    public bool RunDelivery { get; set; } = true;
}

/// <summary>A mail server that takes our mail.</summary>
public sealed record SmtpOptions
{
    /// <summary>Its name or address.</summary>
    public string Host { get; init; } = "";

    /// <summary>Its port: 25, 587 (submission), 465 (TLS from the first byte).</summary>
    [Range(1, 65_535)]
    public int Port { get; init; } = 587;

    /// <summary>How the connection is protected.</summary>
    public SmtpTls Tls { get; init; } = SmtpTls.StartTls;

    /// <summary>User name; null to send without signing in.</summary>
    public string? User { get; init; }

    /// <summary>Password for <see cref="User"/>.</summary>
    public string? Password { get; init; }

    /// <summary>Mails after which a connection is closed and a fresh one opened; servers have limits of their own.</summary>
    [Range(1, 1_000_000)]
    public int MailsPerConnection { get; init; } = 500;

    internal IEnumerable<string> Problems()
    {
        if (Uri.CheckHostName(Host) == UriHostNameType.Unknown) yield return $"Smtp.Host: \"{Host}\" is not a host.";
        if (Port is < 1 or > 65535) yield return $"Smtp.Port: {Port} is not a port (1 to 65535).";
        if (MailsPerConnection < 1) yield return "Smtp.MailsPerConnection: at least 1.";
        if (User is null != Password is null) yield return "Smtp: give both User and Password, or neither.";
    }
}

/// <summary>Checks the options when the program starts, all problems at once.</summary>
internal sealed class NewsletterOptionsCheck : IValidateOptions<NewsletterOptions>
{
    public ValidateOptionsResult Validate(string? name, NewsletterOptions options)
    {
        List<string> problems =
        [
            .. options.Identity.Problems().Select(problem => "Identity." + problem),
            .. options.Smtp?.Problems() ?? [],
        ];
        if (options.Connections is < 1 or > 64) problems.Add($"Connections: {options.Connections} is not from 1 to 64.");
        if (options.Smtp is null && string.IsNullOrWhiteSpace(options.MailFolder))
            problems.Add("MailFolder: without an SMTP server, mails need a folder to go to.");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
