using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Catalog;
using BrowserTech.Playground.Runtimes.Native;

namespace BrowserTech.Playground.Runtimes;

/// <summary>How one backend is to be started, whatever the confinement.</summary>
/// <param name="Spec">What to run.</param>
/// <param name="Folder">Its private folder on the machine.</param>
/// <param name="User">The user to become; null: stay who we are.</param>
/// <param name="FilterFile">The filter of system calls, compiled; null where there is none for this architecture.</param>
/// <param name="Root">What the sandbox begins with; null where there is no sandbox.</param>
internal sealed record Enclosure(BackendSpec Spec, string Folder, uint? User, string? FilterFile, SandboxRoot? Root);

/// <summary>
/// Turns a service's command into a program to start: inside bubblewrap, or bare. Pure but for looking at which folders
/// the system has.
/// <para>
/// Inside, a backend sees the system's programs read-only, its own folder read-only as <c>/backend</c>, its private
/// folder as <c>/run/session</c> and an empty <c>/tmp</c>; no network, no other process, no home, no capability, and a filter between it and
/// the kernel (<see cref="SystemCallFilter"/>). A hub that
/// runs as root does not use a user namespace, in which the backend would still be root to every file outside; it lets
/// bubblewrap mount as root and then becomes a user that exists nowhere else, a different one for each backend.
/// </para>
/// </summary>
internal sealed class Confinement(string? bubblewrap, string? setpriv, string dotnet, GpuDevices? gpu = null)
{
    private readonly GpuDevices _gpu = gpu ?? new GpuDevices();

    public const string InsideFolder = "/run/session";
    public const string InsideBackend = "/backend";
    public const string SocketName = "http.sock";
    public const string NotifyName = "notify.sock";
    public const string AssignmentName = "assignment.sock";

    /// <summary>Said by the hub or by nobody.</summary>
    private static readonly string[] Identity =
        ["SESSION_BACKEND_ID", "SESSION_BACKEND_KEY", "SESSION_BACKEND_FENCING_TOKEN", "SESSION_ASSIGNMENT_SOCKET"];

    /// <summary>
    /// What a sandbox that was made ahead starts with: it reads who it has become, a line each, and becomes the program. Without a
    /// line nobody wants it any more.
    /// </summary>
    private const string ReadIdentity = """
        IFS= read -r SESSION_BACKEND_ID <&6 && IFS= read -r SESSION_BACKEND_KEY <&6 && IFS= read -r SESSION_BACKEND_FENCING_TOKEN <&6 || exit 0
        exec 6<&-
        export SESSION_BACKEND_ID SESSION_BACKEND_KEY SESSION_BACKEND_FENCING_TOKEN PWD
        exec "$@"
        """;

    private const string SearchPath = "/usr/local/bin:/usr/bin:/bin";

    public bool IsConfined => bubblewrap is not null;

    /// <summary>What is mounted in a sandbox beside the system itself.</summary>
    public IEnumerable<string> MountPoints => DotnetIsElsewhere ? [InsideFolder, InsideBackend, DotnetRoot] : [InsideFolder, InsideBackend];

    private string DotnetRoot => Path.GetDirectoryName(dotnet)!;

    /// <summary>Not in <c>/usr</c>, which every sandbox has.</summary>
    private bool DotnetIsElsewhere => !DotnetRoot.StartsWith("/usr/", StringComparison.Ordinal);

    public SpawnRequest Build(Enclosure enclosure)
    {
        var (spec, folder, user, filter, root) = enclosure;
        var inside = bubblewrap is not null;
        var command = Resolve(spec.Service, inside);
        var environment = Environment(spec, inside ? InsideFolder : folder);
        if (!inside) return Bare(command, environment, spec.Service.BackendFolder);

        var cards = spec.Service.Gpu ? _gpu.Find() : [];
        List<string> arguments =
        [
            "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try",
            "--hostname", "backend",
            "--die-with-parent", "--new-session", "--cap-drop", "ALL",
            "--json-status-fd", $"{PosixSpawn.StatusDescriptor}", "--block-fd", $"{PosixSpawn.GoDescriptor}",
            .. filter is null ? Array.Empty<string>() : ["--seccomp", $"{PosixSpawn.FilterDescriptor}"],
            .. root!.Arguments(),
            .. _gpu.Arguments(cards),
            .. DotnetIsElsewhere ? ["--ro-bind", DotnetRoot, DotnetRoot] : Array.Empty<string>(),
            "--perms", "1777", "--size", $"{spec.Service.Limits.TmpBytes}", "--tmpfs", "/tmp",
            "--bind", folder, InsideFolder,
            "--ro-bind", spec.Service.BackendFolder, InsideBackend,
            "--chdir", InsideBackend,
        ];
        if (user is { } id)
        {
            arguments.AddRange(["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--"]);
            arguments.AddRange([setpriv!, "--reuid", $"{id}", "--regid", $"{id}", .. GroupsFor(cards), "--"]);
        }
        else
        {
            arguments.InsertRange(0, ["--unshare-user", "--disable-userns"]);
            arguments.Add("--");
        }

        var ahead = spec.Ahead == Ahead.Sandbox;
        if (ahead) arguments.AddRange(["/bin/sh", "-c", ReadIdentity, "backend"]);
        arguments.AddRange(command);
        // The environment is exactly this already; --clearenv and --setenv would put it on a command line others can read.
        return new SpawnRequest(bubblewrap!, arguments, environment, "/") { FilterFile = filter, ReadsIdentity = ahead };
    }

