using System.ComponentModel.DataAnnotations;

namespace BrowserTech.Playground;

/// <summary>Whether backends run confined.</summary>
public enum SandboxMode
{
    /// <summary>Confined where bubblewrap works; otherwise only trusted services in development run, unconfined.</summary>
    Auto,

    /// <summary>Confined or not at all.</summary>
    Bubblewrap,

    /// <summary>Unconfined, for trusted services in development only.</summary>
    None,
}

/// <summary>The configuration section of the playground. Every value has a default that works on one machine.</summary>
public sealed class PlaygroundOptions
{
    /// <summary>Each demo's page lives on <c>{slug}.{DemoHost}</c>. Without a port.</summary>
    public string DemoHost { get; set; } = "demo.localhost";

    /// <summary>Each backend answers on <c>{id}.{SessionHost}</c>. Without a port.</summary>
    public string SessionHost { get; set; } = "play.localhost";

    /// <summary>
    /// Scheme, host and port of the site, which frames the demos and serves the API. Null: the demo host
    /// without its first label, with the scheme and port of the request (development).
    /// </summary>
    public string? PublicOrigin { get; set; }

    /// <summary>Origins besides the site whose pages may show a demo in a frame, as <c>https://talks.example</c>; <c>*</c> is any.</summary>
    public IList<string> DemoEmbedders { get; } = [];

    public SandboxMode Sandbox { get; set; } = SandboxMode.Auto;

    /// <summary>Whether trusted services may run unconfined where there is no sandbox. Off in production.</summary>
    public bool AllowUnconfined { get; set; }

    /// <summary>
    /// Whether a control group is made for each backend where that can be done. Off, limits of single processes stand in.
    /// </summary>
    public bool ControlGroups { get; set; } = true;

    /// <summary>
    /// Where the build puts the backends of demos, one folder for each service, by its name. Where there is one it is used
    /// instead of the service's own folder. By default the one beside the program's own build output; null: none.
    /// </summary>
    public string? BuiltDemosFolder { get; set; } = Demos.DemoFolder.BackendsBuiltBeside(AppContext.BaseDirectory);

    /// <summary>
    /// Where the build puts what the pages of demos take from packages, one folder for each service. A file that is in the demo's
    /// own <c>client/</c> goes before one here. By default the one beside the program's own build output; null: none.
    /// </summary>
    public string? BuiltClientsFolder { get; set; } = Demos.DemoFolder.BuiltBeside(AppContext.BaseDirectory, "demo-clients");

    /// <summary>Where the folders of running backends are made. Short: a Unix socket's path has 107 bytes.</summary>
    public string RunFolder { get; set; } = Path.GetTempPath();

    /// <summary>Backends alive at once on this machine.</summary>
    [Range(1, 100_000)]
    public int MaxBackends { get; set; } = 100;

    /// <summary>Backends alive at once of one service, unless the service says less.</summary>
    [Range(1, 100_000)]
    public int MaxBackendsPerService { get; set; } = 60;

    /// <summary>Backends alive at once that were asked for from one client address.</summary>
    [Range(1, 100_000)]
    public int MaxBackendsPerClient { get; set; } = 8;

    /// <summary>Calls of connect that may wait for a place, in all and from one client address.</summary>
    [Range(0, 1_000_000)]
    public int MaxWaiting { get; set; } = 500;

    [Range(0, 1_000_000)]
    public int MaxWaitingPerClient { get; set; } = 32;

    /// <summary>Processes kept warm for all services together; one that is used is a backend and counts as such.</summary>
    [Range(0, 10_000)]
    public int WarmBackends { get; set; } = 16;

    /// <summary>
    /// Sandboxes kept ready, one for each service of which no process is kept warm: there is no program in one, and a cold start takes
    /// half the time. 0: none.
    /// </summary>
    [Range(0, 10_000)]
    public int ReadySandboxes { get; set; } = 16;

    /// <summary>Calls of connect from one client address per minute.</summary>
    [Range(1, 100_000_000)]
    public int ConnectsPerMinute { get; set; } = 60;

    /// <summary>All other calls under <c>/v2</c> from one client address per minute.</summary>
    [Range(1, 100_000_000)]
    public int CallsPerMinute { get; set; } = 600;

    /// <summary>Calls under <c>/v2</c> that name an account's token, from one client address per minute; connect is counted apart.</summary>
    [Range(1, 100_000_000)]
    public int AccountCallsPerMinute { get; set; } = 3000;

    /// <summary>Tokens from one client address per minute that were not found right lately: bounds the work of guessing.</summary>
    [Range(1, 100_000_000)]
    public int TokenTriesPerMinute { get; set; } = 20;

    /// <summary>Calls held open at once for one client address: streams, and questions whether a backend is ready.</summary>
    [Range(1, 1_000_000)]
    public int HeldCallsPerClient { get; set; } = 32;
}
