using System.Threading.Channels;
using BrowserTech.Playground.Catalog;
using BrowserTech.Playground.Organizers;
using BrowserTech.Site.Content;

namespace BrowserTech.Site.Demos.Workshop;

/// <summary>
/// For whoever writes a demo: when one of its files changes it is built anew, and the processes of the old build end, upon which the pages that
/// show them load themselves again. A build that fails changes nothing: the last one goes on. Changes are gathered for a moment, and what
/// changes during a build is built after it, so that the last state of the files is always the one that runs.
/// </summary>
public sealed class DemoWorkshop(ContentReader reader, ContentStore content, DemoBuild build, ISessionBackends backends, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(200);

    private readonly Channel<(string Slug, DemoParts Parts)> _changes =
        Channel.CreateUnbounded<(string, DemoParts)>(new UnboundedChannelOptions { SingleReader = true });

    private string Demos => Path.Combine(reader.Root, "demos");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!Directory.Exists(Demos)) return;
        using var watch = new FileSystemWatcher(Demos) { IncludeSubdirectories = true };
        watch.Changed += (_, change) => Note(change.FullPath);
        watch.Created += (_, change) => Note(change.FullPath);
        watch.Deleted += (_, change) => Note(change.FullPath);
        watch.Renamed += (_, change) =>
        {
            Note(change.OldFullPath);
            Note(change.FullPath);
        };
        // Something was missed: nobody knows of which demo.
        watch.Error += (_, _) => Array.ForEach(Directory.GetDirectories(Demos), folder => _changes.Writer.TryWrite((Path.GetFileName(folder), DemoParts.Backend | DemoParts.Client)));
        try
        {
            watch.EnableRaisingEvents = true;
        }
        catch (IOException error)
        {
            Console.Out.WriteLine($"  Demos are not watched, since the system has no watches left: {error.Message}");
            return;
        }

        while (await _changes.Reader.WaitToReadAsync(stoppingToken))
        {
            await Task.Delay(Settle, clock, stoppingToken);
            var pending = new Dictionary<string, DemoParts>(StringComparer.Ordinal);
            while (_changes.Reader.TryRead(out var change)) pending[change.Slug] = pending.GetValueOrDefault(change.Slug) | change.Parts;
            foreach (var (slug, parts) in pending) await TryRenewAsync(slug, parts, stoppingToken);
        }
    }

    private void Note(string path)
    {
        if (DemoChange.Of(Path.GetRelativePath(Demos, path)) is { } change) _changes.Writer.TryWrite(change);
    }

    /// <summary>Whatever is wrong with one demo, the next change is looked at, and the hub runs on.</summary>
    private async Task TryRenewAsync(string slug, DemoParts parts, CancellationToken stopping)
    {
        try
        {
            await RenewAsync(slug, parts, stopping);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            DemoBuild.Say(slug, $"It could not be built anew: {error.Message}");
        }
    }

    private async Task RenewAsync(string slug, DemoParts parts, CancellationToken stopping)
    {
        var folder = Path.Combine(Demos, slug);
        if (!Directory.Exists(folder)) return;
        var began = clock.GetTimestamp();
        if (!await build.RunAsync(folder, parts, stopping))
        {
            DemoBuild.Say(slug, "It could not be built; the last build goes on.");
            return;
        }

        if (!AccountName.TryParse(content.Current.Site.Account, out var account) || !ServiceName.TryParse(slug, out var service)) return;
        var ended = await backends.ReplaceAsync(account, service);
        DemoBuild.Say(slug, $"Built anew in {clock.GetElapsedTime(began).TotalSeconds:F1} s{ended switch { 0 => "", 1 => "; one tab starts again", _ => $"; {ended} tabs start again" }}.");
    }
}
