namespace BrowserTech.Newsletter.Issues;

/// <summary>
/// Whether an issue's own time has come. If the hub was down then, it still goes out within a day; later than that it is old news, nobody
/// expects it any more, and a person decides.
/// </summary>
public static class IssueSchedule
{
    /// <summary>How late an issue may go out by itself.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromHours(24);

    /// <summary>Where an issue stands at <paramref name="now"/>.</summary>
    public static IssueTiming Decide(DateTimeOffset? sendAt, bool wasSent, DateTimeOffset now) => (sendAt, wasSent) switch
    {
        (_, true) => IssueTiming.Sent,
        (null, _) => IssueTiming.ByHand,
        ({ } time, _) when now < time => IssueTiming.Waiting,
        ({ } time, _) when now - time <= Grace => IssueTiming.Due,
        _ => IssueTiming.Missed,
    };
}

/// <summary>Where an issue stands.</summary>
public enum IssueTiming
{
    /// <summary>It has no time: an organiser presses Send.</summary>
    ByHand,

    /// <summary>Its time will come.</summary>
    Waiting,

    /// <summary>Its time has come.</summary>
    Due,

    /// <summary>Its time came while the hub was down, more than a day ago: an organiser decides.</summary>
    Missed,

    /// <summary>It was sent, or is being sent.</summary>
    Sent,
}
