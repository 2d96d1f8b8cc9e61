using System.Text.Json;
using BrowserTech.Newsletter.Storage;
using BrowserTech.Newsletter.Subscriptions;

namespace BrowserTech.Newsletter.Outbox;

/// <summary>Writing a mail into the outbox.</summary>
public static class Enqueueing
{
    /// <summary>
    /// Adds a mail to the caller's change: both are committed, or neither. <paramref name="parameters"/> is what the template of this
    /// <paramref name="kind"/> reads back; put no token in it. The pump is woken after the commit.
    /// </summary>
    public static OutboxMail Enqueue<TParameters>(
        this NewsletterDb db, MailKind kind, EmailAddress to, string? name, TParameters parameters, DateTimeOffset now,
        SubscriberId? subscriber = null)
    {
        var mail = new OutboxMail
        {
            Kind = kind.Name,
            Priority = MailPriority.Personal,
            RecipientAddress = to.Value,
            RecipientName = PersonName.Clean(name),
            Payload = JsonSerializer.Serialize(parameters, JsonSerializerOptions.Web),
            Created = now,
            NextAttemptAt = now,
            SubscriberId = subscriber?.Value,
        };
        db.OutboxMails.Add(mail);
        db.MailWasEnqueued = true;
        return mail;
    }
}
