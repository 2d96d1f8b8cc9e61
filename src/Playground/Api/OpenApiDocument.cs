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
            foreach (var method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods)
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
        if (call.Body is not null) operation["requestBody"] = new JsonObject { ["required"] = false, ["content"] = Content(Json, Reference(schemas, call.Body)) };
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
            var schema = Reference(schemas, call.Answer);
            responses[$"{call.Status}"] = new JsonObject
            {
                ["description"] = call.Streams ? "Server-sent events; the schema is of their data." : "Done.",
                ["content"] = Content(call.Streams ? "text/event-stream" : Json, schema),
            };
        }

        responses["default"] = new JsonObject { ["description"] = "Refused, and why.", ["content"] = Content(Json, Reference(schemas, typeof(ApiError))) };
        return responses;
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

    /// <summary>Points at the schema of a type, adding it where it is not there yet.</summary>
    private static JsonObject Reference(JsonObject schemas, Type type)
    {
        schemas[type.Name] ??= ApiJson.Options.GetJsonSchemaAsNode(type, new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true });
        return new JsonObject { ["$ref"] = $"#/components/schemas/{type.Name}" };
    }
}
