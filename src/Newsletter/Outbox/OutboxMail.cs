using BrowserTech.Newsletter.Storage;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore;

namespace BrowserTech.Newsletter.Outbox;

/// <summary>
/// One mail to one person, from the moment it is decided on until it is sent or given up. Written in the transaction of the change it
/// belongs to. It holds parameters, not text: links with authority are made when the mail is written out, so that no token is ever
/// stored.
/// </summary>
public sealed class OutboxMail
{
    /// <summary>The row; ascending in the order of writing.</summary>
    public long Id { get; set; }

    /// <summary>Which template writes it.</summary>
    public required string Kind { get; set; }

    /// <summary>What is sent first: see <see cref="MailPriority"/>.</summary>
    public MailPriority Priority { get; set; }

    /// <summary>The address it goes to.</summary>
    public required string RecipientAddress { get; set; }

    /// <summary>The recipient's name as they gave it, if they did.</summary>
    public string? RecipientName { get; set; }

    /// <summary>The template's parameters, JSON.</summary>
    public required string Payload { get; set; }

    /// <summary>When it was written.</summary>
    public DateTimeOffset Created { get; set; }

    /// <summary>Where it stands.</summary>
    public MailState State { get; set; }

    /// <summary>How many attempts were answered with a refusal for now, or with nothing.</summary>
    public int Attempts { get; set; }

    /// <summary>Not before this time.</summary>
    public DateTimeOffset NextAttemptAt { get; set; }

    /// <summary>While sending: when others may take it up.</summary>
    public DateTimeOffset? LeaseUntil { get; set; }

    /// <summary>While sending: the run that holds it.</summary>
    public string? LeaseBy { get; set; }

    /// <summary>What the server said last, or what went wrong, in words.</summary>
    public string? LastReply { get; set; }

    /// <summary>Message-ID of the mail as sent, the same at every attempt.</summary>
    public string? MessageId { get; set; }

    /// <summary>When the server took it.</summary>
    public DateTimeOffset? SentAt { get; set; }

    /// <summary>For a digest: which issue.</summary>
    public int? IssueNumber { get; set; }

    /// <summary>For mail to a subscriber: who.</summary>
    public long? SubscriberId { get; set; }

    internal static void Configure(EntityTypeBuilder<OutboxMail> mail)
    {
        mail.Property(row => row.Kind).HasMaxLength(60);
        mail.Property(row => row.Priority).HasConversion<int>();
        mail.Property(row => row.State).HasConversion<LowerCaseName<MailState>>().HasMaxLength(20);
        mail.Property(row => row.RecipientAddress).HasMaxLength(254);
        mail.Property(row => row.LeaseBy).HasMaxLength(200);

        // What is due, in the order it is taken: the pump walks this index and nothing else.
        mail.HasIndex(row => new { row.State, row.Priority, row.NextAttemptAt, row.Id });
        mail.HasIndex(row => new { row.SubscriberId, row.Kind });

        // An issue can never be queued twice for one person. Other mail has no issue: NULLs are distinct in both databases.
        mail.HasIndex(row => new { row.IssueNumber, row.SubscriberId }).IsUnique();
    }
}

/// <summary>Where a mail stands.</summary>
public enum MailState
{
    /// <summary>Waits for its time.</summary>
    Pending,

    /// <summary>Held by a run that is sending it.</summary>
    Sending,

    /// <summary>Accepted by the server.</summary>
    Sent,

    /// <summary>Refused for good, or refused for too long.</summary>
    Failed,

    /// <summary>Not to be sent any more: its recipient left first.</summary>
    Withdrawn,
}

/// <summary>What goes first when much waits: somebody who has just pressed a button, then lists.</summary>
public enum MailPriority
{
    /// <summary>Belongs to something a person has just done.</summary>
    Personal = 0,

    /// <summary>One of many.</summary>
    Bulk = 1,
}
