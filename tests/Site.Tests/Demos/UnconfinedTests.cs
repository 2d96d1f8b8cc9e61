using BrowserTech.Site.Tests.Accounts;

namespace BrowserTech.Site.Tests.Demos;

/// <summary>Where there is no sandbox, whoever presses Run knows it, and nobody else can press it.</summary>
public sealed class UnconfinedTests(AccountHub confined)
{
    private const string Page = $"/playground/{AccountHub.Service}";
    private const string Warning = "Not confined";

    [Fact]
    public async Task A_demo_that_is_not_confined_says_so_where_it_is_run()
    {
        await using var hub = await Start("Development");
        using var http = hub.NewClient();
        var page = await http.GetStringAsync(Page);
        Assert.Contains(Warning, page, StringComparison.Ordinal);
        Assert.Contains(">Run</a>", page, StringComparison.Ordinal);
        Assert.Contains("Playground__Sandbox=None says so", hub.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Install bubblewrap", hub.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_production_nothing_runs_without_a_sandbox_and_no_button_says_otherwise()
    {
        await using var hub = await Start("Production");
        using var http = hub.NewClient();
        var page = await http.GetStringAsync(Page);
        Assert.Contains("cannot be run at the moment", page, StringComparison.Ordinal);
        Assert.DoesNotContain(">Run</a>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_confined_has_no_warning()
    {
        Need.Program("bubblewrap", "bwrap");
        using var http = confined.Hub.NewClient();
        var page = await http.GetStringAsync(Page);
        Assert.Contains(">Run</a>", page, StringComparison.Ordinal);
        Assert.DoesNotContain(Warning, page, StringComparison.Ordinal);
    }

    private Task<HubProcess> Start(string environment) => HubProcess.StartAsync(new HubSettings
    {
        Content = confined.Content.Root,
        Environment = { ["Playground__Sandbox"] = "None", ["ASPNETCORE_ENVIRONMENT"] = environment },
    });
}
