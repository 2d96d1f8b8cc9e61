using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;

namespace BrowserTech.Site.Content;

/// <summary>
/// Holds the snapshot that requests read, and swaps it when files change. Changes are gathered for a moment, since
/// editors write a file in several steps and Git writes many files at once.
/// </summary>
public sealed class ContentStore : IDisposable
{
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(150);

    private readonly ContentReader _reader;
    private readonly ILogger<ContentStore> _log;
    private readonly PhysicalFileProvider _files;
    private readonly ITimer _timer;
    private readonly IDisposable _watch;
    private readonly Lock _reading = new();
    private readonly string _shown;
    private volatile ContentSnapshot _current;
    private TaskCompletionSource _changed = NewSignal();

    public ContentStore(ContentReader reader, TimeProvider time, ILogger<ContentStore> log)
    {
        if (!Directory.Exists(reader.Root))
            throw new DirectoryNotFoundException($"The content folder {reader.Root} does not exist. Name another with --content DIR.");
        _reader = reader;
        _log = log;
        _shown = ShownAs(reader.Root);
        _current = reader.Read();
        Report(_current);
        _files = new PhysicalFileProvider(reader.Root);
        _timer = time.CreateTimer(_ => Reload(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _watch = Watch();
    }

    public ContentSnapshot Current => _current;

    /// <summary>Raised after a swap, with the new snapshot. Handlers must not throw or block.</summary>
    public event Action<ContentSnapshot>? Swapped;

    /// <summary>Completes at the first swap to a version above <paramref name="version"/>.</summary>
    public async Task<ContentSnapshot> WaitForVersionAfter(long version, CancellationToken cancellation)
    {
        while (true)
        {
            var signal = Volatile.Read(ref _changed);
            if (_current.Version > version) return _current;
            await signal.Task.WaitAsync(cancellation);
        }
    }

    public void Reload()
    {
        lock (_reading)
        {
            try
            {
                var next = _reader.Read();
                _current = next;
                Report(next);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // A folder removed while it is listed, or anything else: this runs on a timer, where an exception would end the
                // process. The next change reads again, the last snapshot keeps serving.
                _log.LogError(exception, "Content could not be read; the last good version stays");
                return;
            }
        }

        Swapped?.Invoke(_current);
        Interlocked.Exchange(ref _changed, NewSignal()).TrySetResult();
    }

    private IDisposable Watch()
    {
        try
        {
            return ChangeToken.OnChange(() => _files.Watch("**/*"), Settled);
        }
        catch (IOException exception)
        {
            // The system's limit of watches is reached (inotify): look every few seconds instead.
            _log.LogWarning("Content is polled for changes, since it cannot be watched: {Reason}", exception.Message);
            _files.UsePollingFileWatcher = true;
            _files.UseActivePolling = true;
            return ChangeToken.OnChange(() => _files.Watch("**/*"), Settled);
        }

        void Settled() => _timer.Change(Settle, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        _watch.Dispose();
        _timer.Dispose();
        _files.Dispose();
    }

    private void Report(ContentSnapshot snapshot)
    {
        foreach (var problem in snapshot.Problems) _log.LogError("{Problem}", problem.In(_shown));
        _log.LogInformation("Content read. Events: {Events}, talks: {Talks}, posts: {Posts}, issues: {Issues}, demos: {Demos}, problems: {Problems}",
            snapshot.Events.Count, snapshot.Talks.Count, snapshot.Posts.Count, snapshot.Issues.Count, snapshot.Demos.Count, snapshot.Problems.Count);
    }

    // As whoever started the hub would write it: its files are to be opened by that name.
    private static string ShownAs(string root)
    {
        var near = Path.GetRelativePath(Environment.CurrentDirectory, root);
        return near.StartsWith("..", StringComparison.Ordinal) ? root : near;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
