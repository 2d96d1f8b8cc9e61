using BrowserTech.Newsletter.Subscriptions;
using BrowserTech.Newsletter.Tests.Storage;

namespace BrowserTech.Newsletter.Tests.Subscriptions;

public sealed class EnumerationTests
{
    [Fact]
    public void What_anybody_can_ask_with_an_address_has_no_answer_to_learn_from()
    {
        var open = typeof(DigestSubscriptions).GetMethods()
            .Where(method => method.GetParameters().Any(parameter => parameter.ParameterType == typeof(EmailAddress)))
            .ToList();

        Assert.Equal(2, open.Count);
        Assert.All(open, method => Assert.Equal(typeof(Task), method.ReturnType));
    }

    [Theory, OnBothDatabases]
    public async Task Every_state_of_an_address_takes_every_request_without_an_error(Database kind)
    {
        await using var hub = await TestHub.CreateAsync(kind);
        var gone = await hub.JoinAsync("gone@example.org");
        await hub.Subscriptions.UnsubscribeAsync(hub.Links.Unsubscribe(gone.Id).Segments[^1]);
        await hub.JoinAsync("confirmed@example.org");
        await hub.Subscriptions.SubscribeAsync(EmailAddress.Parse("pending@example.org"), default, default);

        foreach (var name in (string[])["gone", "confirmed", "pending", "unknown"])
        {
            await hub.Subscriptions.RequestManageLinkAsync(EmailAddress.Parse($"{name}@example.org"));
            await hub.Subscriptions.SubscribeAsync(EmailAddress.Parse($"{name}@example.org"), default, default);
        }

        Assert.Equal(SubscriberState.Confirmed, (await hub.SubscriberAsync("confirmed@example.org")).State);
        Assert.Equal(SubscriberState.Pending, (await hub.SubscriberAsync("gone@example.org")).State);
    }
}
