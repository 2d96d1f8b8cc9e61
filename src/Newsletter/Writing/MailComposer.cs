using System.Text;
using BrowserTech.Newsletter.Delivery;
using BrowserTech.Newsletter.Outbox;
using BrowserTech.Newsletter.Subscriptions;
using Microsoft.Extensions.Options;
using MimeKit;
using MimeKit.Text;

namespace BrowserTech.Newsletter.Writing;

/// <summary>
/// Makes the message that goes over the wire: text first, then HTML, both quoted-printable (base64 is larger and looks like spam to
/// filters), then attachments. Subject, names and header values are the places where a line break would add a header, so
/// they are refused or cleaned here, whoever wrote them.
/// </summary>
public sealed class MailComposer(
    IEnumerable<IMailTemplate> templates, IOptions<NewsletterOptions> options, TimeProvider clock)
{
    private static readonly HashSet<string> OwnHeaders = new(StringComparer.OrdinalIgnoreCase)
        { "From", "To", "Cc", "Bcc", "Reply-To", "Sender", "Subject", "Date", "Message-Id", "MIME-Version" };

    private readonly Dictionary<string, IMailTemplate> _templates =
        templates.ToDictionary(template => template.Kind.Name, StringComparer.Ordinal);

    private MailIdentity Identity => options.Value.Identity;

    /// <summary>The message for a row.</summary>
    /// <exception cref="InvalidOperationException">No template writes this kind.</exception>
    public async ValueTask<MimeMessage> WriteAsync(OutboxMail mail, CancellationToken cancellationToken)
    {
        if (!_templates.TryGetValue(mail.Kind, out var template))
            throw new InvalidOperationException($"no template writes mails of the kind \"{mail.Kind}\"");
        return Compose(mail, await template.WriteAsync(mail, cancellationToken));
    }

    /// <summary>The message for a row whose content is at hand.</summary>
    public MimeMessage Compose(OutboxMail mail, MailContent content)
    {
        var size = Encoding.UTF8.GetByteCount(content.Html);
        if (size > MailWriter.MaximumHtmlBytes)
        {
            throw new InvalidOperationException(
                $"the HTML of a \"{mail.Kind}\" mail is {size} bytes, {MailWriter.MaximumHtmlBytes} are allowed");
        }

        var message = new MimeMessage
        {
            Subject = OneLine(content.Subject, "Subject"),
            Date = clock.GetUtcNow(),
            MessageId = MessageIds.For(mail, Identity.Domain),
        };
        message.From.Add(new MailboxAddress(Encoding.UTF8, Identity.SiteName, Identity.From));
        if (Identity.ReplyTo is { } replyTo) message.ReplyTo.Add(new MailboxAddress(null, replyTo));
        message.To.Add(new MailboxAddress(
            Encoding.UTF8, PersonName.Clean(mail.RecipientName), EmailAddress.Parse(mail.RecipientAddress).Value));
        foreach (var (name, value) in content.Headers)
        {
            if (OwnHeaders.Contains(name)) throw new InvalidOperationException($"a template cannot set {name}");
            message.Headers.Add(Raw(name, OneLine(value, name)));
        }

        message.Body = Body(content);
        return message;
    }

    private static MimeEntity Body(MailContent content)
    {
        var body = new MultipartAlternative { Part(TextFormat.Plain, content.Text), Part(TextFormat.Html, content.Html) };
        if (content.Attachments.Count == 0) return body;

        var mixed = new Multipart("mixed") { body };
        foreach (var attachment in content.Attachments) mixed.Add(Attached(attachment));
        return mixed;
    }

    private static TextPart Part(TextFormat format, string text)
    {
        var part = new TextPart(format) { ContentTransferEncoding = ContentEncoding.QuotedPrintable };
        part.SetText(Encoding.UTF8, text);
        return part;
    }

    private static MimePart Attached(MailAttachment attachment) => new(ContentType.Parse(attachment.ContentType))
    {
        Content = new MimeContent(new MemoryStream(attachment.Bytes.ToArray())),
        ContentDisposition = new ContentDisposition(ContentDisposition.Attachment) { FileName = attachment.FileName },
        ContentTransferEncoding = ContentEncoding.Base64,
    };

    /// <summary>ASCII values go out as they are, on one line: a folded or encoded address would not be recognised by every reader.</summary>
    private static Header Raw(string name, string value)
    {
        var header = new Header(Encoding.UTF8, name, value);
        if (value.All(char.IsAscii) && value.Length < 900) header.SetRawValue(Encoding.ASCII.GetBytes($" {value}\r\n"));
        return header;
    }

    private static string OneLine(string value, string name) => value.Any(char.IsControl)
        ? throw new InvalidOperationException($"{name} has a line break or control character in it")
        : value;
}
