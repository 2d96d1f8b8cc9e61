using System.Text.Json;
using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Catalog;

namespace BrowserTech.Playground.Api;

/// <summary>What is wrong with a call, for programs and in words.</summary>
internal sealed record CallProblem(string Kind, string Message);

/// <summary>
/// What a connect asks for, checked against what its service allows. Limits may be lowered and never raised; what Jamsocket knows
/// and this hub does not is refused by name, because a caller who asks for more memory or a volume and silently
/// does not get it finds out too late.
/// </summary>
internal static class ConnectCall
{
    public const int MaxUserLength = 256;
    public const int MaxTagLength = 128;

    private const string Tag = "tag";
    private const string Cluster = "cluster";
    private const string Executable = "executable";
    private const string Lifetime = "lifetime_limit_seconds";
    private const string Idle = "max_idle_seconds";

    private static readonly string[] Members = ["key", "spawn", "user", "auth"];
    private static readonly string[] SpawnMembers = [Tag, Lifetime, Idle];

    /// <summary>What Jamsocket's clients always send; it may say nothing.</summary>
    private static readonly string[] SpawnSays = [Cluster, Executable];

    /// <summary>What Jamsocket's and Plane's older calls and inner ones have, and nothing here answers to.</summary>
    private static readonly string[] Elsewhere =
    [
        "env", "environment", "grace_period_seconds", "lock", "service_environment", "require_bearer_token", "image", "port",
        "id", "pool", "subdomain", "use_static_token", "mount", "resource_limits",
    ];

    /// <summary>Null where there is none.</summary>
    public static CallProblem? Problem(ConnectRequest request, ServiceLimits limits)
    {
        foreach (var (name, value) in request.Others ?? [])
            if (Unknown(name, value, "", Members) is { } unknown) return unknown;
        if (request.Key is not null && !BackendKey.TryParse(request.Key, out _))
            return Bad($"'key' has 1 to {BackendKey.MaxLength} characters and no control characters. Without one, leave it out.");
        // It reaches the backend as a header.
        if (request.User is { } user && (user.Length > MaxUserLength || user.Any(c => c is < ' ' or > '~')))
            return Bad($"'user' has at most {MaxUserLength} characters, all of them printable ASCII.");
        return request.Spawn switch
        {
            null or { ValueKind: JsonValueKind.Null or JsonValueKind.True or JsonValueKind.False } => null,
            { ValueKind: JsonValueKind.Object } spawn => SpawnProblem(spawn, limits),
            _ => Bad("'spawn' is true, false or an object."),
        };
    }

    /// <summary>Only for a request without a problem.</summary>
    public static (BackendOrder Order, bool Spawn) Order(ConnectRequest request, ServiceDefinition service)
    {
        BackendKey? key = BackendKey.TryParse(request.Key, out var parsed) ? parsed : null;
        var order = new BackendOrder(service.Account, service.Name, key);
        if (request.Spawn is not { ValueKind: JsonValueKind.Object } spawn) return (order, request.Spawn?.ValueKind is not JsonValueKind.False);
        return (order with { Tag = Text(spawn, Tag), LifetimeSeconds = Seconds(spawn, Lifetime), IdleSeconds = Seconds(spawn, Idle) }, true);
    }

    private static CallProblem? SpawnProblem(JsonElement spawn, ServiceLimits limits)
    {
        foreach (var member in spawn.EnumerateObject())
            if (!SpawnMembers.Contains(member.Name) && !SpawnSays.Contains(member.Name) && Unknown(member.Name, member.Value, "spawn.", SpawnMembers) is { } unknown) return unknown;
        if (Member(spawn, Tag) is { } tag && (tag.ValueKind != JsonValueKind.String || !IsTag(tag.GetString()!)))
            return Bad($"'spawn.tag' has 1 to {MaxTagLength} characters and no control characters.");
        if (Member(spawn, Cluster) is { } cluster && !(cluster.ValueKind == JsonValueKind.String && cluster.ValueEquals(ServiceJson.Cluster)))
            return new CallProblem("not_supported", $"There is one cluster here, '{ServiceJson.Cluster}', which need not be named.");
        return SecondsProblem(spawn, Lifetime, 1, limits.Lifetime)
            ?? SecondsProblem(spawn, Idle, 0, limits.Grace)
            ?? ExecutableProblem(spawn);
    }

    private static CallProblem? SecondsProblem(JsonElement spawn, string name, int least, TimeSpan most)
    {
        if (Member(spawn, name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out var seconds) || seconds < least)
            return Bad($"'spawn.{name}' is a whole number of seconds, {least} or more.");
        return seconds <= most.TotalSeconds
            ? null
            : new CallProblem("limit_too_high", $"'spawn.{name}' is {seconds}; this service allows at most {most.TotalSeconds:0}. A call may lower a limit and not raise it.");
    }

    private static CallProblem? ExecutableProblem(JsonElement spawn)
    {
        if (Member(spawn, Executable) is not { } executable) return null;
        if (executable.ValueKind != JsonValueKind.Object) return Bad("'spawn.executable' is an object.");
        foreach (var setting in executable.EnumerateObject())
        {
            // Jamsocket's command line always sends the object, empty unless told otherwise.
            if (setting.Value.ValueKind == JsonValueKind.Null
                || (setting.Value.ValueKind == JsonValueKind.Object && !setting.Value.EnumerateObject().Any())) continue;
            return new CallProblem("not_supported", $"'spawn.executable.{Shown(setting.Name)}' cannot be set by a call. "
                + "What is run, with which environment and resources, is part of the service's definition.");
        }

        return null;
    }

    /// <summary>A misspelt name would otherwise be a wish that silently does not come true. What is null asks for nothing.</summary>
    private static CallProblem? Unknown(string name, JsonElement value, string within, string[] known) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        _ when Elsewhere.Contains(name) => new CallProblem("not_supported", $"'{within}{name}' cannot be set by a call. "
            + "What is run, with which environment and resources, is part of the service's definition."),
        _ => Bad($"'{within}{Shown(name)}' is not known here. There are {string.Join(", ", known.Select(each => $"'{within}{each}'"))}."),
    };

    private static bool IsTag(string tag) => tag.Length is > 0 and <= MaxTagLength && !tag.Any(char.IsControl);

    private static string? Text(JsonElement spawn, string name) => Member(spawn, name)?.GetString();

    private static int? Seconds(JsonElement spawn, string name) => Member(spawn, name)?.GetInt32();

    /// <summary>Null where it is absent or null.</summary>
    private static JsonElement? Member(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;

    public static string Shown(string name) => name.Length <= 40 ? name : name[..40] + "…";

    private static CallProblem Bad(string message) => new("bad_request", message);
}
