using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using BrowserTech.Browser.Tests.Browsing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BrowserTech.Browser.Tests.Journeys;

/// <summary>What the page of the shipped demo shows, in a frame or on its own.</summary>
internal sealed partial class DemoFrame(Func<string, ILocator> find)
{
    public static DemoFrame In(IPage page) => new(selector => page.FrameLocator($"iframe[name=demo-{BrowserHub.Demo}]").Locator(selector));

    public static DemoFrame Of(IPage page) => new(selector => page.Locator(selector));

    public static string Address(HubProcess hub, string query) => $"http://{BrowserHub.Demo}.demo.localhost:{hub.Port}/{query}";

    public ILocator Status => find(".stage__status");

    public ILocator Uptime => find("#uptime");

    public ILocator RoundTrip => find("#rtt");

    public ILocator Tabs => find("#tabs");

    public ILocator Stop => find(".stage__stop");

    public ILocator Curtain => find(".stage__curtain");

    public ILocator Notice => find(".stage__notice");

    /// <summary>Waits until the process runs, and gives its id, which is that of a process of this machine.</summary>
    public async Task<Process> ProcessAsync()
    {
        await Expect(Status).ToContainTextAsync("live");
        await Expect(find("#pid")).ToHaveTextAsync(Number());
        var id = int.Parse(await find("#pid").InnerTextAsync(), CultureInfo.InvariantCulture);
        Assert.Contains("/backend", await File.ReadAllTextAsync($"/proc/{id}/cmdline"), StringComparison.Ordinal);
        return Process.GetProcessById(id);
    }

    /// <summary>Waits for a failure, and sees that its reason is at the top and its last words can be read without looking for them.</summary>
    public async Task TellsWhyAsync()
    {
        await Expect(find(".stage__lead")).ToHaveTextAsync("The process did not start.");
        await Expect(find(".stage__hint")).ToHaveTextAsync("The program exited with code 3 before it was ready.");
        var (scene, lead, output) = (await find(".stage__scene").BoundingBoxAsync(), await find(".stage__lead").BoundingBoxAsync(), await find(".stage__output").BoundingBoxAsync());
        Assert.InRange(lead!.Y - scene!.Y, 0, 40);
        Assert.True(output!.Height >= 90, $"the output is {output.Height} high");
        Assert.InRange(output.Y + output.Height, scene.Y, scene.Y + scene.Height);
        await Expect(find(".stage__run")).ToBeInViewportAsync();
        // Its end is what is seen first.
        Assert.True(await find(".stage__output").EvaluateAsync<bool>("box => box.scrollHeight > box.clientHeight && box.scrollTop + box.clientHeight > box.scrollHeight - 2"));
    }

    /// <summary>Waits until it has run for a few seconds, so that there is something to see.</summary>
    public Task RunsAsync() => Expect(Uptime).ToHaveTextAsync(new Regex("^00:(0[5-9]|[1-5][0-9])$"));

    [GeneratedRegex(@"^\d+$")]
    private static partial Regex Number();
}
