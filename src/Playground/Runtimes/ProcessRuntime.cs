using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using BrowserTech.Playground.Demos;
using BrowserTech.Playground.Runtimes.Native;

namespace BrowserTech.Playground.Runtimes;

/// <summary>Runs backends as processes of this machine, confined as <see cref="Sandbox"/> found possible.</summary>
internal sealed class ProcessRuntime(
    Sandbox sandbox, RunFolder folders, Spawner spawner, IOptions<PlaygroundOptions> options, TimeProvider clock, ILogger<ProcessRuntime> log,
    IOutputListener? listener = null)
    : IBackendRuntime, IDisposable
{
    // A range systemd also uses for users that exist only while a service runs: nothing else has files of theirs.
    private const uint FirstUser = 61184;
    private const uint Users = 4336;

    private readonly ProcessWatch _watch = new(clock);
    private readonly string? _filter = WriteFilter(folders);
    private readonly SandboxRoot? _root =
        sandbox.Confinement.IsConfined ? new SandboxRoot(folders.Root, sandbox.Confinement.MountPoints, log) : null;

    // Not the same for each hub, so that two on one machine do not give their backends the same users one after the other.
    private uint _user = (uint)Path.GetFileName(folders.Root).Aggregate(17L, (sum, letter) => (sum * 31 + letter) % Users);

    /// <summary>Whether a sandbox can be made before its program is known to be wanted.</summary>
    public bool HasSandbox => sandbox.Confinement.IsConfined;

    public Task<IBackendInstance> Prepare(BackendSpec spec, CancellationToken cancel) =>
        Task.FromResult<IBackendInstance>(Make(spec));

    /// <exception cref="BackendStartException">It can never start.</exception>
    public ProcessInstance Make(BackendSpec spec)
    {
        var confinement = sandbox.Confinement;
        if (!confinement.IsConfined && !(sandbox.AllowUnconfined && spec.Service.Trusted))
            throw new BackendStartException($"This service runs only inside a sandbox. Sandbox here: {sandbox.Trouble}");
        spec = spec with
        {
            Service = spec.Service with
            {
                BackendFolder = DemoFolder.Backend(spec.Service, options.Value.BuiltDemosFolder),
            },
        };
        if (!Directory.Exists(spec.Service.BackendFolder))
            throw new BackendStartException($"The backend of '{spec.Service.Name}' has not been built: its folder is missing.");

        uint? user = confinement.IsConfined && sandbox.AsRoot ? FirstUser + Interlocked.Increment(ref _user) % Users : null;
        var folder = folders.Create(spec.Id);
        SessionFolder? session = null;
        try
        {
            var request = Build(new Enclosure(spec, folder, user, _filter, _root));
            session = new SessionFolder(folder, _watch, assigned: spec.Ahead != Ahead.Program);
            if (user is { } id && Libc.ChangeOwner(folder, id, id) != 0) throw Libc.Failed("chown");
            var instance = new ProcessInstance(
                spec, new Start(request, confinement.IsConfined, spec.Service.Limits) { Held = spec.Ahead == Ahead.Sandbox }, folder, session, spawner, _watch, log);
            _ = listener?.Follow(spec.Service, instance.Output);
            return instance;
        }
        catch
        {
            session?.Dispose();
            RunFolder.Remove(folder, log);
            throw;
        }
    }

    public void Dispose() => _watch.Dispose();

    /// <summary>A program that is not there because it could not be built: that is the reason to give.</summary>
    private SpawnRequest Build(Enclosure enclosure)
    {
        try
        {
            return sandbox.Confinement.Build(enclosure);
        }
        catch (BackendStartException) when (DemoFolder.BuildFailure(enclosure.Spec.Service.Name, options.Value.BuiltDemosFolder) is { } failure)
        {
            throw new BackendStartException($"The backend could not be built: {failure}");
        }
    }

    /// <summary>A file and not memory, because each bubblewrap reads it from its beginning.</summary>
    private static string? WriteFilter(RunFolder folders)
    {
        if (SystemCallFilter.For(RuntimeInformation.ProcessArchitecture) is not { } filter) return null;
        var path = Path.Combine(folders.Root, "filter");
        File.WriteAllBytes(path, filter);
        return path;
    }
}
