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

    /// <summary>Who starts processes faster than they are ended is not chased for ever.</summary>
    private const int KillRounds = 10;

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
            // The note first: whatever becomes of the folder, nobody is to take this backend for a lost one.
            File.Delete(NotePath(folder));
            FolderRemoval.Remove(folder);
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
            FolderRemoval.Remove(Root);
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
                    var files = Directory.GetFiles(folder, "*." + ProcessName);
                    var notes = new List<BackendNote>();
                    var killed = 0;
                    foreach (var file in files)
                    {
                        if (BackendNote.FromJson(File.ReadAllBytes(file)) is not { } note) continue;
                        notes.Add(note);
                        killed += Kill(note, file[..^(ProcessName.Length + 1)]);
                    }

                    killed += KillSandboxesOf(folder);
                    _ = ControlGroups.RemoveLeftovers(System.IO.Path.GetFileName(folder));
                    if (notes.Count > 0 && OwnerOf(folder) is { } other && other != owner && Directory.Exists(other))
                    {
                        foreach (var each in Directory.GetDirectories(folder)) FolderRemoval.Remove(each);
                        continue;
                    }

                    _lost.AddRange(notes);
                    foreach (var file in files) File.Delete(file); // told once, even if something of the rest cannot be removed
                    FolderRemoval.Remove(folder);
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
        foreach (var pid in ProcessStat.All())
        {
            if (ProcessStat.Arguments(pid) is not [var program, ..] arguments || !program.EndsWith("/bwrap", StringComparison.Ordinal))
                continue;
            if (arguments.Any(each => each.StartsWith(folder + "/", StringComparison.Ordinal))
                && Libc.Kill(pid, Libc.SigKill) == 0) count++;
        }

        return count;
    }

    /// <summary>
    /// Ends a backend: the process that was noted, and what it started without a sandbox to take it along. Tells how many.
    /// <para>
    /// A pid alone may belong to somebody else by now; with the time it was started it does not. Each backend leads a session of its own,
    /// whose number is used for nothing else while anything is in it. So while the leader is ours, all of its session is; and when the leader
    /// is gone, those in a session of its number are ours too, unless all of ours had ended and somebody else led a session of that number
    /// since. Therefore a process without its leader must also have been started with the path of the backend's socket, which is never
    /// used twice; one that hides it is left alone.
    /// </para>
    /// </summary>
    private static int Kill(BackendNote note, string folder)
    {
        if (note.Pid <= 1 || note.StartTicks is not { } ticks) return 0;
        var leader = ProcessStat.StartTicks(note.Pid);
        if (leader is not null && leader != ticks) return 0; // its number is another's: nothing is left of its session
        // By its last names, which no two have: the folder for all of them may have been told otherwise by now.
        var socket = string.Join('/', "", System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(folder)), System.IO.Path.GetFileName(folder), Confinement.SocketName);
        // Its group at once, before it can start more.
        if (leader is not null) _ = Libc.Kill(-note.Pid, Libc.SigKill);
        var killed = leader is null ? 0 : 1;
        for (var round = 0; round < KillRounds; round++)
        {
            var left = ProcessStat.All().Where(pid => pid != note.Pid && ProcessStat.Session(pid) == note.Pid && ProcessStat.IsRunning(pid)
                && ProcessStat.StartTicks(pid) >= ticks && (leader is not null || ProcessStat.Variable(pid, "SESSION_SOCKET")?.EndsWith(socket, StringComparison.Ordinal) is true)).ToList();
            if (left.Count == 0) break;
            killed += left.Count(pid => Libc.Kill(pid, Libc.SigKill) == 0);
        }

        return killed;
    }
}
