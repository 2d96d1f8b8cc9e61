using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using BrowserTech.Playground.Demos;
using BrowserTech.Playground.Runtimes.Native;

namespace BrowserTech.Playground.Runtimes;

/// <summary>Runs backends as processes of this machine, confined as <see cref="Sandbox"/> found possible.</summary>
internal sealed class ProcessRuntime(
    Sandbox sandbox, RunFolder folders, IOptions<PlaygroundOptions> options, ILogger<ProcessRuntime> log)
    : IBackendRuntime, IDisposable
{
    // A range systemd also uses for users that exist only while a service runs: nothing else has files of theirs.
    private const uint FirstUser = 61184;
    private const uint Users = 4336;

    private readonly Spawner _spawner = new();
    private readonly ProcessWatch _watch = new();

    public Task<IBackendInstance> Prepare(BackendSpec spec, CancellationToken cancel)
    {
        var confinement = sandbox.Confinement;
        if (!confinement.IsConfined && !(sandbox.AllowUnconfined && spec.Service.Trusted))
            throw new BackendStartException($"This service runs only inside a sandbox. Sandbox here: {sandbox.Report.Summary}");
        spec = spec with
        {
            Service = spec.Service with
            {
                BackendFolder = DemoFolder.Backend(spec.Service, options.Value.BuiltDemosFolder),
            },
        };
        if (!Directory.Exists(spec.Service.BackendFolder))
            throw new BackendStartException($"The backend of '{spec.Service.Name}' has not been built: its folder is missing.");

        uint? user = confinement.IsConfined && sandbox.AsRoot
            ? FirstUser + (uint)(spec.Fencing.Value % Users)
            : null;
        var folder = folders.Create(spec.Id);
        try
        {
            var request = confinement.Build(new Enclosure(spec, folder, user));
            var readiness = new Readiness(folder, _watch);
            if (user is { } id && Libc.ChangeOwner(folder, id, id) != 0) throw Libc.Failed("chown");
            return Task.FromResult<IBackendInstance>(
                new ProcessInstance(request, folder, confinement.IsConfined, readiness, _spawner, _watch, log));
        }
        catch
        {
            RunFolder.Remove(folder, log);
            throw;
        }
    }

    public void Dispose()
    {
        _spawner.Dispose();
        _watch.Dispose();
    }
}
