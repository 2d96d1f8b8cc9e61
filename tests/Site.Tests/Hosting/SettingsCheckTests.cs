using BrowserTech.Site.Hosting;
using Microsoft.Extensions.Configuration;

namespace BrowserTech.Site.Tests.Hosting;

public sealed class SettingsCheckTests
{
    [Theory]
    [InlineData("Playground:MaxBackends", "abc", "is 'abc'. It must be a whole number from 1 to 100000.")]
    [InlineData("Playground:MaxBackends", "-1", "a whole number from 1 to")]
    [InlineData("Playground:Sandbox", "Docker", "is 'Docker'. It must be one of Auto, Bubblewrap, None.")]
    [InlineData("Playground:Sandbox", "7", "one of Auto")]
    [InlineData("Playground:ControlGroups", "on", "true or false")]
    [InlineData("Playground:DemoEmbedders", "https://talks.example", "__0")]
    [InlineData("Mail:Smtp:Tls", "Yes", "one of None")]
    [InlineData("RateLimits:FormsPerMinute", "", "a whole number")]
    public void A_value_that_cannot_be_is_named_with_what_may_be_there(string name, string value, string wanted)
    {
        var (mistakes, warnings) = Look(name, value);
        var mistake = Assert.Single(mistakes);
        Assert.StartsWith($"The setting {name} (in the environment {name.Replace(":", "__", StringComparison.Ordinal)})", mistake, StringComparison.Ordinal);
        Assert.Contains(wanted, mistake, StringComparison.Ordinal);
        Assert.Empty(warnings);
    }

    [Theory]
    [InlineData("Playground:MaxBackend", "Was Playground:MaxBackends meant?")]
    [InlineData("Hub:TrustedProxy:0", "is no setting")]
    [InlineData("Mail:Smtp:Hots", "Was Mail:Smtp:Host meant?")]
    [InlineData("Mail:Identity:SiteName", "is no setting")]
    public void A_name_that_is_no_setting_is_named(string name, string words)
    {
        var (mistakes, warnings) = Look(name, "5");
        Assert.Empty(mistakes);
        Assert.Contains(words, Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("playground:maxbackends", "5")]
    [InlineData("Playground:Sandbox", "none")]
    [InlineData("Playground:DemoEmbedders:0", "*")]
    [InlineData("Hub:TrustedProxies:0", "10.0.0.2")]
    [InlineData("Hub:Data", "")]
    [InlineData("Mail:Smtp:Password", "secret")]
    [InlineData("Logging:LogLevel:Default", "Debug")]
    public void What_may_be_is_taken_in_silence(string name, string value)
    {
        var (mistakes, warnings) = Look(name, value);
        Assert.Empty(mistakes);
        Assert.Empty(warnings);
    }

    [Fact]
    public async Task Every_setting_is_in_the_page_about_running_a_hub()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(HubProcess.Repository, "docs", "operating.md"));
        var settings = SettingsCheck.Sections.SelectMany(section => SettingsCheck.Settings(section.Key, section.Value)).ToList();
        Assert.True(settings.Count > 30);
        // A row may name several that share their beginning: `Mail__Smtp__Host`, `__Port`.
        Assert.All(settings.Select(each => each.Name.Replace(":", "__", StringComparison.Ordinal)), name =>
            Assert.True(page.Contains($"`{name}", StringComparison.Ordinal) || page.Contains($"`__{name.Split("__")[^1]}`", StringComparison.Ordinal), name));
    }

    private static (IReadOnlyList<string> Mistakes, IReadOnlyList<string> Warnings) Look(string name, string value) =>
        SettingsCheck.Look(new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create(name, (string?)value)]).Build());
}
