using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace BrowserTech.Playground.Tests;

public sealed class OpenApiTests(SharedHub shared)
{
    private Hub Hub => shared.Hub;

    [Fact]
    public async Task Every_call_is_in_the_document_with_its_method_and_its_parameters()
    {
        var paths = (await Document()).GetProperty("paths");
        var mapped = Hub.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(each => each.RoutePattern.RawText!.StartsWith("/v2/", StringComparison.Ordinal) && !each.RoutePattern.RawText.Contains("**", StringComparison.Ordinal))
            .ToList();
        Assert.True(mapped.Count >= 18);
        foreach (var endpoint in mapped)
        {
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods)
            {
                var operation = paths.GetProperty(endpoint.RoutePattern.RawText!).GetProperty(method.ToLowerInvariant());
                Assert.NotEmpty(operation.GetProperty("summary").GetString()!);
                Assert.Equal(
                    endpoint.RoutePattern.Parameters.Select(each => each.Name),
                    operation.GetProperty("parameters").EnumerateArray().Where(each => Text(each, "in") == "path").Select(each => Text(each, "name")));
            }
        }
    }

    [Fact]
    public async Task It_is_whole_names_differ_and_every_reference_leads_somewhere()
    {
        var document = await Document();
        Assert.Equal("3.1.0", Text(document, "openapi"));
        var schemas = document.GetProperty("components").GetProperty("schemas");
        var names = new List<string?>();
        foreach (var operation in document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()))
        {
            names.Add(Text(operation.Value, "operationId"));
            Assert.True(operation.Value.GetProperty("responses").TryGetProperty("default", out _));
        }

        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.All(References(document), each =>
        {
            Assert.StartsWith("#/components/schemas/", each, StringComparison.Ordinal);
            Assert.True(schemas.TryGetProperty(each[21..], out _), each);
        });
    }

    [Fact]
    public async Task Its_schemas_have_the_names_that_are_sent()
    {
        var schemas = (await Document()).GetProperty("components").GetProperty("schemas");
        using var connected = await Hub.Post(Hub.Service("serve"));
        var sent = JsonDocument.Parse(await connected.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(
            sent.EnumerateObject().Select(each => each.Name),
            schemas.GetProperty("ConnectResponse").GetProperty("properties").EnumerateObject().Select(each => each.Name));
        Assert.Equal(["id", "kind", "message"], schemas.GetProperty("ApiError").GetProperty("properties").EnumerateObject().Select(each => each.Name));
        Assert.True(schemas.GetProperty("ConnectRequest").GetProperty("properties").TryGetProperty("spawn", out _));
    }

    [Fact]
    public async Task What_a_call_need_not_send_is_not_required()
    {
        var document = await Document();
        var schemas = document.GetProperty("components").GetProperty("schemas");
        foreach (var name in (string[])["ConnectRequest", "TerminateRequest", "TerminateAllRequest", "RevokeRequest"])
            Assert.False(schemas.GetProperty(name).TryGetProperty("required", out _), name);
        Assert.Equal(
            ["user", "token"],
            schemas.GetProperty("RevokeRequest").GetProperty("oneOf").EnumerateArray().Select(each => Assert.Single(each.GetProperty("required").EnumerateArray()).GetString()));
        foreach (var (path, needed) in ((string, bool)[])[("terminate", false), ("revoke", true)])
            Assert.Equal(needed, document.GetProperty("paths").GetProperty($"/v2/backend/{{id}}/{path}").GetProperty("post").GetProperty("requestBody").GetProperty("required").GetBoolean());

        // Every answer has all its members, and null where there is nothing to say.
        var status = schemas.GetProperty("StatusResponse");
        Assert.Equal(status.GetProperty("properties").EnumerateObject().Count(), status.GetProperty("required").GetArrayLength());
    }

    [Fact]
    public async Task What_may_be_sent_is_what_is_read()
    {
        var schemas = (await Document()).GetProperty("components").GetProperty("schemas");
        var connect = schemas.GetProperty("ConnectRequest").GetProperty("properties");
        Assert.Equal(["auth", "key", "spawn", "user"], connect.EnumerateObject().Select(each => each.Name).Order());
        var spawn = connect.GetProperty("spawn").GetProperty("anyOf");
        Assert.Equal("boolean", spawn[0].GetProperty("type")[0].GetString());
        Assert.Equal(
            ["cluster", "executable", "lifetime_limit_seconds", "max_idle_seconds", "tag"],
            spawn[1].GetProperty("properties").EnumerateObject().Select(each => each.Name).Order());
        Assert.Equal(1, spawn[1].GetProperty("properties").GetProperty("lifetime_limit_seconds").GetProperty("minimum").GetInt32());
        Assert.Equal(["hard"], schemas.GetProperty("TerminateRequest").GetProperty("properties").EnumerateObject().Select(each => each.Name));
        Assert.Equal(["before", "dry_run", "hard"], schemas.GetProperty("TerminateAllRequest").GetProperty("properties").EnumerateObject().Select(each => each.Name).Order());
    }

    [Fact]
    public async Task The_events_of_a_stream_are_named_and_so_are_the_numbers_for_operators()
    {
        var paths = (await Document()).GetProperty("paths");
        Assert.Equal(["message", "ending", "staying"], EventsOf("/v2/backend/{id}/status/stream", "get"));
        Assert.Equal(["message", "gap"], EventsOf("/v2/backend/{id}/logs/stream", "get"));
        Assert.Equal(["queued", "connected", "refused"], EventsOf("/v2/service/{account}/{service}/connect", "post"));
        Assert.True(Content("/metrics", "get").TryGetProperty("text/plain", out _));

        JsonElement Content(string path, string method) =>
            paths.GetProperty(path).GetProperty(method).GetProperty("responses").GetProperty("200").GetProperty("content");

        IEnumerable<string> EventsOf(string path, string method) =>
            Content(path, method).GetProperty("text/event-stream").GetProperty("x-events").EnumerateObject().Select(each => each.Name);
    }

    private async Task<JsonElement> Document() => JsonDocument.Parse(await Hub.Http.GetStringAsync("/v2/openapi.json")).RootElement;

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(each => each.Name == "$ref" ? [each.Value.GetString()!] : References(each.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
