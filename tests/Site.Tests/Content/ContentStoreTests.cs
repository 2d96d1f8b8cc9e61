using BrowserTech.Site.Content;
using Microsoft.Extensions.Logging.Abstractions;

namespace BrowserTech.Site.Tests.Content;

public sealed class ContentStoreTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly ContentFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_saved_file_is_on_the_site_without_a_restart()
    {
        using var store = new ContentStore(new ContentReader(_folder.Root), TimeProvider.System, NullLogger<ContentStore>.Instance);
        var before = store.Current;
        _folder.WriteEvent("new");

        var after = await Until(store, before.Version, content => content.Events.Count == 1);
        Assert.NotSame(before, after);
        Assert.Empty(before.Events); // whoever holds the old snapshot sees one state to its end
    }

    [Fact]
    public async Task A_broken_file_is_reported_and_the_last_good_site_keeps_serving()
    {
        _folder.WriteEvent("meetup");
        using var store = new ContentStore(new ContentReader(_folder.Root), TimeProvider.System, NullLogger<ContentStore>.Instance);
        _folder.Write("events/meetup.md", "---\ntitle: [\n---\n");

        var after = await Until(store, store.Current.Version, content => content.Problems.Count > 0);
        Assert.Single(after.Events);
        Assert.Equal("events/meetup.md", Assert.Single(after.Problems).Path);
    }

    private static async Task<ContentSnapshot> Until(ContentStore store, long version, Func<ContentSnapshot, bool> holds)
    {
        using var limit = new CancellationTokenSource(Limit);
        var snapshot = store.Current;
        while (!holds(snapshot)) snapshot = await store.WaitForVersionAfter(Math.Max(version, snapshot.Version), limit.Token);
        return snapshot;
    }
}
