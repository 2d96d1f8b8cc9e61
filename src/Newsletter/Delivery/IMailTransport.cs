using BrowserTech.Newsletter.Outbox;
using MimeKit;

namespace BrowserTech.Newsletter.Delivery;

/// <summary>Where mails are handed over.</summary>
public interface IMailTransport
{
    /// <summary>What it is, in words for organisers: <c>smtp.example.org:587</c>, <c>the folder data/mail</c>.</summary>
    string Description { get; }

    /// <summary>Opens one connection.</summary>
    /// <exception cref="TransportUnavailableException">It cannot be had now; the mail itself is not at fault.</exception>
    Task<IMailConnection> ConnectAsync(CancellationToken cancellationToken);
}

/// <summary>One connection; used by one mail at a time.</summary>
public interface IMailConnection : IAsyncDisposable
{
    /// <summary>False once another mail needs a new connection.</summary>
    bool IsUsable { get; }

    /// <summary>Hands a mail over and says what came of it. Does not throw for what a server or network does.</summary>
    Task<DeliveryResult> SendAsync(OutboxMail mail, MimeMessage message, CancellationToken cancellationToken);
}

/// <summary>No connection can be made; the reason is for organisers.</summary>
public sealed class TransportUnavailableException(string reason, Exception? cause = null) : Exception(reason, cause);

/// <summary>What came of handing a mail over.</summary>
/// <param name="Outcome">The kind of result.</param>
/// <param name="Reply">What the server said, or what went wrong.</param>
public readonly record struct DeliveryResult(DeliveryOutcome Outcome, string Reply);

/// <summary>What came of handing a mail over.</summary>
public enum DeliveryOutcome
{
    /// <summary>The server has taken responsibility for it (250 after the content).</summary>
    Accepted,

    /// <summary>Refused for now (4xx), or it could not be written: try later.</summary>
    RefusedForNow,

    /// <summary>Refused for good (5xx).</summary>
    RefusedForGood,

    /// <summary>The connection ended before the content was asked for: it was not taken, try at once.</summary>
    NotHandedOver,

    /// <summary>The connection ended while the content was under way: it may have been taken. Tried again later, same Message-ID.</summary>
    Unknown,
}
