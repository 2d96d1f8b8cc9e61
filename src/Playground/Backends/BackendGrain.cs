using Microsoft.Extensions.Logging;
using BrowserTech.Playground.Capacity;
using BrowserTech.Playground.Catalog;
using BrowserTech.Playground.Keys;
using BrowserTech.Playground.Runtimes;
using BrowserTech.Playground.Silo;
using Orleans.Concurrency;

namespace BrowserTech.Playground.Backends;

/// <summary>
/// Owns the life of one backend. Whatever happens to it (asked for, prepared, ready, timed out, ended) becomes a
/// <see cref="LifeEvent"/>; <see cref="Lifecycle.Step"/> says what that means, and the grain carries the effects out. Everything
/// here runs on the grain's own scheduler, one piece at a time, continuations after an await included, so there is no lock;
/// it is reentrant because an event must get in while a caller waits for a change.
/// <para>
/// The grain is kept active while its backend lives: a process cannot be deactivated. A question about an unknown backend leaves no activation behind.
/// </para>
/// </summary>
[Reentrant, CollectionAgeLimit(AlwaysActive = true)]
internal sealed class BackendGrain(
    IServiceCatalog catalog, IBackendRuntime runtime, BackendRegistry registry, FencingCounter fencing, PlaygroundMetrics metrics,
    BackendClock backendClock, ILogger<BackendGrain> log) : Grain, IBackendGrain, IDisposable
{
    private readonly TimeProvider _clock = backendClock.Time;
    private readonly CancellationTokenSource _over = new();
    private LiveBackend? _backend;
    private bool _watched;

    public async Task<ConnectOutcome> Create(BackendOrder order, Caller caller)
    {
        if (_backend is not null) throw new InvalidOperationException("A backend is created once.");
        var id = BackendId.Parse(this.GetPrimaryKeyString());
        if (catalog.Find(order.Account, order.Service) is not { } service)
        {
            DeactivateOnIdle();
            return new ConnectOutcome(null, new NoRoom("not_found", "There is no such service."));
        }

        BackendSpec spec;
        try
        {
            spec = new BackendSpec(id, order.Key, await fencing.Next(), order.Narrow(service));
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }

        var backend = new LiveBackend(spec, caller, _clock);
        if (registry.TryAdd(backend, order.Ticket) is { } refusal)
        {
            DeactivateOnIdle();
            return new ConnectOutcome(null, refusal);
        }

        _backend = backend;
        var (token, secret) = backend.Admit(caller);
        Apply(new LifeEvent.Begin());
        return new ConnectOutcome(new Grant(token.Value, secret, Spawned: true, backend.View(figures: false)), null);
    }

    public Task<Grant?> Join(Caller caller)
    {
        if (_backend is not { Life.Joinable: true } backend) return Unknown<Grant?>();
        var (token, secret) = backend.Admit(caller);
        return Task.FromResult<Grant?>(new Grant(token.Value, secret, Spawned: false, backend.View(figures: false)));
    }

    public async Task<BackendView?> ViewAfter(int seen)
    {
        if (_backend is not { } backend) return await Unknown<BackendView?>();
        using var limit = new CancellationTokenSource(PlaygroundTimes.ChangeWait, _clock);
        while (true)
        {
            var changed = backend.Changed;
            var view = backend.View();
            if (view.History.Count > seen || view.Ended || limit.IsCancellationRequested) return view;
            await changed.WaitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing
                | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    public Task<bool> Terminate(EndReason reason, bool hard)
    {
        if (_backend is not { } backend) return Unknown<bool>();
        if (backend.Life.State == BackendState.Terminated) return Task.FromResult(false);
        Apply(new LifeEvent.TerminateRequested(reason, hard));
        return Task.FromResult(true);
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // Only a stopping silo deactivates a living backend: its process must not outlive the one who owns it.
        _backend?.Instance?.Kill();
        return _over.CancelAsync();
    }

    public void Dispose() => _over.Dispose();

    private Task<T?> Unknown<T>()
    {
        if (_backend is null) DeactivateOnIdle();
        return Task.FromResult<T?>(default);
    }

    private void Apply(LifeEvent happened)
    {
        var before = _backend!.Life;
        var (after, effects) = Lifecycle.Step(before, happened);
        if (after.State != before.State)
            log.LogDebug("{Backend} is {State} ({Reason})", _backend.Id, after.State.Wire(), after.Reason?.Wire());

        // An end is announced only when nothing is left of it: until then the last state is the one before.
        if (after.State != BackendState.Terminated) _backend.Enter(after);
        foreach (var effect in effects) Carry(effect, after);
    }

    private void Carry(LifeEffect effect, BackendLife life)
    {
        switch (effect)
        {
            case LifeEffect.Prepare:
                Run(Prepare);
                break;
            case LifeEffect.Spawn:
                Run(Spawn);
                break;
            case LifeEffect.AwaitReady:
                Run(AwaitReady);
                break;
            case LifeEffect.WatchLiveness:
                Run(WatchLiveness);
                break;
            case LifeEffect.ArmStartDeadline:
                Run(() => After(PlaygroundTimes.StartDeadline, new LifeEvent.StartTimedOut()));
                break;
            case LifeEffect.ArmTermDeadline:
                Run(() => After(PlaygroundTimes.TermGrace, new LifeEvent.TermTimedOut()));
                break;
            case LifeEffect.SignalTerm:
                _backend!.Instance?.Terminate();
                break;
            case LifeEffect.Kill:
                _backend!.Instance?.Kill();
                break;
            case LifeEffect.CleanUp:
                Run(() => CleanUp(life));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(effect), effect, "Not an effect.");
        }
    }

    private async Task Prepare()
    {
        _backend!.Instance = await runtime.Prepare(_backend.Spec, _over.Token);
        Apply(new LifeEvent.Prepared());
    }

    private async Task Spawn()
    {
        await _backend!.Instance!.Spawn();
        _watched = true;
        Run(WatchExit);
        Run(WatchTrespass);
        Apply(new LifeEvent.Spawned());
        if (!_backend.Instance.MemoryIsCounted) Run(WatchMemory);
    }

    private async Task WatchTrespass()
    {
        var what = await _backend!.Instance!.Trespassed.WaitAsync(_over.Token);
        log.LogInformation("{Backend} of {Service} is killed: {What}", _backend.Id, _backend.Spec.Service.Name, what);
        Apply(new LifeEvent.TerminateRequested(EndReason.Disk, Hard: true, what));
    }

    /// <summary>
    /// From the start on, not only once it is ready: a program may fill the machine before that. The kernel tells nobody who has no
    /// control group, so there this is the one thing that is looked at on a clock.
    /// </summary>
    private async Task WatchMemory()
    {
        var limit = _backend!.Spec.Service.Limits.MemoryBytes;
        while (!_over.IsCancellationRequested)
        {
            if (_backend.Instance?.Figures()?.MemoryBytes is { } used && used > limit)
            {
                log.LogInformation("{Backend} of {Service} uses {Used} bytes of memory and may use {Limit}: it is killed",
                    _backend.Id, _backend.Spec.Service.Name, used, limit);
                // Not asked: what it would do with the time to end in order is to use more.
                Apply(new LifeEvent.TerminateRequested(EndReason.Memory, Hard: true));
                return;
            }

            await Task.Delay(PlaygroundTimes.MemoryLook, _clock, _over.Token);
        }
    }

    private async Task WatchExit()
    {
        var exit = await _backend!.Instance!.Exited;
        Apply(new LifeEvent.ProcessEnded(exit, $"It {exit}."));
    }

    private async Task AwaitReady()
    {
        await _backend!.Instance!.WaitUntilReady(_over.Token);
        Apply(new LifeEvent.BecameReady());
        metrics.Ready(_backend.Spec.Service, _backend.Now - _backend.Usage().CreatedAt);
    }

    private async Task WatchLiveness()
    {
        while (!_over.IsCancellationRequested)
        {
            var changed = _backend!.Changed;
            var now = _backend.Now;
            var verdict = Liveness.Judge(now, _backend.Usage(), _backend.Spec.Service.Limits);
            if (verdict.End is { } reason)
            {
                Apply(new LifeEvent.TerminateRequested(reason, Hard: false, verdict.Why));
                return;
            }

            using var wait = CancellationTokenSource.CreateLinkedTokenSource(_over.Token);
            await Task.WhenAny(changed, Task.Delay(verdict.LookAgain - now, _clock, wait.Token));
            await wait.CancelAsync();
        }
    }

    private async Task After(TimeSpan time, LifeEvent happens)
    {
        await Task.Delay(time, _clock, _over.Token);
        Apply(happens);
    }

    private async Task CleanUp(BackendLife life)
    {
        await _over.CancelAsync();
        var backend = _backend!;
        try
        {
            if (backend.Instance is { } instance) await instance.DisposeAsync();
        }
        finally
        {
            backend.Enter(life);
            registry.Remove(backend);
            metrics.Ended(backend.Spec.Service, life.Reason ?? EndReason.Exited);
            if (life.Reason is EndReason.StartFailed or EndReason.StartTimeout)
                log.LogWarning("{Backend} of {Service} failed to start: {Detail} {LastWords}", backend.Id,
                    backend.Spec.Service.Name, life.Detail,
                    backend.View().LastOutput is { Count: > 0 } lines ? $"Its last words: {string.Join(" / ", lines)}" : "It said nothing.");
        }

        if (backend.Spec.Key is { } key)
            await GrainFactory.GetGrain<IKeyGrain>(KeyName.Of(backend.Spec.Service, key)).Released(backend.Id);
        // Whoever waited on it has been woken, and the registry knows how it ended.
        DeactivateOnIdle();
    }

    /// <summary>Starts a piece of work on the grain's scheduler. Failing to start is an event; being over is not an error.</summary>
    private async void Run(Func<Task> work)
    {
        try
        {
            await Try(work);
        }
        catch (Exception error)
        {
            // Thrown while an error was handled: nobody is above an async void but the end of the program.
            log.LogCritical(error, "{Backend}: an error could not be handled", _backend!.Id);
        }
    }

    private async Task Try(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException) when (_over.IsCancellationRequested)
        {
            // The backend is over, and with it every loop of it.
        }
        catch (BackendStartException refusal)
        {
            Apply(new LifeEvent.CouldNotStart(refusal.Message));
        }
        catch (Exception error)
        {
            log.LogError(error, "{Backend}: unexpected error", _backend!.Id);
            Apply(new LifeEvent.TerminateRequested(EndReason.InternalError, Hard: true));
            // Nothing else would ever tell its end; cleaning up kills what there may be and gives the place back.
            if (!_watched)
                Apply(new LifeEvent.CouldNotStart("The server could not start the process; its log has the error."));
        }
    }
}
