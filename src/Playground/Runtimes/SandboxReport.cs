using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using BrowserTech.Playground.Runtimes.Limits;
using BrowserTech.Playground.Runtimes.Native;

namespace BrowserTech.Playground.Runtimes;

/// <summary>
/// What is in force on this machine when a backend is started, and what that means. Found out once, by really starting a program in
/// the sandbox: a bubblewrap that is installed may still be forbidden to work.
/// </summary>
/// <param name="Confined">Backends run inside bubblewrap.</param>
/// <param name="CanRun">Whether any service can run at all.</param>
/// <param name="Summary">One line for the start message.</param>
/// <param name="Advice">What to do about it; null where nothing is missing.</param>
public sealed record SandboxReport(bool Confined, bool CanRun, string Summary, string? Advice)
{
    /// <summary>Whether each backend gets a user of its own.</summary>
    internal static bool AsRoot { get; } = OperatingSystem.IsLinux() && Libc.EffectiveUser() == 0;

    /// <summary>What a backend is held to and by what, in words: the same ones when the hub starts and in the status of each backend.</summary>
    internal static string InForce(bool confined, GroupsInForce groups) =>
        (confined ? "bubblewrap: no network, read-only system, private /tmp, no capabilities" + (AsRoot ? ", a user of its own for each backend" : "")
            : "no sandbox, the user of the hub")
        + (confined && SystemCallFilter.For(RuntimeInformation.ProcessArchitecture) is not null ? "; filtered system calls" : "")
        + (groups.Any ? $"; limits by control groups (version {groups.Version}): {groups.Words}" : "; limits by process (rlimits)");
}

/// <summary>Finds the programs of the sandbox and tries them.</summary>
internal sealed class Sandbox
{
    private static readonly string[] SystemFolders = ["/usr/bin", "/bin", "/usr/local/bin", "/usr/sbin"];

    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(5);

    private readonly bool _confined;

    public Sandbox(IOptions<PlaygroundOptions> options)
    {
        var mode = options.Value.Sandbox;
        var dotnet = Confinement.FindDotnet();
        var setpriv = Find("setpriv");

        var (bubblewrap, trouble) = mode == SandboxMode.None ? (null, "switched off in the configuration") : Try(setpriv);
        Confinement = new Confinement(bubblewrap, setpriv, dotnet);
        AllowUnconfined = mode != SandboxMode.Bubblewrap && options.Value.AllowUnconfined;
        Trouble = trouble;
        _confined = bubblewrap is not null;
    }

    public Confinement Confinement { get; }

    /// <summary>Why there is none; null where there is one.</summary>
    public string? Trouble { get; }

    public bool AllowUnconfined { get; }

    /// <summary>Whether each backend gets a user of its own.</summary>
    public bool AsRoot => SandboxReport.AsRoot;

    public SandboxReport Report(GroupsInForce groups)
    {
        if (_confined)
        {
            return new SandboxReport(
                true, true, SandboxReport.InForce(true, groups),
                groups is { Memory: true, Cpu: true, Pids: true } ? null
                    : "No control group can be made for all of memory, processors and processes: limits of single processes stand in "
                    + "(docs/operating.md says how to give the hub a group of its own).");
        }

        const string Install = "Install bubblewrap (Debian, Ubuntu, Fedora, Arch: package bubblewrap) to confine backends.";
        if (!OperatingSystem.IsLinux())
            return new SandboxReport(false, false, "none: session backends need Linux.", "Demos cannot be run here.");
        return AllowUnconfined
            ? new SandboxReport(false, true,
                $"none ({Trouble}): this repository's own demos run UNCONFINED: {SandboxReport.InForce(false, groups)}",
                Install)
            : new SandboxReport(false, false, $"none ({Trouble}): no demo can be run.", Install);
    }

    private (string? Bubblewrap, string? Trouble) Try(string? setpriv)
    {
        if (!OperatingSystem.IsLinux()) return (null, "not Linux");
        if (Find("bwrap") is not { } program) return (null, "bubblewrap is not installed");
        if (AsRoot && setpriv is null) return (null, "setpriv (package util-linux) is not installed");

        // With everything in it that a backend's has: what works here works then.
        var filter = WriteFilter();
        List<string> arguments =
        [
            .. AsRoot ? Array.Empty<string>() : ["--unshare-user", "--disable-userns"],
            "--unshare-pid", "--unshare-net", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev",
            "--cap-drop", "ALL", .. filter is null ? Array.Empty<string>() : ["--seccomp", $"{PosixSpawn.FilterDescriptor}"],
            "--", "/bin/sh", "-c", "exit 0",
        ];
        using var watch = new ProcessWatch();
        var request = new SpawnRequest(program, arguments, new Dictionary<string, string>(), "/") { FilterFile = filter };
        Spawned spawned;
        try
        {
            spawned = PosixSpawn.Start(request);
        }
        catch (IOException exception)
        {
            return (null, $"bubblewrap is installed but cannot be started: {exception.Message}");
        }
        finally
        {
            // Opened by the child before the call above returned.
            if (filter is not null) File.Delete(filter);
        }

        using (spawned.Output)
        using (spawned.Status)
        {
            var exit = watch.ExitOf(spawned.Pid);
            // Once, at start, before anything is served: waiting here keeps every later path free of "not known yet".
            if (!((IAsyncResult)exit).AsyncWaitHandle.WaitOne(ProbeLimit))
            {
                _ = Libc.Kill(spawned.Pid, Libc.SigKill);
                return (null, "bubblewrap does not answer");
            }

            if (exit.GetAwaiter().GetResult().Code == 0) return (program, null);
            var buffer = new byte[1024];
            var said = System.Text.Encoding.UTF8.GetString(buffer, 0, spawned.Output.Receive(buffer));
            return (null, $"bubblewrap is installed but may not work here: {said.Trim()}");
        }
    }

    private static string? WriteFilter()
    {
        if (SystemCallFilter.For(RuntimeInformation.ProcessArchitecture) is not { } filter) return null;
        var path = Path.GetTempFileName();
        File.WriteAllBytes(path, filter);
        return path;
    }

    private static string? Find(string name) =>
        SystemFolders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
