using BrowserTech.Newsletter.Outbox;
using BrowserTech.Newsletter.Writing;

namespace BrowserTech.Newsletter.Tests;

/// <summary>A template as an application would add one.</summary>
internal sealed class PlainTemplate(MailWriter writer) : MailTemplate<PlainTemplate.Words>(Plain)
{
    public static readonly MailKind Plain = new("plain");

    /// <summary>While true, writing fails.</summary>
    public bool IsBroken { get; set; }

    internal sealed record Words(string Subject);

    protected override ValueTask<MailContent> WriteAsync(
        OutboxMail mail, Words parameters, CancellationToken cancellationToken) => IsBroken
        ? throw new InvalidOperationException("the template is broken")
        : ValueTask.FromResult(writer.Write(new TransactionalMail
        {
            Subject = parameters.Subject,
            Heading = "A heading",
            Paragraphs = [$"Dear {mail.RecipientName},", "a paragraph."],
        }));
}
