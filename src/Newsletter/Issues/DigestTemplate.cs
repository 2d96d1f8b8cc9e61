using System.Collections.Concurrent;
using System.Text.Json;
using BrowserTech.Newsletter.Links;
using BrowserTech.Newsletter.Outbox;
using BrowserTech.Newsletter.Storage;
using BrowserTech.Newsletter.Subscriptions;
using BrowserTech.Newsletter.Writing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BrowserTech.Newsletter.Issues;

/// <summary>
/// Writes one person's copy of an issue, with the headers that let mail programs show their own unsubscribe button (RFC 2369, 2919,
/// 8058). The issue is read and laid out once; what was frozen never changes.
/// </summary>
public sealed class DigestTemplate(
    IStore<NewsletterDb> store, DigestLinks links, MailWriter writer, IOptions<NewsletterOptions> options) : IMailTemplate
{
    /// <summary>The kind of a delivery.</summary>
    public static readonly MailKind Digest = new("digest");

    private readonly ConcurrentDictionary<int, IssueMail> _issues = new();

    /// <inheritdoc/>
    public MailKind Kind => Digest;

    /// <inheritdoc/>
    public async ValueTask<MailContent> WriteAsync(OutboxMail mail, CancellationToken cancellationToken)
    {
        if (mail is not { IssueNumber: { } number, SubscriberId: { } id })
            throw new InvalidOperationException($"mail {mail.Id} has no issue or no subscriber");
        if (!_issues.TryGetValue(number, out var issue))
            issue = _issues.GetOrAdd(number, await ReadAsync(number, cancellationToken));

        var subscriber = new SubscriberId(id);
        var unsubscribe = links.Unsubscribe(subscriber);
        return issue.For(unsubscribe, links.Manage(subscriber)) with { Headers = Headers(unsubscribe) };
    }

    private async Task<IssueMail> ReadAsync(int number, CancellationToken cancellationToken)
    {
        var content = await store.ReadAsync((db, cancel) => db.IssueSends
            .Where(send => send.Number == number).Select(send => send.Content).SingleAsync(cancel), cancellationToken);
        return writer.Write(JsonSerializer.Deserialize<IssueContent>(content, JsonSerializerOptions.Web)!, links.Issue(number));
    }

    private (string, string)[] Headers(Uri unsubscribe)
    {
        var identity = options.Value.Identity;
        var byMail = identity.UnsubscribeMailbox is { } mailbox ? $", <mailto:{mailbox}?subject=unsubscribe>" : "";
        return
        [
            ("List-Id", $"<digest.{identity.Domain}>"),
            ("List-Unsubscribe", $"<{unsubscribe.AbsoluteUri}>{byMail}"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
            ("List-Archive", $"<{links.Archive.AbsoluteUri}>"),
            ("List-Subscribe", $"<{links.Archive.AbsoluteUri}>"),
        ];
    }
}
