namespace BrowserTech.Playground.Catalog;

/// <summary>The account a service belongs to: 1 to 45 lower-case letters, digits and single hyphens.</summary>
[GenerateSerializer, Immutable]
public readonly record struct AccountName
{
    private AccountName(string value) => Value = value;

    [Id(0)]
    public string Value { get; }

    public static bool TryParse(string? text, out AccountName name)
    {
        name = Slug.IsValid(text) ? new AccountName(text!) : default;
        return name != default;
    }

    /// <exception cref="FormatException">Not a valid name.</exception>
    public static AccountName Parse(string text) =>
        TryParse(text, out var name) ? name : throw new FormatException($"'{text}' is not an account name.");

    public override string ToString() => Value;
}

/// <summary>What can be spawned; for demos the slug of the demo's folder, which is also a label of its host name.</summary>
[GenerateSerializer, Immutable]
public readonly record struct ServiceName
{
    private ServiceName(string value) => Value = value;

    [Id(0)]
    public string Value { get; }

    public static bool TryParse(string? text, out ServiceName name)
    {
        name = Slug.IsValid(text) ? new ServiceName(text!) : default;
        return name != default;
    }

    /// <exception cref="FormatException">Not a valid name.</exception>
    public static ServiceName Parse(string text) =>
        TryParse(text, out var name) ? name : throw new FormatException($"'{text}' is not a service name.");

    public override string ToString() => Value;
}

internal static class Slug
{
    private const int MaxLength = 45;

    private static readonly System.Buffers.SearchValues<char> Characters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    public static bool IsValid(string? text) =>
        text is { Length: > 0 and <= MaxLength }
        && text[0] != '-' && text[^1] != '-'
        && !text.Contains("--", StringComparison.Ordinal)
        && !text.AsSpan().ContainsAnyExcept(Characters);
}

/// <summary>What one backend of a service may use.</summary>
public sealed record ServiceLimits
{
    /// <summary>From accepted to the end; at most <see cref="PlaygroundTimes.MaxLifetime"/>.</summary>
    public TimeSpan Lifetime { get; init; } = PlaygroundTimes.DefaultLifetime;

    /// <summary>How long it outlives its last connection, so that a reload keeps it.</summary>
    public TimeSpan Grace { get; init; } = PlaygroundTimes.DefaultGrace;

    /// <summary>A connection without a byte for this long no longer counts as use. Null: silence is fine.</summary>
    public TimeSpan? Inactivity { get; init; }

    /// <summary>
    /// Memory in bytes of everything the backend runs, its files in <c>/tmp</c> included; one that has more is killed. Where no control
    /// group can be made, resident memory of its processes, looked at each <see cref="PlaygroundTimes.MemoryLook"/>.
    /// </summary>
    public long MemoryBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>Processors it may keep busy, on average over a tenth of a second: 0.5 is half of one.</summary>
    public double Cpus { get; init; } = 1;

    /// <summary>Processes and threads at once. What starts one more is told that it cannot.</summary>
    public int Pids { get; init; } = 64;

    /// <summary>Files and connections one process may have open.</summary>
    public int OpenFiles { get; init; } = 1024;

    /// <summary>
    /// Size of the private <c>/tmp</c> in bytes, which is in memory, and of any one file. What is written beyond it is refused.
    /// </summary>
    public long TmpBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Backends of this service alive at once. Null: only the hub's own limits hold.</summary>
    public int? MaxBackends { get; init; }
}

/// <summary>
/// A service: what is started when somebody presses Run. The playground is given these by whoever knows the content
/// (see <see cref="IServiceCatalog"/>); it reads no content itself.
/// </summary>
public sealed record ServiceDefinition
{
    public required AccountName Account { get; init; }

    public required ServiceName Name { get; init; }

    public required string Title { get; init; }

    /// <summary>
    /// The folder the backend runs in, read-only. Absolute. Where the build made one for this service
    /// (<see cref="PlaygroundOptions.BuiltDemosFolder"/>), that one is used.
    /// </summary>
    public required string BackendFolder { get; init; }

    /// <summary>The folder with the page of the demo (<c>index.html</c>). Absolute; null where there is no page.</summary>
    public string? ClientFolder { get; init; }

    /// <summary>
    /// Program and arguments. <c>dotnet</c> is the runtime the hub itself runs on; a relative path is looked for inside
    /// <see cref="BackendFolder"/>; a bare name that is not there is looked for in the system's <c>/usr/bin</c>.
    /// </summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Added to what every backend is given. It cannot replace a <c>SESSION_</c> variable.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public ServiceLimits Limits { get; init; } = new();

    /// <summary>
    /// Whether it may use the machine's graphics cards, where there are any. Not limited as the rest is: who may write such a service may use up
    /// a card's memory and time.
    /// </summary>
    public bool Gpu { get; init; }

    /// <summary>
    /// Processes kept started, loaded and waiting for the next tab. 0: none. The hub keeps fewer when its own budget
    /// (<see cref="PlaygroundOptions.WarmBackends"/>) says so.
    /// </summary>
    public int Warm { get; init; }

    /// <summary>Whether a page may connect without an account.</summary>
    public bool Public { get; init; }

    /// <summary>
    /// The repository's own demos may run unconfined where there is no sandbox and the options allow it; others never.
    /// </summary>
    public bool Trusted { get; init; }
}

/// <summary>
/// The services there are now. Implemented by the owner of the content; asked on every connect, so an answer must be cheap
/// and may change at any time. A backend keeps the definition it was started with.
/// </summary>
public interface IServiceCatalog
{
    IEnumerable<ServiceDefinition> All { get; }

    ServiceDefinition? Find(AccountName account, ServiceName service);
}
