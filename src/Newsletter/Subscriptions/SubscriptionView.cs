namespace BrowserTech.Newsletter.Subscriptions;

/// <summary>A subscription as its owner sees it.</summary>
public sealed record SubscriptionView(
    SubscriberId Id, string Email, SubscriberState State, ChoiceSet Cities, ChoiceSet Topics, DateTimeOffset? ConfirmedAt);

/// <summary>What a link led to. <see cref="Subscription"/> is there unless the link is no good.</summary>
public readonly record struct LinkAnswer(LinkOutcome Outcome, SubscriptionView? Subscription)
{
    /// <summary>Why it did not work, in words for the page; null where it did.</summary>
    public string? Reason => Outcome switch
    {
        LinkOutcome.Invalid => "This link is incomplete or was changed on its way. Open it again from the mail itself.",
        LinkOutcome.Expired => "This link has expired. Ask for a new one with your e-mail address.",
        LinkOutcome.Left => "This address has left the digest since the link was sent. Subscribe again to come back.",
        _ => null,
    };
}

/// <summary>What a link led to.</summary>
public enum LinkOutcome
{
    /// <summary>It did what it is for, now or before.</summary>
    Done,

    /// <summary>Not ours, altered, or for something else.</summary>
    Invalid,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>The person unsubscribed after it was made, or was erased.</summary>
    Left,
}
