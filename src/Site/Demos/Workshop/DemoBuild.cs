using System.Diagnostics;

namespace BrowserTech.Site.Demos.Workshop;

/// <summary>Runs the program that builds a demo, and prints what it says.</summary>
/// <param name="program">See <see cref="Hosting.HubOptions.DemoBuilder"/>.</param>
public sealed class DemoBuild(string program)
{
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
            try
            {
                await build.WaitForExitAsync(cancel);
            }
            catch (OperationCanceledException)
            {
                build.Kill(entireProcessTree: true);
                throw;
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
