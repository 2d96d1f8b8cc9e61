using BrowserTech.Newsletter.Outbox;
using BrowserTech.Newsletter.Storage;
using BrowserTech.Playground.Accounts;
using BrowserTech.Playground.Catalog;
using BrowserTech.Site.Accounts;
using BrowserTech.Site.Hosting;
using BrowserTech.Site.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace BrowserTech.Site.Tests.Accounts;

public sealed class TokenStorageTests
{
    private static readonly AccountName Account = AccountName.Parse("test");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_token_works_until_it_ends_or_is_taken_back_and_its_use_is_noted_by_the_hour(bool postgres)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 12, 10, 18, 20, 0, TimeSpan.Zero));
        var data = Directory.CreateTempSubdirectory("token-tests-");
        try
        {
            await using var services = await ServicesAsync(clock, data.FullName, postgres);
            var tokens = services.GetRequiredService<AccountTokens>();
            var brief = await tokens.IssueAsync(Account, "brief", TimeSpan.FromDays(1));
            var lasting = await tokens.IssueAsync(Account, "", null);
            Assert.All(await tokens.ListAsync(), row => Assert.Null(row.LastUsed));
            Assert.Equal(Account, await tokens.AccountOf(brief, default));
            Assert.Equal(new DateTimeOffset(2026, 12, 10, 18, 0, 0, TimeSpan.Zero), (await RowAsync(tokens, brief)).LastUsed);
            Assert.Null((await RowAsync(tokens, lasting)).LastUsed);

            // Another secret under a known id is nobody's.
            Assert.True(AccountToken.TryParse(brief.Id + "." + new string('0', 52), out var forged));
            Assert.Null(await tokens.AccountOf(forged, default));
            Assert.Null(await tokens.AccountOf(AccountToken.New(), default));

            clock.Advance(TimeSpan.FromDays(1));
            Assert.Null(await tokens.AccountOf(brief, default));
            Assert.Equal(Account, await tokens.AccountOf(lasting, default));
            Assert.True(await tokens.RevokeAsync(lasting.Id));
            Assert.False(await tokens.RevokeAsync(lasting.Id));
            Assert.Null(await tokens.AccountOf(lasting, default));
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            data.Delete(recursive: true);
        }
    }

    private static async Task<ServiceProvider> ServicesAsync(TimeProvider clock, string data, bool postgres)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(clock);
        services.AddHubStorage(new HubOptions { Data = data, Postgres = postgres ? await PostgresCluster.CreateDatabaseAsync() : null });
        services.AddSingleton<IOutboxSignal, OutboxSignal>();
        services.AddSingleton<IStore<HubDb>, Store<HubDb>>();
        services.AddAccounts();
        var provider = services.BuildServiceProvider();
        await provider.MigrateHubAsync();
        return provider;
    }

    private static async Task<IssuedToken> RowAsync(AccountTokens tokens, AccountToken token) =>
        (await tokens.ListAsync()).Single(row => row.Id == token.Id.Value);
}
