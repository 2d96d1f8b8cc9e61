using System.Text.Json.Nodes;
using BrowserTech.Playground.Backends;

namespace BrowserTech.Playground.Api;

/// <summary>
/// What a caller may send, for <see cref="OpenApiDocument"/>. Written by hand: what is derived from a record takes each of its members for required, since that
/// is true of answers, and knows no bounds; and <c>spawn</c> is two things.
/// </summary>
internal static class RequestSchemas
{
    /// <summary>Whether a body must be sent.</summary>
    public static bool IsNeeded(Type type) => type == typeof(RevokeRequest);

    /// <summary>Null for what is only answered.</summary>
    public static JsonObject? Of(Type type) =>
        type == typeof(ConnectRequest) ? Connect()
        : type == typeof(TerminateRequest) ? Object(new() { ["hard"] = Is("boolean", "Kill it instead of asking it to end.") })
        : type == typeof(RevokeRequest) ? Revoke()
        : type == typeof(TerminateAllRequest) ? TerminateAll()
        : null;

    private static JsonObject Connect() => Object(new()
    {
        ["key"] = Text("Calls with the same key share one backend.", BackendKey.MaxLength, least: 1),
        ["user"] = Text("A name the backend is told; printable ASCII.", ConnectCall.MaxUserLength),
        ["auth"] = new() { ["description"] = "Any JSON; the backend is told it." },
        ["spawn"] = new()
        {
            ["description"] = "false only joins a backend that is there. An object starts one as true does, with limits lower than the service's.",
            ["anyOf"] = new JsonArray(Is(["boolean", "null"]), Object(new()
            {
                ["tag"] = Text("A key held by a backend of another tag is refused.", ConnectCall.MaxTagLength, least: 1),
                ["cluster"] = new() { ["enum"] = new JsonArray(ServiceJson.Cluster, null) },
                ["lifetime_limit_seconds"] = Seconds("It ends after that long.", 1),
                ["max_idle_seconds"] = Seconds("It ends when nobody was connected for that long.", 0),
                ["executable"] = new()
                {
                    ["type"] = new JsonArray("object", "null"),
                    ["description"] = "As Jamsocket's clients send it: empty. Anything set in it is refused.",
                },
            })),
        },
    });

    private static JsonObject Revoke()
    {
        var revoke = Object(new()
        {
            ["user"] = Is(["string", "null"], "Whose tokens, as connect was told."),
            ["token"] = Is(["string", "null"], "Which one, as connect gave it."),
        });
        revoke["oneOf"] = new JsonArray(Alone("user", "token"), Alone("token", "user"));
        return revoke;
    }

    private static JsonObject TerminateAll()
    {
        var before = Is(["string", "null"], "Only backends made before.");
        before["format"] = "date-time";
        return Object(new()
        {
            ["before"] = before,
            ["hard"] = Is("boolean", "Kill them instead of asking."),
            ["dry_run"] = Is("boolean", "Only count them."),
        });
    }

    // Nothing is required unless said, and what is not known is refused.
    private static JsonObject Object(Dictionary<string, JsonObject> members) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, (JsonNode?)member.Value))),
        ["additionalProperties"] = false,
    };

    private static JsonObject Alone(string name, string other) => new()
    {
        ["required"] = new JsonArray(name),
        ["properties"] = new JsonObject { [name] = Is("string"), [other] = Is("null") },
    };

    private static JsonObject Text(string description, int most, int least = 0)
    {
        var text = Is(["string", "null"], description);
        if (least > 0) text["minLength"] = least;
        text["maxLength"] = most;
        return text;
    }

    private static JsonObject Seconds(string description, int least)
    {
        var seconds = Is(["integer", "null"], description);
        seconds["minimum"] = least;
        return seconds;
    }

    private static JsonObject Is(string type, string? description = null) => Described(new JsonObject { ["type"] = type }, description);

    private static JsonObject Is(string[] types, string? description = null) =>
        Described(new JsonObject { ["type"] = new JsonArray([.. types.Select(type => JsonValue.Create(type))]) }, description);

    private static JsonObject Described(JsonObject schema, string? description)
    {
        if (description is not null) schema["description"] = description;
        return schema;
    }
}
