using BrowserTech.Newsletter.Subscriptions;
using CsCheck;

namespace BrowserTech.Newsletter.Tests.Subscriptions;

public sealed class SubscriptionRulesTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);

    private static readonly Gen<SubscriberState?> States = Gen.Int[-1, 2].Select(state =>
        state < 0 ? (SubscriberState?)null : (SubscriberState)state);

    [Fact]
    public void However_often_anybody_asks_an_address_gets_at_most_three_mails_of_a_kind_in_a_day() =>
        Gen.Select(States, Gen.Int[0, 3 * 24 * 60].Array[1, 300]).Sample((state, minutes) =>
        {
            var written = new List<RecentMail>();
            foreach (var minute in minutes.Order())
            {
                var now = Start.AddMinutes(minute);
                if (SubscriptionRules.Subscribe(state, written, now).Mail is { } kind) written.Add(new(kind, now));
                if (SubscriptionRules.ManageLink(state, written, now) is { } other) written.Add(new(other, now));
            }

            return written.GroupBy(mail => mail.Kind).All(kind => kind.All(mail =>
                kind.Count(other => other.At >= mail.At && other.At - mail.At < TimeSpan.FromDays(1))
                    <= (mail.Kind == SubscriptionMails.Already ? 1 : 3)));
        });

    [Fact]
    public void Who_never_got_a_mail_gets_one() => States.Sample(state =>
        SubscriptionRules.Subscribe(state, [], Start).Mail is not null);

    [Fact]
    public void Only_a_confirmed_persons_choices_are_kept_and_only_a_newcomer_or_leaver_starts_again() => States.Sample(state =>
    {
        var decision = SubscriptionRules.Subscribe(state, [], Start);
        return decision.KeepsChoices == (state == SubscriberState.Confirmed)
            && decision.StartsOptIn == (state is null or SubscriberState.Unsubscribed);
    });

    [Fact]
    public void A_set_of_choices_comes_back_from_storage_whatever_its_order()
    {
        var slug = Gen.String[Gen.Char["abc-09"], 1, 8];
        slug.Array[0, 10].Sample(slugs =>
        {
            var set = ChoiceSet.Of(slugs);
            return ChoiceSet.FromStored(set.Stored) == ChoiceSet.Of(slugs.Reverse())
                && slugs.All(set.Contains)
                && set.Slugs.Count == slugs.Distinct().Count();
        });
    }

    [Theory]
    [InlineData("New York")]
    [InlineData("a|b")]
    [InlineData("%")]
    [InlineData("a_b")]
    [InlineData("")]
    public void What_is_no_slug_is_refused(string slug)
    {
        Assert.False(ChoiceSet.TryCreate([slug], out _, out var reason));
        Assert.NotEmpty(reason);
    }

    [Fact]
    public void Too_many_choices_are_refused() =>
        Assert.False(ChoiceSet.TryCreate(Enumerable.Range(0, 10_000).Select(i => $"c{i}"), out _, out _));
}
