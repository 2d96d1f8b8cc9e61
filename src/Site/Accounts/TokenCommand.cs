using System.Globalization;
using BrowserTech.Newsletter.Outbox;
using BrowserTech.Newsletter.Storage;
using BrowserTech.Playground.Accounts;
using BrowserTech.Playground.Catalog;
using BrowserTech.Site.Content;
using BrowserTech.Site.Hosting;
using BrowserTech.Site.Storage;
using Microsoft.EntityFrameworkCore;

namespace BrowserTech.Site.Accounts;

/// <summary>
/// <c>./run token …</c>: makes, lists and takes back tokens from the machine itself, whether or not the hub runs. It opens the
/// database and nothing else of the hub. What it prints is made for other programs: the token alone, or one line a token.
/// </summary>
public static class TokenCommand
{
    public const string Name = "token";

    public const string Usage = """
        ./run token new ACCOUNT [--label TEXT] [--days N]    makes a token and prints it; it is not shown again
        ./run token list                                     id, account, state, made, last used, end, label
        ./run token revoke ID                                takes one back
        A token works until it is taken back, or as many days as --days says.
        With --data DIR, --postgres CONNECTION or --content DIR as for ./run.
        """;

    private static readonly Dictionary<string, string> Switches = new()
    {
        ["--data"] = "Hub:Data", ["--content"] = "Hub:Content", ["--postgres"] = "Hub:Postgres", ["--label"] = "label", ["--days"] = "days",
    };

    /// <param name="args">What follows <c>token</c>.</param>
    /// <returns>The exit code: 0 done, 1 refused, 2 not understood.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        HubOptions? options = null;
        try
        {
            var (words, configuration) = Read(args);
            options = configuration.GetSection("Hub").Get<HubOptions>() ?? new HubOptions();
            RefuseUnknownFolder(options);
            await using var services = Services(options);
            Func<AccountTokens, Task> work = words switch
            {
                ["new", var account] => Issue(account, options, configuration, output, errors),
                ["list"] => tokens => ListAsync(tokens, output),
                ["revoke", var id] => Revoke(id),
                _ => throw new NotUnderstood(Usage),
            };
            if (words[0] != "new" && options.Postgres is not { Length: > 0 } && !File.Exists(options.DataPath("hub.db")))
            {
                // Whoever only looks leaves nothing behind.
                if (words[0] != "list") throw new StartFailure($"There is no token yet: no hub ran on {options.DataPath()}.");
                await errors.WriteLineAsync($"No token was made yet, and no hub ran on {options.DataPath()}.");
                return 0;
            }

            await MigrateAsync(services);
            await work(services.GetRequiredService<AccountTokens>());
            return 0;
        }
        catch (NotUnderstood misunderstood)
        {
            await errors.WriteLineAsync(misunderstood.Message);
            return 2;
        }
        catch (Exception exception) when (StartFailure.Explain(exception, options) is { } reason)
        {
            await errors.WriteLineAsync(reason);
            return 1;
        }
    }

    private static Func<AccountTokens, Task> Issue(string account, HubOptions options, IConfiguration configuration, TextWriter output, TextWriter errors)
    {
        if (!AccountName.TryParse(account, out var name))
            throw new NotUnderstood($"'{account}' is not an account: it has 1 to 45 lower-case letters, digits and single hyphens.");
        var label = configuration["label"] ?? "";
        if (label.Length > AccountTokens.MaxLabel || label.Any(char.IsControl))
            throw new NotUnderstood($"A label has at most {AccountTokens.MaxLabel} characters, on one line.");
        TimeSpan? lifetime = null;
        if (configuration["days"] is { } text)
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) || days is < 1 or > AccountTokens.MaxDays)
                throw new NotUnderstood($"--days is a number from 1 to {AccountTokens.MaxDays}.");
            lifetime = TimeSpan.FromDays(days);
        }

        // It may be meant for a content that is not there yet: said, and not refused.
        if (ContentReader.AccountOf(options.Content) is { } own && own != account)
            errors.WriteLine($"Nothing here belongs to the account '{account}': the services of {Path.GetFullPath(options.Content)} are of '{own}'.");
        return async tokens => await output.WriteLineAsync((await tokens.IssueAsync(name, label, lifetime)).Value);
    }

    private static Func<AccountTokens, Task> Revoke(string text)
    {
        // Whoever has only the token may paste that.
        if (!AccountTokenId.TryParse(text.Split('.')[0], out var id)) throw new NotUnderstood("That is not the id of a token. './run token list' shows them.");
        return async tokens =>
        {
            if (!await tokens.RevokeAsync(id)) throw new StartFailure($"There is no token {id} that could be taken back.");
        };
    }

    private static async Task ListAsync(AccountTokens tokens, TextWriter output)
    {
        var now = TimeProvider.System.GetUtcNow();
        foreach (var token in await tokens.ListAsync())
        {
            var state = token.Revoked is not null ? "revoked" : token.Works(now) ? "works" : "expired";
            await output.WriteLineAsync($"{token.Id}\t{token.Account}\t{state}\t{token.Created:yyyy-MM-dd}\t{token.LastUsed?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "never"}\t{token.Expires?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "none"}\t{token.Label}");
        }
    }

    // A misspelt folder would be made, and its token would open nothing. Only the hub's own may be made here, for tokens before the first start.
    private static void RefuseUnknownFolder(HubOptions options)
    {
        if (options.Postgres is { Length: > 0 } || Directory.Exists(options.DataPath())) return;
        var own = Path.GetFullPath(Environment.GetEnvironmentVariable("Hub__Data") ?? new HubOptions().Data);
        if (options.DataPath() != own) throw new StartFailure($"There is no folder {options.DataPath()}. Name the hub's data folder with --data, or start a hub on it first.");
    }

    private static (string[] Words, IConfiguration Configuration) Read(string[] args)
    {
        List<string> words = [], options = [];
        for (var i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
            {
                words.Add(args[i]);
                continue;
            }

            if (!Switches.ContainsKey(args[i].Split('=')[0])) throw new NotUnderstood($"'{args[i].Split('=')[0]}' is not an option here.\n{Usage}");
            options.Add(args[i]);
            if (args[i].Contains('=', StringComparison.Ordinal)) continue;
            if (++i == args.Length || args[i].StartsWith("--", StringComparison.Ordinal)) throw new NotUnderstood($"'{args[i - 1]}' needs a value.\n{Usage}");
            options.Add(args[i]);
        }

        var configuration = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
            .AddEnvironmentVariables()
            .AddCommandLine([.. options], Switches)
            .Build();
        return ([.. words], configuration);
    }

    private static ServiceProvider Services(HubOptions options)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddHubStorage(options);
        services.AddSingleton<IOutboxSignal, OutboxSignal>();
        services.AddSingleton<IStore<HubDb>, Store<HubDb>>();
        services.AddAccounts();
        return services.BuildServiceProvider();
    }

    // A hub that runs has done it; asking first leaves its database alone.
    private static async Task MigrateAsync(IServiceProvider services)
    {
        await using var db = await services.GetRequiredService<IDbContextFactory<HubDb>>().CreateDbContextAsync();
        if ((await db.Database.GetPendingMigrationsAsync()).Any()) await db.Database.MigrateAsync();
    }

    private sealed class NotUnderstood(string why) : Exception(why);
}
