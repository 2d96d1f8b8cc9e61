using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Catalog;

namespace BrowserTech.Playground.Runtimes.Warm;

/// <summary>
/// Processes that are started before anybody comes. A runtime in front of the one that starts processes: what is asked for is taken from
/// its service's pool where one is waiting, and started cold where none is, and nobody further up can tell the two
/// apart but by the time it takes.
/// <para>
/// Filling must not be felt. One process is started at a time, and while somebody waits for a cold start it waits too, up to a second: a burst that
/// empties the pool has the machine nearly to itself. A program that takes longer than that to become warm is left to it, one of
/// each service, and the others go on. A process that does not become warm, or does while it waits what would end it at once, is not
/// tried again at once, so that a program that crashes at start does not do so all day. Where no process is kept warm, a
/// sandbox without a program is, which costs next to nothing and is half of a cold start.
/// </para>
/// </summary>
internal sealed class WarmPools(
    ProcessRuntime runtime, IServiceCatalog catalog, IOptions<PlaygroundOptions> options, PlaygroundMetrics metrics, TimeProvider clock,
    ILogger<WarmPools> log) : IBackendRuntime, IAsyncDisposable
{
    private readonly ConcurrentDictionary<(AccountName, ServiceName), WarmPool> _pools = new();
    private readonly ConcurrentDictionary<(AccountName, ServiceName), (long Since, TimeSpan Pause, int Failures)> _cooling = [];
    private readonly ConcurrentDictionary<string, (int Stamp, long At)> _stamps = [];

    /// <summary>The starts that go on, at most one of a service. Only the filling task touches it while there is one.</summary>
    private readonly Dictionary<(AccountName, ServiceName), Task> _starting = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private TaskCompletionSource _wake = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _filling = Task.CompletedTask;
    private int _coldStarts;
    private long _lastClaim;

    /// <summary>How many of that kind wait of each service that has a pool.</summary>
    public IReadOnlyDictionary<(AccountName Account, ServiceName Service), int> Ready(Ahead ahead) =>
        _pools.ToDictionary(pool => pool.Key, pool => pool.Value.Ready(ahead));

    /// <summary>The processes that wait for somebody.</summary>
    internal IReadOnlyList<IBackendInstance> Waiting => [.. _pools.Values.SelectMany(pool => pool.Waiting)];

    /// <summary>Completes at the next change of a pool. Take it before looking, then wait.</summary>
    public Task Changed
    {
        get
        {
            lock (_lock) return _wake.Task;
        }
    }

    public async Task<IBackendInstance> Prepare(BackendSpec spec, CancellationToken cancel)
    {
        var pool = _pools.GetValueOrDefault((spec.Service.Account, spec.Service.Name));
        if (pool?.Claim(spec.Service) is { } warm)
        {
            metrics.Claimed(spec.Service, warm.Ahead);
            Volatile.Write(ref _lastClaim, clock.GetTimestamp());
            Wake();
            if (warm.Ahead == Ahead.Sandbox) StartsCold(warm.Instance);
            await warm.Instance.Claim(spec);
            return warm.Instance;
        }

        metrics.Claimed(spec.Service, Ahead.Nothing);
        var cold = runtime.Make(spec);
        StartsCold(cold);
        return cold;
    }

    /// <summary>Begins to fill, and goes on until disposed.</summary>
    public void Start() => _filling = Task.Run(Fill);

    /// <summary>Lets go of what waits of this service, and starts it anew from the files that are there now.</summary>
    public async Task Renew(AccountName account, ServiceName service)
    {
        _stamps.Clear();
        _cooling.TryRemove((account, service), out _);
        if (_pools.TryGetValue((account, service), out var pool)) await pool.Trim(service: null, default);
        Wake();
    }

    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested) return;
        await _stopping.CancelAsync();
        await _filling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_starting.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var pool in _pools.Values) await pool.Trim(service: null, default);
    }

    private void StartsCold(ProcessInstance instance)
    {
        Interlocked.Increment(ref _coldStarts);
        _ = WhenStarted(instance);
    }

    private async Task WhenStarted(ProcessInstance instance)
    {
        await Task.WhenAny(instance.Started, instance.Exited);
        Interlocked.Decrement(ref _coldStarts);
    }

    private async Task Fill()
    {
        while (!_stopping.IsCancellationRequested)
        {
            var woken = Changed;
            try
            {
                if (Next() is var (service, ahead))
                {
                    await Calm();
                    var starting = _starting[(service.Account, service.Name)] = StartOne(service, ahead);
                    using var enough = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
                    await Task.WhenAny(starting, Task.Delay(PlaygroundTimes.PoolYield, clock, enough.Token));
                    await enough.CancelAsync();
                    continue;
                }
            }
            catch (Exception error) when (!_stopping.IsCancellationRequested)
            {
                log.LogError(error, "The warm pools could not be filled");
            }

            // The catalogue tells nobody when it changes, and what cools down does so by the clock.
            using var wait = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
            await Task.WhenAny(woken, Task.Delay(PlaygroundTimes.PoolLook, clock, wait.Token));
            await wait.CancelAsync();
        }
    }

    /// <summary>
    /// Whoever has just been given a process is about to open a connection to it, and has the machine to themselves for that; whoever waits
    /// for a cold start too. But not for ever: a program that is never ready, or starts without end, must not keep every pool empty.
    /// </summary>
    private async Task Calm()
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            var (waited, moment) = (clock.GetElapsedTime(began), PlaygroundTimes.PoolCalm);
            if (Volatile.Read(ref _coldStarts) > 0)
            {
                if (waited >= PlaygroundTimes.PoolYield) return;
            }
            else
            {
                moment -= clock.GetElapsedTime(Volatile.Read(ref _lastClaim));
                if (moment <= TimeSpan.Zero || waited >= PlaygroundTimes.PoolPatience) return;
            }

            await Task.Delay(moment, clock, _stopping.Token);
        }
    }

    /// <summary>The service whose pool is the emptiest of those that are not full, and what it lacks; null where all are.</summary>
    private (ServiceDefinition Service, Ahead Ahead)? Next()
    {
        var services = catalog.All.ToDictionary(service => (service.Account, service.Name));
        var targets = PoolPlan.Targets(services.Values, options.Value.WarmBackends, runtime.HasSandbox ? options.Value.ReadySandboxes : 0);
        foreach (var (name, _) in _starting.Where(each => each.Value.IsCompleted).ToList()) _starting.Remove(name);
        foreach (var (name, pool) in _pools)
        {
            foreach (var process in pool.TooBig()) Expel(name, pool, process, "It used more memory than it may while it waited.");
            var (service, target) = (services.GetValueOrDefault(name), targets.GetValueOrDefault(name));
            _ = pool.Trim(service, target, service is not null && target.Ahead == Ahead.Program ? StampNow(service) : 0);
        }

        foreach (var name in targets.Keys) _pools.TryAdd(name, new WarmPool());

        return targets
            .Select(each => (each.Key, each.Value, Ready: _pools[each.Key].Ready(each.Value.Ahead)))
            .Where(each => each.Ready < each.Value.Count && !_starting.ContainsKey(each.Key))
            .Where(each => !_cooling.TryGetValue(each.Key, out var cooling) || clock.GetElapsedTime(cooling.Since) >= cooling.Pause)
            .OrderBy(each => each.Ready)
            .Select(each => ((ServiceDefinition, Ahead)?)(services[each.Key], each.Value.Ahead))
            .FirstOrDefault();
    }

    /// <summary>Looked at anew only as often as the services are: it reads folders.</summary>
    private int StampNow(ServiceDefinition service, bool afresh = false)
    {
        var folder = Demos.DemoFolder.Backend(service, options.Value.BuiltDemosFolder);
        if (!afresh && _stamps.TryGetValue(folder, out var known) && clock.GetElapsedTime(known.At) < PlaygroundTimes.PoolLook) return known.Stamp;
        var stamp = ProgramStamp.Of(folder);
        _stamps[folder] = (stamp, clock.GetTimestamp());
        return stamp;
    }

    private async Task StartOne(ServiceDefinition service, Ahead ahead)
    {
        var name = (service.Account, service.Name);
        ProcessInstance? instance = null;
        try
        {
            var (built, stamp) = (WarmProcess.Built(service, options.Value), ahead == Ahead.Program ? StampNow(service, afresh: true) : 0);
            instance = runtime.Make(new BackendSpec(BackendId.New(), null, default, service) { Ahead = ahead });
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
            limit.CancelAfter(PlaygroundTimes.StartDeadline);
            await (ahead == Ahead.Sandbox ? instance.Hold() : instance.Warm(limit.Token));
            _cooling.TryRemove(name, out _);
            var (pool, process) = (_pools[name], new WarmProcess(instance, ahead, service, built)
            {
                Stamp = stamp,
                BuiltNow = each => WarmProcess.Built(each, options.Value),
            });
            pool.Add(process);
            _ = instance.Exited.ContinueWith(_ => Wake(), TaskScheduler.Default);
            _ = ExpelWhenTrespassed(name, pool, process);
            Wake();
        }
        catch (Exception error)
        {
            if (error is not (BackendStartException or OperationCanceledException)) log.LogError(error, "Unexpected error");
            if (instance is not null) await instance.DisposeAsync();
            if (!_stopping.IsCancellationRequested)
                Cool(name, error is BackendStartException ? error.Message : "It was not warm in time.", instance);
        }
    }

    private async Task ExpelWhenTrespassed((AccountName, ServiceName) name, WarmPool pool, WarmProcess process) =>
        Expel(name, pool, process, await process.Instance.Trespassed);

    /// <summary>Ends at once what is nobody's yet; what is somebody's is for its grain to end.</summary>
    private void Expel((AccountName, ServiceName) name, WarmPool pool, WarmProcess process, string reason)
    {
        if (!pool.TryRemove(process)) return;
        Cool(name, reason, process.Instance);
        process.Instance.Kill();
        _ = process.Discard();
        Wake();
    }

    private void Cool((AccountName Account, ServiceName Service) name, string reason, ProcessInstance? instance)
    {
        var failures = _cooling.GetValueOrDefault(name).Failures + 1;
        var pause = Min(PlaygroundTimes.FirstPoolPause * Math.Pow(2, Math.Min(failures, 16) - 1), PlaygroundTimes.LastPoolPause);
        _cooling[name] = (clock.GetTimestamp(), pause, failures);
        log.LogWarning("{Service} is not kept started ahead; tried again in {Pause}: {Reason} {LastWords}",
            name.Service, pause, reason, instance?.Output.Last(5) is { Count: > 0 } lines ? $"Its last words: {string.Join(" / ", lines)}" : "It said nothing.");
    }

    private void Wake()
    {
        TaskCompletionSource woken;
        lock (_lock)
        {
            woken = _wake;
            _wake = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        woken.TrySetResult();
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
