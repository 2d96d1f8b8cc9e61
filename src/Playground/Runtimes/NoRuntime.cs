namespace BrowserTech.Playground.Runtimes;

/// <summary>What a machine that is not Linux has: an answer that says so.</summary>
internal sealed class NoRuntime(SandboxReport report) : IBackendRuntime
{
    public Task<IBackendInstance> Prepare(BackendSpec spec, CancellationToken cancel) =>
        throw new BackendStartException(report.Summary);
}
