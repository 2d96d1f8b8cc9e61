using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace BrowserTech.Playground.Api;

/// <summary>
/// <c>/v2/openapi.json</c>: the API for programs, made from what is mapped (<see cref="Described"/>) and from the records that are
/// written and read, with the very options they are written and read with. Made at the first request and kept.
/// </summary>
internal sealed class OpenApiDocument
{
    private const string Json = "application/json";
    private const string PlainText = "text/plain";
    private const string EventStreamType = "text/event-stream";
    private const string Version = "3.1.0";

    private JsonObject? _document;

    public IResult Get(HttpContext context)
    {
        var document = _document ??= Build(context.RequestServices.GetRequiredService<EndpointDataSource>());
        context.Response.Headers.CacheControl = "public, max-age=3600";
        return ApiJson.Result(document);
    }

    internal static JsonObject Build(EndpointDataSource endpoints)
    {
        var (paths, schemas) = (new JsonObject(), new JsonObject());
        Reference(schemas, typeof(ApiError));
        foreach (var endpoint in endpoints.Endpoints.OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<Described>() is not { } call) continue;
            var path = endpoint.RoutePattern.RawText!;
            if (paths[path] is not JsonObject methods) paths[path] = methods = [];
            // What is mapped for every method is there to be read.
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [HttpMethods.Get])
                methods[method.ToLowerInvariant()] = Operation(call, endpoint, schemas);
        }

        return new JsonObject
        {
            ["openapi"] = Version,
            ["info"] = new JsonObject
            {
                ["title"] = "Session backends", ["version"] = "2",
                ["description"] = "Processes that live as long as a tab is connected. Every refusal is {id, kind, message}; its id is in the hub's log.",
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas,
                ["securitySchemes"] = new JsonObject
                {
                    ["account"] = Bearer("A token of an account."), ["backend"] = Bearer("The token connect gave."),
                },
            },
        };
    }

    private static JsonObject Operation(Described call, RouteEndpoint endpoint, JsonObject schemas)
    {
        var operation = new JsonObject
        {
            ["operationId"] = call.Name,
            ["summary"] = call.Summary,
            ["parameters"] = new JsonArray([.. Parameters(call, endpoint)]),
            ["responses"] = Responses(call, schemas),
            ["security"] = Security(call.Token),
        };
        if (call.Body is not null) operation["requestBody"] = new JsonObject { ["required"] = RequestSchemas.IsNeeded(call.Body), ["content"] = Content(Json, Reference(schemas, call.Body)) };
        return operation;
    }

    private static IEnumerable<JsonObject> Parameters(Described call, RouteEndpoint endpoint)
    {
        foreach (var parameter in endpoint.RoutePattern.Parameters) yield return Parameter(parameter.Name, "path", required: true);
        foreach (var name in call.Query) yield return Parameter(name, "query", required: false);
        if (call.Streams) yield return Parameter("Last-Event-ID", "header", required: false);
    }

    private static JsonObject Parameter(string name, string place, bool required) => new()
    {
        ["name"] = name, ["in"] = place, ["required"] = required, ["schema"] = new JsonObject { ["type"] = "string" },
    };

    private static JsonObject Responses(Described call, JsonObject schemas)
    {
        var responses = new JsonObject();
        if (call.Answer is not null)
        {
            var content = new JsonObject();
            if (!call.Streams) content[call.Answer == typeof(string) ? PlainText : Json] = new JsonObject { ["schema"] = Reference(schemas, call.Answer) };
            if (call.Streams || call.Events.Count > 0) content[EventStreamType] = Events(call, schemas);
            responses[$"{call.Status}"] = new JsonObject
            {
                ["description"] = call.Streams ? "Server-sent events; the schema is of their data." : "Done.",
                ["content"] = content,
            };
        }

        responses["default"] = new JsonObject { ["description"] = "Refused, and why.", ["content"] = Content(Json, Reference(schemas, typeof(ApiError))) };
        return responses;
    }

    /// <summary>OpenAPI has no word for an event's name: <c>x-events</c> has one schema for each, under <c>message</c> the one without a name.</summary>
    private static JsonObject Events(Described call, JsonObject schemas)
    {
        var events = new JsonObject();
        if (call.Streams) events["message"] = Reference(schemas, call.Answer!);
        foreach (var each in call.Events) events[each.Name] = Reference(schemas, each.Data);
        return new JsonObject
        {
            ["schema"] = new JsonObject { ["anyOf"] = new JsonArray([.. events.Select(each => each.Value!.DeepClone())]) },
            ["x-events"] = events,
        };
    }

    private static JsonArray Security(TokenUse use) => use switch
    {
        TokenUse.None => [],
        TokenUse.Optional => [new JsonObject(), Needs("account")],
        TokenUse.AccountOrBackend => [Needs("account"), Needs("backend")],
        TokenUse.Account => [Needs("account")],
        _ => throw new ArgumentOutOfRangeException(nameof(use), use, "Not a use."),
    };

    private static JsonObject Needs(string scheme) => new() { [scheme] = new JsonArray() };

    private static JsonObject Bearer(string description) => new() { ["type"] = "http", ["scheme"] = "bearer", ["description"] = description };

    private static JsonObject Content(string type, JsonObject schema) => new() { [type] = new JsonObject { ["schema"] = schema } };

    /// <summary>Points at the schema of a type, adding it where it is not there yet. Text needs no name.</summary>
    private static JsonObject Reference(JsonObject schemas, Type type)
    {
        if (type == typeof(string)) return new JsonObject { ["type"] = "string" };
        schemas[type.Name] ??= RequestSchemas.Of(type)
            ?? ApiJson.Options.GetJsonSchemaAsNode(type, new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true });
        return new JsonObject { ["$ref"] = $"#/components/schemas/{type.Name}" };
    }
}
