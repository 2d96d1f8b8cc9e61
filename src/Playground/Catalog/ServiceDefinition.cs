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
    /// Resident memory of the program in bytes; a program that has more is killed within about
    /// <see cref="PlaygroundTimes.MemoryLook"/>. What processes it started use is not counted.
    /// </summary>
    public long MemoryBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>Processes and threads. Declared, not enforced yet (issue 3).</summary>
    public int Pids { get; init; } = 64;

    /// <summary>Size of the private <c>/tmp</c> in bytes. It is memory of the machine, in addition to <see cref="MemoryBytes"/>.</summary>
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
