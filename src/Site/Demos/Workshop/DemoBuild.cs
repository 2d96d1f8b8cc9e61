using System.Diagnostics;

namespace BrowserTech.Site.Demos.Workshop;

/// <summary>Runs the program that builds a demo, and prints what it says.</summary>
/// <param name="program">See <see cref="Hosting.HubOptions.DemoBuilder"/>.</param>
public sealed class DemoBuild(string program)
{
    /// <summary>A build that waits for a network that is not there would keep every other from its turn.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <returns>False where it failed; why was printed.</returns>
    public async Task<bool> RunAsync(string folder, DemoParts parts, CancellationToken cancel)
    {
        var slug = Path.GetFileName(folder);
        List<string> words = [folder];
        if (parts.HasFlag(DemoParts.Backend)) words.Add("backend");
        if (parts.HasFlag(DemoParts.Client)) words.Add("client");
        var start = new ProcessStartInfo(program, words) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        try
        {
            using var build = Process.Start(start)!;
            build.StandardInput.Close();
            build.OutputDataReceived += (_, said) => Say(slug, said.Data);
            build.ErrorDataReceived += (_, said) => Say(slug, said.Data);
            build.BeginOutputReadLine();
            build.BeginErrorReadLine();
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            limit.CancelAfter(Longest);
            try
            {
                await build.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                build.Kill(entireProcessTree: true);
                cancel.ThrowIfCancellationRequested();
                Say(slug, $"Its build was ended after {Longest.TotalMinutes:0} minutes.");
                return false;
            }

            return build.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            Say(slug, $"{program} could not be started: {error.Message}");
            return false;
        }
    }

    public static void Say(string slug, string? line)
    {
        if (!string.IsNullOrWhiteSpace(line)) Console.Out.WriteLine(ConsoleOutput.Line(slug, line));
    }
}
