using System.Text.Json;
using BrowserTech.Playground.Api;
using BrowserTech.Playground.Catalog;

namespace BrowserTech.Playground.Tests;

public sealed class ConnectCallTests
{
    private static readonly ServiceDefinition Service = new()
    {
        Account = AccountName.Parse("a"), Name = ServiceName.Parse("s"), Title = "S", BackendFolder = "/", Command = ["x"],
        Limits = new ServiceLimits { Lifetime = TimeSpan.FromSeconds(100), Grace = TimeSpan.FromSeconds(10) },
    };

    [Theory]
    [InlineData("true")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"tag\": null, \"cluster\": null, \"executable\": null, \"max_idle_seconds\": null}")]
    [InlineData("{\"cluster\": \"default\", \"executable\": {}}")]
    [InlineData("{\"executable\": {\"env\": {}, \"mount\": null}, \"unheard_of\": null}")]
    public void What_asks_for_nothing_special_is_taken(string spawn)
    {
        var request = Request(spawn);
        Assert.Null(ConnectCall.Problem(request, Service.Limits));
        var (order, wants) = ConnectCall.Order(request, Service);
        Assert.True(wants);
        Assert.Equal(Service.Limits, order.Narrow(Service).Limits);
    }

    [Fact]
    public void Limits_are_lowered()
    {
        var request = Request("""{"lifetime_limit_seconds": 30, "max_idle_seconds": 0, "tag": "v1"}""");
        Assert.Null(ConnectCall.Problem(request, Service.Limits));
        var (order, _) = ConnectCall.Order(request, Service);
        Assert.Equal((TimeSpan.FromSeconds(30), TimeSpan.Zero), (order.Narrow(Service).Limits.Lifetime, order.Narrow(Service).Limits.Grace));
        Assert.Equal("v1", order.Tag);
        // A definition that allows less by now is not widened.
        var stricter = Service with { Limits = Service.Limits with { Lifetime = TimeSpan.FromSeconds(5) } };
        Assert.Equal(TimeSpan.FromSeconds(5), order.Narrow(stricter).Limits.Lifetime);
    }

    [Theory]
    [InlineData("{\"lifetime_limit_seconds\": 101}", "limit_too_high", "at most 100")]
    [InlineData("{\"max_idle_seconds\": 11}", "limit_too_high", "at most 10")]
    [InlineData("{\"max_idle_seconds\": -1}", "bad_request", "0 or more")]
    [InlineData("{\"lifetime_limit_seconds\": 0}", "bad_request", "1 or more")]
    [InlineData("{\"lifetime_limit_seconds\": 1.5}", "bad_request", "whole number")]
    [InlineData("{\"lifetime_limit_seconds\": \"9\"}", "bad_request", "whole number")]
    [InlineData("{\"lifetime_limit_seconds\": 99999999999}", "bad_request", "whole number")]
    [InlineData("{\"cluster\": \"moon\"}", "not_supported", "one cluster")]
    [InlineData("{\"tag\": 7}", "bad_request", "spawn.tag")]
    [InlineData("{\"tag\": \"\"}", "bad_request", "spawn.tag")]
    [InlineData("{\"executable\": {\"env\": {\"A\": \"b\"}}}", "not_supported", "spawn.executable.env")]
    [InlineData("{\"executable\": {\"mount\": true}}", "not_supported", "spawn.executable.mount")]
    [InlineData("{\"executable\": {\"resource_limits\": {\"memory_limit_bytes\": 1}}}", "not_supported", "spawn.executable.resource_limits")]
    [InlineData("{\"executable\": []}", "bad_request", "spawn.executable")]
    [InlineData("{\"environment\": \"blue\"}", "not_supported", "'spawn.environment' cannot be set by a call")]
    [InlineData("{\"Tag\": \"v1\"}", "bad_request", "'spawn.Tag' is not known")]
    [InlineData("{\"subdomain\": \"a\"}", "not_supported", "spawn.subdomain")]
    [InlineData("7", "bad_request", "'spawn'")]
    [InlineData("\"yes\"", "bad_request", "'spawn'")]
    public void What_cannot_be_given_is_refused_by_name(string spawn, string kind, string words)
    {
        var problem = ConnectCall.Problem(Request(spawn), Service.Limits);
        Assert.Equal(kind, problem?.Kind);
        Assert.Contains(words, problem!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"kye\": \"a room\"}", "bad_request", "'kye' is not known here. There are 'key', 'spawn', 'user', 'auth'.")]
    [InlineData("{\"env\": {\"A\": \"b\"}}", "not_supported", "'env'")]
    [InlineData("{\"grace_period_seconds\": 5}", "not_supported", "'grace_period_seconds'")]
    public void A_name_that_is_not_known_is_refused_and_not_passed_over(string body, string kind, string words)
    {
        var problem = ConnectCall.Problem(JsonSerializer.Deserialize<ConnectRequest>(body, ApiJson.Options)!, Service.Limits);
        Assert.Equal(kind, problem?.Kind);
        Assert.Contains(words, problem!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_known_and_null_asks_for_nothing() => Assert.Null(ConnectCall.Problem(
        JsonSerializer.Deserialize<ConnectRequest>("""{"key": null, "lock": null, "whatever": null}""", ApiJson.Options)!, Service.Limits));

    [Fact]
    public void Only_false_means_to_join_and_nothing_else() => Assert.False(ConnectCall.Order(Request("false"), Service).Spawn);

    private static ConnectRequest Request(string spawn) =>
        JsonSerializer.Deserialize<ConnectRequest>($$"""{"spawn": {{spawn}}}""", ApiJson.Options)!;
}
