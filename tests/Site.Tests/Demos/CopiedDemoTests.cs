using System.Diagnostics;
using System.Text.Json;

namespace BrowserTech.Site.Tests.Demos;

/// <summary>A copy of a demo's folder is a demo: nothing in it has to be named after the folder.</summary>
public sealed class CopiedDemoTests
{
    [Fact]
    public async Task Its_program_is_built_under_the_name_its_command_has_and_apart_from_the_others()
    {
        var demo = Path.Combine(HubProcess.Repository, "content", "demos", "session-backend");
        var project = Directory.EnumerateFiles(Path.Combine(demo, "backend"), "*.csproj").Single();
        using var process = Process.Start(new ProcessStartInfo("dotnet",
        [
            "msbuild", project, "-nologo", $"-p:DemoFolder={Path.Combine(Path.GetDirectoryName(demo)!, "mine")}",
            "-getProperty:AssemblyName", "-getProperty:BuiltDemo", "-getProperty:BaseIntermediateOutputPath",
        ])
        { RedirectStandardOutput = true, UseShellExecute = false })!;
        var said = await process.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(1));
        using var json = JsonDocument.Parse(said);
        var properties = json.RootElement.GetProperty("Properties");
        Assert.Contains($"command: [./{properties.GetProperty("AssemblyName").GetString()}]",
            await File.ReadAllTextAsync(Path.Combine(demo, "demo.md")), StringComparison.Ordinal);
        Assert.EndsWith("/artifacts/demos-debug/mine/", properties.GetProperty("BuiltDemo").GetString(), StringComparison.Ordinal);
        Assert.Contains("demo-mine", properties.GetProperty("BaseIntermediateOutputPath").GetString(), StringComparison.Ordinal);
    }
}
