using System.Text.Json;
using BrowserTech.Newsletter.Writing;

namespace BrowserTech.Newsletter.Outbox;

/// <summary>
/// Writes one kind of mail, at the moment it is sent. Register one per kind as <see cref="IMailTemplate"/>. It sets the subject, the body and
/// special headers; sender, recipient, date and Message-ID are set by the pump.
/// </summary>
public interface IMailTemplate
{
    /// <summary>The kind it writes.</summary>
    MailKind Kind { get; }

    /// <summary>
    /// The mail for this row. An exception counts as a failed attempt, so a repaired template sends what waited for it.
    /// </summary>
    ValueTask<MailContent> WriteAsync(OutboxMail mail, CancellationToken cancellationToken);
}

/// <summary>A template whose parameters are a type of its own.</summary>
public abstract class MailTemplate<TParameters>(MailKind kind) : IMailTemplate
{
    /// <inheritdoc/>
    public MailKind Kind => kind;

    /// <inheritdoc/>
    public ValueTask<MailContent> WriteAsync(OutboxMail mail, CancellationToken cancellationToken)
    {
        var parameters = JsonSerializer.Deserialize<TParameters>(mail.Payload, JsonSerializerOptions.Web)
            ?? throw new InvalidOperationException($"mail {mail.Id} ({mail.Kind}) has no parameters");
        return WriteAsync(mail, parameters, cancellationToken);
    }

    /// <summary>The mail for this row and its parameters.</summary>
    protected abstract ValueTask<MailContent> WriteAsync(
        OutboxMail mail, TParameters parameters, CancellationToken cancellationToken);
}
