using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Runtimes.Limits;
using BrowserTech.Playground.Runtimes.Native;

namespace BrowserTech.Playground.Runtimes;

/// <summary>
/// The hub's folder of running backends, <c>bt-xxxxxx</c> in the temporary folder, readable by nobody else. The hub holds a lock
/// in it for as long as it lives; a folder whose lock is free was left by a hub that was killed, and is removed, with
/// whatever process of it still runs, when the next hub starts. What became of its backends is for a hub of the same data folder
/// to tell: any other ends what runs and leaves the notes.
/// </summary>
public sealed class RunFolder : IDisposable
{
    internal const string Prefix = "bt-";
    private const string LockName = "lock";
    private const string ProcessName = "process";
    private const string OwnerName = "owner";

    private readonly FileStream _lock;
    private readonly List<BackendNote> _lost = [];

    /// <param name="options">Where it is made.</param>
    /// <param name="owner">The hub's data folder, which tells it from other hubs of the machine.</param>
    /// <param name="clock">Tells how old a group is that nobody owns up to.</param>
    /// <param name="log">Told of what was left.</param>
    public RunFolder(IOptions<PlaygroundOptions> options, string owner, TimeProvider clock, ILogger<RunFolder> log)
    {
        var parent = options.Value.RunFolder;
        Directory.CreateDirectory(parent);
        owner = System.IO.Path.GetFullPath(owner);
        RemoveLeftovers(parent, owner, log);
        ControlGroups.RemoveForgotten(clock.GetUtcNow(), name => Directory.Exists(System.IO.Path.Combine(parent, name)));

        (Root, _lock) = Make(parent);
        File.WriteAllText(System.IO.Path.Combine(Root, OwnerName), owner);
    }

    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public string Root { get; }

    /// <summary>The backends an earlier hub ran when it was killed.</summary>
    public IReadOnlyList<BackendNote> Lost => _lost;

    /// <summary>Makes the private folder of one backend.</summary>
    public string Create(BackendId id)
    {
        var folder = System.IO.Path.Combine(Root, id.Value);
        Directory.CreateDirectory(folder, OwnerOnly);
        return folder;
    }

    /// <summary>
    /// Notes which process belongs to the folder, so that the next hub can end it if this one is killed, and can say what
    /// became of it. Without the note (a full disk) the backend runs all the same: this hub watches it by other means.
    /// </summary>
    public static void Note(string folder, BackendNote note, ILogger log)
    {
        try
        {
            File.WriteAllBytes(NotePath(folder), note.ToJson());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            log.LogWarning(
                error, "Process {Pid} could not be noted; if this hub is killed, the next one will not end it", note.Pid);
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

    private void RemoveLeftovers(string parent, string owner, ILogger log)
    {
        foreach (var folder in Directory.EnumerateDirectories(parent, Prefix + "??????"))
        {
            try
            {
                // Anybody may make one of that name, with notes in it of processes that are to be killed.
                if (!PrivateFolder.IsOurs(folder)) continue;
                var lockFile = System.IO.Path.Combine(folder, LockName);
                if (!File.Exists(lockFile)) continue;
                using (new FileStream(lockFile, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                {
                    var notes = Directory.EnumerateFiles(folder, "*." + ProcessName)
                        .Select(file => BackendNote.FromJson(File.ReadAllBytes(file))).OfType<BackendNote>().ToList();
                    var killed = notes.Count(Kill) + KillSandboxesOf(folder);
                    _ = ControlGroups.RemoveLeftovers(System.IO.Path.GetFileName(folder));
                    if (notes.Count > 0 && OwnerOf(folder) is { } other && other != owner && Directory.Exists(other))
                    {
                        foreach (var each in Directory.EnumerateDirectories(folder)) Directory.Delete(each, recursive: true);
                        continue;
                    }

                    _lost.AddRange(notes);
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

    private static string? OwnerOf(string folder)
    {
        var file = System.IO.Path.Combine(folder, OwnerName);
        return File.Exists(file) ? File.ReadAllText(file) : null;
    }

    /// <summary>
    /// A sandbox's first process waits for bubblewrap before it is bound to it; if the hub was killed in that instant, it waits
    /// still, and nobody had noted it. It is known by the folder on its command line.
    /// </summary>
    private static int KillSandboxesOf(string folder)
    {
        var count = 0;
        foreach (var process in Directory.EnumerateDirectories("/proc").Select(System.IO.Path.GetFileName))
        {
            if (!int.TryParse(process, System.Globalization.CultureInfo.InvariantCulture, out var pid)) continue;
            if (ProcessStat.Arguments(pid) is not [var program, ..] arguments || !program.EndsWith("/bwrap", StringComparison.Ordinal))
                continue;
            if (arguments.Any(each => each.StartsWith(folder + "/", StringComparison.Ordinal))
                && Libc.Kill(pid, Libc.SigKill) == 0) count++;
        }

        return count;
    }

    /// <summary>A pid alone may belong to somebody else by now; with the time it was started it does not.</summary>
    private static bool Kill(BackendNote note) =>
        note.Pid > 1 && note.StartTicks is { } ticks && ProcessStat.StartTicks(note.Pid) == ticks
        // Each backend leads a process group of its own.
        && Libc.Kill(-note.Pid, Libc.SigKill) == 0;
}
