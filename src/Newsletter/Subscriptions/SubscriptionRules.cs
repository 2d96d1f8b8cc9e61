using BrowserTech.Newsletter.Outbox;

namespace BrowserTech.Newsletter.Subscriptions;

/// <summary>
/// What happens when somebody, who may be anybody, types an address: rules without I/O. A stranger can never change what a confirmed
/// person chose, and can make us write to an address only as often as <see cref="MailAllowance"/> says.
/// </summary>
public static class SubscriptionRules
{
    /// <summary>Decides on a request to join.</summary>
    /// <param name="state">Where this address stands; null if it is new.</param>
    /// <param name="recent">When mails of these kinds were last written for it, in any order.</param>
    /// <param name="now">The time of the request.</param>
    public static SubscribeDecision Subscribe(
        SubscriberState? state, IReadOnlyCollection<RecentMail> recent, DateTimeOffset now)
    {
        var isConfirmed = state == SubscriberState.Confirmed;
        var kind = isConfirmed ? SubscriptionMails.Already : SubscriptionMails.Confirm;
        return new SubscribeDecision(
            KeepsChoices: isConfirmed,
            StartsOptIn: state is null or SubscriberState.Unsubscribed,
            Mail: MailAllowance.Allows(kind, recent, now) ? kind : null);
    }

    /// <summary>Decides on a request for a manage link: the mail to write, or none.</summary>
    public static MailKind? ManageLink(
        SubscriberState? state, IReadOnlyCollection<RecentMail> recent, DateTimeOffset now)
    {
        MailKind? kind = state switch
        {
            SubscriberState.Confirmed => SubscriptionMails.Manage,
            SubscriberState.Pending => SubscriptionMails.Confirm,
            _ => null,
        };
        return kind is { } wanted && MailAllowance.Allows(wanted, recent, now) ? kind : null;
    }
}

/// <summary>What a request to join leads to.</summary>
/// <param name="KeepsChoices">The choices sent are ignored: only the mailbox's owner changes them now.</param>
/// <param name="StartsOptIn">A new opt-in begins: earlier confirmation links end.</param>
/// <param name="Mail">The mail to write; null if the address had enough.</param>
public readonly record struct SubscribeDecision(bool KeepsChoices, bool StartsOptIn, MailKind? Mail);

/// <summary>A mail that was written for an address.</summary>
public readonly record struct RecentMail(MailKind Kind, DateTimeOffset At);

/// <summary>
/// How often strangers can make us write to one address. Confirmations and manage links: three in a day, ten minutes apart, because
/// mails do get lost. "You are already subscribed": one a day.
/// </summary>
public static class MailAllowance
{
    /// <summary>The time that counts.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromDays(1);

    private static readonly TimeSpan Gap = TimeSpan.FromMinutes(10);
    private const int PerWindow = 3;

    /// <summary>Whether one more mail of this kind may be written at <paramref name="now"/>.</summary>
    public static bool Allows(MailKind kind, IReadOnlyCollection<RecentMail> recent, DateTimeOffset now)
    {
        var times = recent.Where(mail => mail.Kind == kind && now - mail.At < Window).ToArray();
        return kind == SubscriptionMails.Already
            ? times.Length == 0
            : times.Length < PerWindow && times.All(mail => now - mail.At >= Gap);
    }
}
