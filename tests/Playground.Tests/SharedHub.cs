[assembly: AssemblyFixture(typeof(BrowserTech.Playground.Tests.SharedHub))]
// What is tested here starts processes in the way of Linux.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

namespace BrowserTech.Playground.Tests;

/// <summary>
/// One hub for all tests that need no settings of their own: each adds its own service, so they share nothing but the
/// machine, which is how a hub is used.
/// </summary>
public sealed class SharedHub : IAsyncLifetime
{
    public Hub Hub { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Hub = await Hub.Start(new Dictionary<string, string?>
    {
        ["Playground:MaxBackends"] = "1000",
        ["Playground:MaxBackendsPerService"] = "1000",
        ["Playground:MaxBackendsPerClient"] = "1000",
    });

    public ValueTask DisposeAsync() => Hub.DisposeAsync();
}
