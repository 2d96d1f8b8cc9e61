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

    private async Task<JsonElement> Document() => JsonDocument.Parse(await Hub.Http.GetStringAsync("/v2/openapi.json")).RootElement;

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(each => each.Name == "$ref" ? [each.Value.GetString()!] : References(each.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