    private string[] GroupsFor(IReadOnlyList<string> cards) =>
        string.Join(',', _gpu.Groups(cards)) is { Length: > 0 } groups ? ["--groups", groups] : ["--clear-groups"];

    /// <summary>What a sandbox that was made ahead is told. No key has a line end in it.</summary>
    public static byte[] IdentityOf(BackendSpec spec) => Encoding.UTF8.GetBytes($"{spec.Id}\n{spec.Key}\n{spec.Fencing}\n");

    private SpawnRequest Bare(
        IReadOnlyList<string> command, Dictionary<string, string> environment, string workingFolder)
    {
        var program = Path.IsPathRooted(command[0])
            ? command[0]
            : SearchPath.Split(':').Select(folder => Path.Combine(folder, command[0])).FirstOrDefault(File.Exists)
                ?? throw new BackendStartException($"The program '{command[0]}' was not found.");
        return setpriv is null
            ? new SpawnRequest(program, [.. command.Skip(1)], environment, workingFolder)
            : new SpawnRequest(
                setpriv, ["--pdeathsig", "KILL", "--", program, .. command.Skip(1)], environment, workingFolder);
    }

    /// <exception cref="BackendStartException">The program is not there, or outside the folder.</exception>
    private List<string> Resolve(ServiceDefinition service, bool inside)
    {
        if (service.Command.Count == 0) throw new BackendStartException("The service has no command.");
        var program = service.Command[0];
        var arguments = service.Command.Skip(1);
        if (program == "dotnet")
        {
            // Told here in words; the runtime would answer with a page about its commands.
            if (service.Command is [_, var assembly, ..] && !File.Exists(Path.Combine(service.BackendFolder, assembly)))
                throw new BackendStartException($"'{assembly}' is not in the backend's folder. Has it been built?");
            return [dotnet, .. arguments];
        }

        if (Path.IsPathRooted(program))
            throw new BackendStartException($"The program '{program}' must be a path inside the backend's folder, or the bare name of a program in /usr/bin.");
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(service.BackendFolder));
        var path = Path.GetFullPath(Path.Combine(root, program));
        if (!path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new BackendStartException($"The program '{program}' is outside the backend's folder.");
        if (File.Exists(path))
            return [inside ? Path.Combine(InsideBackend, Path.GetRelativePath(root, path)) : path, .. arguments];
        if (program.Contains('/', StringComparison.Ordinal))
            throw new BackendStartException($"The program '{program}' is not in the backend's folder. Has it been built?");
        return [program, .. arguments];
    }

    private Dictionary<string, string> Environment(BackendSpec spec, string folder)
    {
        var environment = new Dictionary<string, string>(spec.Service.Environment, StringComparer.Ordinal)
        {
            ["SESSION_SOCKET"] = Path.Combine(folder, SocketName),
            ["NOTIFY_SOCKET"] = Path.Combine(folder, NotifyName),
        };
        foreach (var name in Identity) environment.Remove(name);
        if (spec.Ahead == Ahead.Nothing)
        {
            environment["SESSION_BACKEND_ID"] = spec.Id.Value;
            environment["SESSION_BACKEND_KEY"] = spec.Key?.Value ?? "";
            environment["SESSION_BACKEND_FENCING_TOKEN"] = spec.Fencing.ToString();
        }
        else if (spec.Ahead == Ahead.Program)
        {
            environment["SESSION_ASSIGNMENT_SOCKET"] = Path.Combine(folder, AssignmentName);
        }

        environment.TryAdd("PATH", SearchPath);
        environment.TryAdd("HOME", "/tmp");
        environment.TryAdd("LANG", "C.UTF-8");
        environment.TryAdd("DOTNET_ROOT", DotnetRoot);
        // No diagnostic pipes in /tmp, and a few milliseconds less to start.
        environment.TryAdd("DOTNET_EnableDiagnostics", "0");
        // .NET sees no control group from inside; told what it may use, it collects garbage before it is killed.
        environment.TryAdd("DOTNET_GCHeapHardLimit", (spec.Service.Limits.MemoryBytes / 4 * 3).ToString("x", CultureInfo.InvariantCulture));
        return environment;
    }

    /// <summary>The dotnet program of the runtime the hub runs on: <c>ROOT/shared/Microsoft.NETCore.App/VERSION/</c>.</summary>
    public static string FindDotnet()
    {
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var program = Path.Combine(root, "dotnet");
        return File.Exists(program) ? program : "/usr/bin/dotnet";
    }
}
