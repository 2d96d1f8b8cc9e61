using BrowserTech.Browser.Tests.Screenshots;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace BrowserTech.Browser.Tests;

/// <summary>The test runner, as xunit would generate it; or, started by <c>tools/screenshots</c> or <c>tools/posters</c>, the photographer.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args)
    {
        if (args is [Photographer.Command, ..]) return Photographer.RunAsync(args[1..]);
        if (args is [PosterTaker.Command, ..]) return PosterTaker.RunAsync(args[1..]);
        return args.Any(arg => arg is "--server" or "--internal-msbuild-node")
            ? TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
            : ConsoleRunner.Run(args);
    }
}
