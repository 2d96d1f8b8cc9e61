using System.Diagnostics;
using System.Globalization;
using BrowserTech.RemoteCanvas.Encoding;

namespace BrowserTech.RemoteCanvas.Tests;

/// <summary>The ffmpeg of this machine, each start of which is written down, behind whatever a test puts before it.</summary>
internal sealed class TracedFfmpeg : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ffmpeg-");

    /// <param name="before">Lines of shell. They may end it before ffmpeg takes its place.</param>
    public TracedFfmpeg(string before = "")
    {
        var ffmpeg = Need.Program("ffmpeg", "ffmpeg");
        Program = Path.Combine(_folder.FullName, "ffmpeg");
        File.WriteAllText(Program + ".sh", $"#!/bin/sh\necho $$ >> '{_folder.FullName}/starts'\n{before}\nexec '{ffmpeg}' \"$@\"\n");
        // Copied by somebody else: what this process has open for writing a process that it starts at the same moment has open too, and then it cannot be run.
        using var copying = Process.Start("install", ["-m", "755", Program + ".sh", Program]);
        copying.WaitForExit();
        Ffmpeg = new Ffmpeg(Program);
    }

    public string Program { get; }

    public Ffmpeg Ffmpeg { get; }

    /// <summary>The processes, in order.</summary>
    public IReadOnlyList<int> Starts => File.Exists(Path.Combine(_folder.FullName, "starts"))
        ? [.. File.ReadAllLines(Path.Combine(_folder.FullName, "starts")).Select(line => int.Parse(line, CultureInfo.InvariantCulture))]
        : [];

    /// <summary>As the kernel does that runs out of memory.</summary>
    public void KillNewest()
    {
        using var process = Process.GetProcessById(Starts[^1]);
        process.Kill();
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
