using BrowserTech.Newsletter.Delivery;
using CsCheck;

namespace BrowserTech.Newsletter.Tests.Delivery;

public sealed class RetryScheduleTests
{
    [Fact]
    public void Waits_never_get_shorter_and_giving_up_is_for_good() => Gen.Int[1, 1000].Sample(refusals =>
    {
        var (wait, next) = (RetrySchedule.WaitAfter(refusals), RetrySchedule.WaitAfter(refusals + 1));
        return next is null || wait <= next;
    });

    [Fact]
    public void All_waits_together_are_nearly_two_days_and_not_more()
    {
        var sum = TimeSpan.Zero;
        for (var refusals = 1; RetrySchedule.WaitAfter(refusals) is { } wait; refusals++) sum += wait;
        Assert.InRange(sum, TimeSpan.FromHours(40), RetrySchedule.Limit);
    }

    [Fact]
    public void The_first_waits_suit_a_server_that_greylists() => Assert.Equal(
        [1, 5, 15, 60, 240], Enumerable.Range(1, 5).Select(refusals => RetrySchedule.WaitAfter(refusals)!.Value.TotalMinutes));

    [Fact]
    public void There_is_no_wait_before_the_first_refusal() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => RetrySchedule.WaitAfter(0));
}
