namespace BrowserTech.Newsletter.Delivery;

/// <summary>
/// When a mail that was refused for now is tried again. Greylisting servers want some minutes, full mailboxes hours; after two days the
/// answer is no (RFC 5321 asks for four to five days of a relay, but ours is the first hop, and news gets old).
/// </summary>
public static class RetrySchedule
{
    /// <summary>All waits together stay under this.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromHours(48);

    private static readonly TimeSpan[] FirstWaits =
    [
        TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromHours(1),
    ];

    private static readonly TimeSpan LaterWait = TimeSpan.FromHours(4);

    /// <summary>How long to wait after this many refusals (1 or more); null to give up.</summary>
    public static TimeSpan? WaitAfter(int refusals)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(refusals, 1);
        if (refusals <= FirstWaits.Length) return FirstWaits[refusals - 1];
        var waited = FirstWaits.Aggregate(TimeSpan.Zero, (sum, wait) => sum + wait)
            + (LaterWait * (refusals - FirstWaits.Length - 1));
        return waited + LaterWait <= Limit ? LaterWait : null;
    }
}
