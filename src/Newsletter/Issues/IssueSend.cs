using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BrowserTech.Newsletter.Issues;

/// <summary>
/// The sending of one issue, and the issue as it was at that moment: editing the file later changes the web page, never
/// half of the mails.
/// </summary>
public sealed class IssueSend
{
    /// <summary>The issue's number: one send each, for ever.</summary>
    public int Number { get; set; }

    /// <summary>The issue, JSON of <see cref="IssueContent"/>.</summary>
    public required string Content { get; set; }

    /// <summary>When it was started.</summary>
    public DateTimeOffset StartedAt { get; set; }

    /// <summary>Who pressed the button, or <c>schedule</c>.</summary>
    public required string RequestedBy { get; set; }

    /// <summary>How many people it goes to.</summary>
    public int AudienceSize { get; set; }

    /// <summary>When the last mail had been sent or given up.</summary>
    public DateTimeOffset? FinishedAt { get; set; }

    internal static void Configure(EntityTypeBuilder<IssueSend> send)
    {
        send.HasKey(row => row.Number);
        send.Property(row => row.Number).ValueGeneratedNever();
        send.Property(row => row.RequestedBy).HasMaxLength(254);
    }
}
