using BrowserTech.Newsletter.Tests.Delivery;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace BrowserTech.Newsletter.Tests;

/// <summary>The test runner, as xunit would generate it; or, started by a test, the sender that the test kills.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args)
    {
        if (args is [SenderProcess.Command, ..]) return SenderProcess.RunAsync(args[1..]);
        return args.Any(arg => arg is "--server" or "--internal-msbuild-node")
            ? TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
            : ConsoleRunner.Run(args);
    }
}
