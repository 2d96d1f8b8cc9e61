using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace BrowserTech.Playground.Api;

/// <summary>The JSON of the session-backend API: snake case, as Jamsocket writes it; absent values are null.</summary>
internal static class ApiJson
{
    /// <summary>More than any key, user and auth data need; a body beyond it is refused unread.</summary>
    public const int MaxBody = 16 * 1024;

    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        MaxDepth = 16,
    };

    public static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16 };

    /// <summary>Without a charset, which JSON does not have: Jamsocket's client takes nothing else for JSON.</summary>
    public static IResult Result<T>(T value, int status = StatusCodes.Status200OK) =>
        Results.Json(value, Options, "application/json", status);
}

/// <summary>The body of connect, with Jamsocket's names.</summary>
/// <param name="Key">Tabs that give the same key share one backend.</param>
/// <param name="Spawn">False: only join. An object (Plane's spawn options) counts as true; its limits may not exceed the service's.</param>
/// <param name="User">A name the backend is told.</param>
/// <param name="Auth">Any JSON the backend is told.</param>
internal sealed record ConnectRequest(string? Key, JsonElement? Spawn, string? User, JsonElement? Auth)
{
    /// <summary>An empty body is an empty request: the simplest call needs no JSON at all.</summary>
    public static readonly ConnectRequest Empty = new(null, null, null, null);

    /// <summary>What else was sent: <see cref="ConnectCall"/> refuses it by name.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; init; }
}

/// <summary>The answer of connect, with Jamsocket's names and, after them, ours.</summary>
/// <param name="Url">Where the backend answers; it carries the token.</param>
/// <param name="PathUrl">The same without a host of its own, for places where <c>*.localhost</c> does not resolve.</param>
internal sealed record ConnectResponse(
    string BackendId, bool Spawned, string Status, string Token, string Url, string SecretToken, string StatusUrl,
    string ReadyUrl, string PathUrl, string StatusStreamUrl, string TerminateUrl, string FencingToken);

/// <summary>What is told about a backend, with Plane's names and, after them, ours.</summary>
/// <param name="LifetimeEndsAt">When its lifetime limit strikes.</param>
/// <param name="LifetimeSecondsLeft">Until then, rounded up, for whoever's clock is not the hub's; null when it has ended.</param>
/// <param name="IdleEndsAt">When it ends if nobody uses it until then; null while nothing is due.</param>
/// <param name="InForce">What it is held to and by what, in words.</param>
internal sealed record StatusResponse(
    string BackendId, string Status, DateTimeOffset Time, string? TerminationReason, string? TerminationKind,
    bool? ExitError, int? ExitCode, string? Reason, string? Message, string? Detail, IReadOnlyList<string>? LastOutput,
    string? Key, string FencingToken, int Connections, int Clients, int? Pid, long? MemoryBytes, double GraceSeconds,
    DateTimeOffset CreatedAt, DateTimeOffset LifetimeEndsAt, int? LifetimeSecondsLeft, DateTimeOffset? IdleEndsAt,
    string? InForce, IReadOnlyList<StatusStep> History);

internal sealed record StatusStep(string Status, DateTimeOffset Time);
