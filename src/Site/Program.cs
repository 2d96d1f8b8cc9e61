using BrowserTech.Playground;
using BrowserTech.Site.Accounts;
using BrowserTech.Site.Analytics;
using BrowserTech.Site.Demos;
using BrowserTech.Site.Digest;
using BrowserTech.Site.Hosting;
using BrowserTech.Site.Meetups;
using BrowserTech.Site.Organize;
using BrowserTech.Site.Posters;
using BrowserTech.Site.Storage;

if (args is [TokenCommand.Name, .. var rest]) return await TokenCommand.RunAsync(rest, Console.Out, Console.Error);

HubOptions? options = null;
try
{
    // Its own settings lie beside the program, wherever it is started from.
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    options = builder.AddHub(args);
    builder.Services.AddHubStorage(options);
    builder.Services.AddHubJobs(options);
    builder.Services.AddMeetups();
    builder.Services.AddDigest(options, builder.Configuration);
    builder.Services.AddAnalytics(options);
    builder.Services.AddOrganizers();
    builder.Services.AddAccounts();
    builder.Services.AddPosters(options.DataPath("cache", "posters"));
    builder.Services.AddDemos(options, builder.Configuration);

    var app = builder.Build();
    await app.Services.MigrateHubAsync();
    app.UseTrustedProxies(options);
    app.UsePlayground();
    app.UseHub(options);
    app.MapHub();
    app.MapMeetups();
    app.MapDigest();
    app.MapAnalytics();
    app.MapOrganizers();
    app.MapPosters();
    app.MapPlayground();
    await app.RunHubAsync();
    return 0;
}
catch (Exception exception) when (StartFailure.Explain(exception, options) is { } reason)
{
    Console.Error.WriteLine(reason);
    return 1;
}

/// <summary>The hub. Tests start it as it is.</summary>
public partial class Program;
