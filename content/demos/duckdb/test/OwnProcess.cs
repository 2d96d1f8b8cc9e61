using BrowserTech.Demos.DuckDb.Queries;
using BrowserTech.SessionBackend;
using BrowserTech.TestKit;

namespace BrowserTech.Demos.DuckDb;

/// <summary>A process for several tabs, with limits of the test's choice, which runs in this one.</summary>
internal sealed class OwnProcess : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("duckdb-");
    private readonly BackendProcess _process;
    private readonly Task<int> _exit;

    private OwnProcess(TripFolder trips, QueryLimits limits)
    {
        _process = BackendProcess.FromEnvironment(name => name == "SESSION_SOCKET" ? SocketPath : name == "SESSION_BACKEND_ID" ? "be-test" : null);
        _exit = Task.Run(() => new BackendServer(_process)
        {
            OnSocket = (_, socket) => new Conversation(socket, trips.Store, limits, Tabs, TimeProvider.System).HoldAsync(_process.Stopping),
        }.RunAsync());
    }

    public Tabs Tabs { get; } = new();

    private string SocketPath => Path.Combine(_folder.FullName, "s");

    public static async Task<OwnProcess> StartAsync(TripFolder trips, QueryLimits limits)
    {
        var started = new OwnProcess(trips, limits);
        await Listening.WaitAsync(started.SocketPath, TimeSpan.FromSeconds(30));
        return started;
    }

    /// <summary>A tab that was let in.</summary>
    public async Task<Tab> OpenAsync()
    {
        var tab = await KnockAsync();
        await tab.NextAsync("hello");
        return tab;
    }

    /// <summary>A tab that has heard nothing yet.</summary>
    public Task<Tab> KnockAsync() => Tab.OpenAsync(SocketPath);

    public async ValueTask DisposeAsync()
    {
        _process.Stop();
        await _exit.WaitAsync(TimeSpan.FromSeconds(30));
        _process.Dispose();
        _folder.Delete(recursive: true);
    }
}
