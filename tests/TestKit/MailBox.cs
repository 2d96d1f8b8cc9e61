using System.Text.RegularExpressions;
using MimeKit;

namespace BrowserTech.TestKit;

/// <summary>Reads back what a hub without a mail server wrote into its mail folder.</summary>
public sealed partial class MailBox(string folder)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>All mails to an address now, oldest first.</summary>
    public async Task<IReadOnlyList<MimeMessage>> ToAsync(string address)
    {
        var mails = new List<MimeMessage>();
        if (!Directory.Exists(folder)) return mails;
        foreach (var file in Directory.EnumerateFiles(folder, "*.eml").Order(StringComparer.Ordinal))
        {
            var mail = await MimeMessage.LoadAsync(file);
            if (mail.To.Mailboxes.Any(to => string.Equals(to.Address, address, StringComparison.OrdinalIgnoreCase))) mails.Add(mail);
        }

        return mails;
    }

    /// <summary>Waits until somebody has at least <paramref name="count"/> mails, and gives the last one.</summary>
    public async Task<MimeMessage> WaitAsync(string address, int count = 1)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            var mails = await ToAsync(address);
            if (mails.Count >= count) return mails[count - 1];
            if (limit.IsCancellationRequested) throw new TimeoutException($"{address} has {mails.Count} mails, not {count}");
            await Task.Delay(25, CancellationToken.None);
        }
    }

    /// <summary>Waits for the mail that is meant, whatever else comes meanwhile.</summary>
    public async Task<MimeMessage> WaitAsync(string address, Func<MimeMessage, bool> meant)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            var mails = await ToAsync(address);
            if (mails.FirstOrDefault(meant) is { } found) return found;
            if (limit.IsCancellationRequested) throw new TimeoutException($"{address} has only: {string.Join("; ", mails.Select(mail => mail.Subject))}");
            await Task.Delay(25, CancellationToken.None);
        }
    }

    /// <summary>Every address of ours in a mail: in both of its parts and its headers.</summary>
    public static IReadOnlyList<Uri> Links(MimeMessage mail) =>
    [
        .. Link().Matches(System.Net.WebUtility.HtmlDecode($"{mail.TextBody}\n{mail.HtmlBody}\n{mail.Headers["List-Unsubscribe"]}\n{mail.Headers["List-Archive"]}"))
            .Select(match => match.Value.TrimEnd('.', ',')).Distinct().Select(text => new Uri(text)),
    ];

    /// <summary>The one link whose path begins so.</summary>
    public static Uri LinkTo(MimeMessage mail, string path) =>
        Links(mail).First(link => link.AbsolutePath.StartsWith(path, StringComparison.Ordinal));

    [GeneratedRegex("""https?://[^\s<>"')\]]+""", RegexOptions.NonBacktracking)]
    private static partial Regex Link();
}
