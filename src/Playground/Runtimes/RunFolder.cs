using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Runtimes.Native;

namespace BrowserTech.Playground.Runtimes;

/// <summary>
/// The hub's folder of running backends, <c>bt-xxxxxx</c> in the temporary folder, readable by nobody else. The hub holds a lock
/// in it for as long as it lives; a folder whose lock is free was left by a hub that was killed, and is removed, with
/// whatever process of it still runs, when the next hub starts.
/// </summary>
public sealed class RunFolder : IDisposable
{
    private const string Prefix = "bt-";
    private const string LockName = "lock";
    private const string ProcessName = "process";

    private readonly FileStream _lock;

    public RunFolder(IOptions<PlaygroundOptions> options, ILogger<RunFolder> log)
    {
        var parent = options.Value.RunFolder;
        Directory.CreateDirectory(parent);
        RemoveLeftovers(parent, log);

        (Root, _lock) = Make(parent);
    }

    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public string Root { get; }

    /// <summary>Makes the private folder of one backend.</summary>
    public string Create(BackendId id)
    {
        var folder = System.IO.Path.Combine(Root, id.Value);
        Directory.CreateDirectory(folder, OwnerOnly);
        return folder;
    }

    /// <summary>
    /// Notes which process belongs to the folder, so that the next hub can end it if this one is killed. Pid and start
    /// time together: a pid alone may belong to somebody else by then. Without the note (a full disk) the backend runs all
    /// the same: this hub watches it by other means.
    /// </summary>
    public static void Note(string folder, int pid, ILogger log)
    {
        try
        {
            if (ProcessStat.StartTicks(pid) is { } ticks)
                File.WriteAllText(NotePath(folder), string.Create(CultureInfo.InvariantCulture, $"{pid} {ticks}"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            log.LogWarning(error, "Process {Pid} could not be noted; if this hub is killed, the next one will not end it", pid);
        }
    }

    public static void Remove(string folder, ILogger log)
    {
        try
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            File.Delete(NotePath(folder));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            log.LogWarning(error, "The folder of an ended backend could not be removed: {Folder}", folder);
        }
    }

    public void Dispose()
    {
        _lock.Dispose();
        try
        {
            Directory.Delete(Root, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The next hub removes it.
        }
    }

    /// <summary>
    /// A hub that starts at the same instant may take the folder for a leftover before its lock is held; then there is
    /// another name.
    /// </summary>
    private static (string Root, FileStream Lock) Make(string parent)
    {
        for (var attempt = 1;; attempt++)
        {
            var root = System.IO.Path.Combine(parent, Prefix + RandomNumberGenerator.GetString(Naming.Alphabet, 6));
            try
            {
                Directory.CreateDirectory(root, OwnerOnly);
                return (root, new FileStream(
                    System.IO.Path.Combine(root, LockName), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException) when (attempt < 3)
            {
                // Taken by another hub.
            }
        }
    }

    // Beside the folder and not in it: what is in it can be written by the backend.
    private static string NotePath(string folder) => folder + "." + ProcessName;

    private static void RemoveLeftovers(string parent, ILogger log)
    {
        foreach (var folder in Directory.EnumerateDirectories(parent, Prefix + "??????"))
        {
            try
            {
                var lockFile = System.IO.Path.Combine(folder, LockName);
                if (!File.Exists(lockFile)) continue;
                using (new FileStream(lockFile, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                {
                    var killed = Directory.EnumerateFiles(folder, "*." + ProcessName).Count(KillNoted);
                    Directory.Delete(folder, recursive: true);
                    log.LogInformation(
                        "Removed {Folder}, left by a hub that was killed, and {Count} processes", folder, killed);
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Held by a living hub, or somebody else's.
            }
        }
    }

    private static bool KillNoted(string note)
    {
        var parts = File.ReadAllText(note).Split(' ');
        if (parts.Length != 2 || !int.TryParse(parts[0], CultureInfo.InvariantCulture, out var pid)) return false;
        if (!long.TryParse(parts[1], CultureInfo.InvariantCulture, out var ticks)) return false;
        if (pid <= 1 || ProcessStat.StartTicks(pid) != ticks) return false;
        // Each backend leads a process group of its own.
        return Libc.Kill(-pid, Libc.SigKill) == 0;
    }
}
