using BrowserTech.Newsletter;
using BrowserTech.Newsletter.Delivery;
using BrowserTech.Playground;
using BrowserTech.Playground.Catalog;
using BrowserTech.Playground.Demos;
using BrowserTech.Playground.Runtimes;
using BrowserTech.Site.Content;
using BrowserTech.Site.Organize;
using Microsoft.Extensions.Options;

namespace BrowserTech.Site.Hosting;

/// <summary>What the hub says when it is up: where it is, how to sign in, what is built in, and what is missing, in words.</summary>
public sealed class StartReport(
    IHostApplicationLifetime lifetime,
    PublicAddress address,
    OrganizerSession session,
    ContentStore content,
    SandboxReport sandbox,
    DeliveryPump delivery,
    IOptions<HubOptions> hub,
    IOptions<NewsletterOptions> newsletter,
    IOptions<PlaygroundOptions> playground,
    IHostEnvironment environment) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(() => Console.Out.Write(Text()));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private string Text()
    {
        var development = environment.IsDevelopment() && newsletter.Value.Smtp is null;
        var lines = new List<string>
        {
            "",
            $"  {content.Current.Site.Name} is at {address.Origin}",
            $"  organisers  {session.LinkFor(OrganizerSession.Console, OrganizerSession.ConsoleLinkLifetime)}",
            "              (for one use, in the next twelve hours)",
            $"  database    {(hub.Value.Postgres is { Length: > 0 } ? $"PostgreSQL; embedded: DuckDB in {hub.Value.DataPath()}" : $"embedded: SQLite and DuckDB in {hub.Value.DataPath()}")}",
            $"  mail        {(newsletter.Value.Smtp is null ? "embedded: " : "")}{delivery.Destination}{(development ? $", read it at {address.Of("/dev/mail")}" : "")}",
            $"  sandbox     {sandbox.Summary}",
        };
        if (playground.Value.Sandbox == SandboxMode.None) lines.Add("              Playground__Sandbox=None says so. Without it backends are confined where bubblewrap is installed.");
        else if (sandbox.Advice is { } advice) lines.Add($"              {advice}");
        if (newsletter.Value.Smtp is null) lines.Add("  missing     a mail server: set Mail__Smtp__Host and its fellows to send for real (docs/operating.md)");
        foreach (var slug in content.Current.Demos.Keys)
        {
            if (ServiceName.TryParse(slug.Value, out var service) && DemoFolder.BuildFailure(service, playground.Value.BuiltDemosFolder) is { } failure)
                lines.Add($"  demo        {slug} could not be built, and its last build runs if there is one: {failure}");
        }

        if (content.Current.Problems.Count is > 0 and var mistakes)
            lines.Add($"  content     {(mistakes == 1 ? "one mistake" : $"{mistakes} mistakes")}, said above and at {address.Of("/organize/content")}");
        lines.Add("");
        lines.Add("");
        return string.Join(Environment.NewLine, lines);
    }
}
