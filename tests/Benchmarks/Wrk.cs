using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using BrowserTech.TestKit;

namespace BrowserTech.Benchmarks;

/// <summary>Load by wrk: 2 threads, 32 connections kept alive, on loopback.</summary>
internal static partial class Wrk
{
    /// <summary>Answers a second.</summary>
    /// <exception cref="InvalidOperationException">Some answers were refusals.</exception>
    public static async Task<double> LoadAsync(Uri address, int seconds, params string[] options)
    {
        using var run = Process.Start(new ProcessStartInfo(Need.Program("wrk", "wrk"), ["-t2", "-c32", $"-d{seconds}s", .. options, address.ToString()])
        {
            RedirectStandardOutput = true, UseShellExecute = false,
        })!;
        var output = await run.StandardOutput.ReadToEndAsync();
        await run.WaitForExitAsync();
        if (output.Contains("Non-2xx", StringComparison.Ordinal)) throw new InvalidOperationException(output);
        return double.Parse(Rate().Match(output).Groups["rate"].Value, CultureInfo.InvariantCulture);
    }

    public static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    [GeneratedRegex(@"Requests/sec:\s+(?<rate>[0-9.]+)", RegexOptions.NonBacktracking)]
    private static partial Regex Rate();
}
