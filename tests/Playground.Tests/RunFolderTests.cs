using System.Net.Sockets;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Catalog;
using BrowserTech.Playground.Runtimes;
using BrowserTech.Playground.Runtimes.Native;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace BrowserTech.Playground.Tests;

/// <summary>What is left of backends, and of hubs that were killed, and who removes it.</summary>
public sealed partial class RunFolderTests(SharedHub shared)
{
    private Hub Hub => shared.Hub;

    [Fact]
    public async Task What_a_killed_hub_left_is_ended_and_removed_by_the_next_one_but_a_living_hubs_is_not()
    {
        var parent = Directory.CreateTempSubdirectory("run-");
        var options = Options.Create(new PlaygroundOptions { RunFolder = parent.FullName });
        using var living = new RunFolder(options, parent.FullName, TimeProvider.System, NullLogger<RunFolder>.Instance);

        var left = Directory.CreateDirectory(Path.Combine(parent.FullName, "bt-killed"), RunFolder.OwnerOnly).FullName;
        var backend = Directory.CreateDirectory(Path.Combine(left, BackendId.New().Value)).FullName;
        await File.WriteAllTextAsync(Path.Combine(left, "lock"), "");
        using var watch = new ProcessWatch();
        var orphan = PosixSpawn.Start(new SpawnRequest("/usr/bin/sleep", ["600"], new Dictionary<string, string>(), "/"));
        using var output = orphan.Output;
        using var status = orphan.Status;
        var ended = watch.ExitOf(orphan.Pid);
        RunFolder.Note(backend, BackendNote.Of(SandboxTests.Spec(), orphan.Pid), NullLogger.Instance);

        using (var next = new RunFolder(options, parent.FullName, TimeProvider.System, NullLogger<RunFolder>.Instance))
        {
            Assert.Equal(EndReason.Lost, Assert.Single(next.Lost).Lost(DateTimeOffset.UnixEpoch)!.Reason);
            Assert.Equal(9, (await ended.Soon()).Signal);
            Assert.False(Directory.Exists(left));
            Assert.True(Directory.Exists(living.Root));
        }

        living.Dispose();
        parent.Delete(recursive: true);
    }

    [Fact]
    public void A_folder_somebody_else_made_is_believed_nothing()
    {
        var parent = Directory.CreateTempSubdirectory("run-");
        var planted = parent.CreateSubdirectory("bt-wicked").FullName; // open to others, as they make them
        using var victim = System.Diagnostics.Process.Start("sleep", "600")!;
        File.WriteAllText(Path.Combine(planted, "lock"), "");
        RunFolder.Note(Path.Combine(planted, BackendId.New().Value), BackendNote.Of(SandboxTests.Spec(), victim.Id), NullLogger.Instance);
        Directory.CreateSymbolicLink(Path.Combine(parent.FullName, "bt-linked"), planted);
        var options = Options.Create(new PlaygroundOptions { RunFolder = parent.FullName });
        using (var folders = new RunFolder(options, parent.FullName, TimeProvider.System, NullLogger<RunFolder>.Instance)) Assert.Empty(folders.Lost);
        Assert.False(victim.HasExited);
        Assert.True(Directory.Exists(planted));
        victim.Kill();
        parent.Delete(recursive: true);
    }

    [Fact]
    public void What_became_of_a_backend_is_left_for_a_hub_of_the_same_data_to_tell()
    {
        var parent = Directory.CreateTempSubdirectory("run-");
        var (mine, other) = (parent.CreateSubdirectory("mine").FullName, parent.CreateSubdirectory("other").FullName);
        var options = Options.Create(new PlaygroundOptions { RunFolder = parent.FullName });
        var left = Directory.CreateDirectory(Path.Combine(parent.FullName, "bt-killed"), RunFolder.OwnerOnly).FullName;
        var backend = Directory.CreateDirectory(Path.Combine(left, BackendId.New().Value)).FullName;
        File.WriteAllText(Path.Combine(left, "lock"), "");
        File.WriteAllText(Path.Combine(left, "owner"), mine);
        RunFolder.Note(backend, BackendNote.Of(SandboxTests.Spec(), int.MaxValue), NullLogger.Instance);

        using (var stranger = new RunFolder(options, other, TimeProvider.System, NullLogger<RunFolder>.Instance)) Assert.Empty(stranger.Lost);
        Assert.False(Directory.Exists(backend));
        using (var next = new RunFolder(options, mine, TimeProvider.System, NullLogger<RunFolder>.Instance)) Assert.Single(next.Lost);
        Assert.False(Directory.Exists(left));
        parent.Delete(recursive: true);
    }

    [Fact]
    public async Task A_folder_is_removed_whatever_names_and_depths_and_closed_doors_are_in_it()
    {
        const uint Nobody = 65534;
        var parent = Directory.CreateTempSubdirectory("run-");
        var outside = parent.CreateSubdirectory("outside");
        await File.WriteAllTextAsync(Path.Combine(outside.FullName, "kept"), "");
        using (var making = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("/bin/sh",
        [
            "-c",
            """
            mkdir folder && cd folder || exit 1
            : > "$(printf 'no\377text')"; mkdir -p "$(printf '\377')/more"; : > "$(printf '\377')/more/file"
            ln -s ../outside link; ln -s ../outside/kept "$(printf '\376')"; mkfifo fifo
            mkdir -p closed/inner/most; : > closed/inner/most/file; chmod 000 closed/inner/most closed/inner closed
            levels=deep; while [ ${#levels} -lt 1500 ]; do levels=$levels/deep; done
            for more in 1 2 3 4; do mkdir -p new/$levels && { [ ! -e old ] || mv old new/$levels; } && mv new old || exit 1; done
            """,
        ])
        { WorkingDirectory = parent.FullName })!)
        {
            await making.WaitForExitAsync().Soon();
            Assert.Equal(0, making.ExitCode);
        }

        var folder = Path.Combine(parent.FullName, "folder");
        var asRoot = Libc.EffectiveUser() == 0;
        if (asRoot)
        {
            using var giving = System.Diagnostics.Process.Start("chown", ["-RhP", $"{Nobody}", parent.FullName]);
            await giving.WaitForExitAsync().Soon();
        }

        // As a hub that is not root does it: its rights to files are this thread's, and end with it.
        Exception? failed = null;
        var thread = new Thread(() =>
        {
            if (asRoot) _ = SetFileUser(Nobody);
            failed = Record.Exception(() => FolderRemoval.Remove(folder));
        });
        thread.Start();
        Assert.True(thread.Join(TimeSpan.FromSeconds(60)));
        Assert.Null(failed);
        Assert.False(Directory.Exists(folder));
        Assert.True(File.Exists(Path.Combine(outside.FullName, "kept")));
        FolderRemoval.Remove(folder); // twice is once
        parent.Delete(recursive: true);
    }

    [Fact]
    public async Task A_name_that_is_no_text_in_the_folder_of_a_backend_keeps_neither_it_nor_its_note()
    {
        Need.Program("bubblewrap", "bwrap");
        var backend = await Hub.Connect(Hub.Service("serve"));
        var command = Uri.EscapeDataString(": > \"/run/session/$(printf '\\377')\" && echo made it");
        Assert.Contains("made it", await Hub.Http.GetStringAsync(backend.PathUrl + "run?command=" + command), StringComparison.Ordinal);
        var live = Hub.Live(backend);
        await Hub.Services.GetRequiredService<Organizers.ISessionBackends>().TerminateAsync(live.Id, hard: true);
        await live.Ended.Soon();
        Assert.False(Directory.Exists(Hub.FolderOf(backend)));
        Assert.False(File.Exists(Hub.FolderOf(backend) + ".process"));
    }

    [Fact]
    public async Task What_a_killed_hubs_backend_started_ends_though_the_backend_itself_is_gone_but_nobody_elses_process_does()
    {
        var parent = Directory.CreateTempSubdirectory("run-");
        var options = Options.Create(new PlaygroundOptions { RunFolder = parent.FullName });
        var left = Directory.CreateDirectory(Path.Combine(parent.FullName, "bt-killed"), RunFolder.OwnerOnly).FullName;
        await File.WriteAllTextAsync(Path.Combine(left, "lock"), "");
        using var watch = new ProcessWatch();
        var (ours, theirs) = (Directory.CreateDirectory(Path.Combine(left, BackendId.New().Value)).FullName, "/elsewhere");
        var (child, stranger) = (await Orphan(ours, noted: ours), await Orphan(theirs, noted: Path.Combine(left, BackendId.New().Value)));
        var ended = watch.EndOf(child);
        using (var next = new RunFolder(options, parent.FullName, TimeProvider.System, NullLogger<RunFolder>.Instance)) Assert.Equal(2, next.Lost.Count);
        await ended.Soon();
        Assert.True(ProcessStat.IsRunning(stranger));
        Assert.Equal(0, Libc.Kill(stranger, Libc.SigKill));
        parent.Delete(recursive: true);

        // A child whose parent, which led their session, was noted and then killed.
        async Task<int> Orphan(string folder, string noted)
        {
            var started = PosixSpawn.Start(new SpawnRequest(
                "/bin/sh", ["-c", "sleep 600 & echo $!; wait"], new Dictionary<string, string> { ["SESSION_SOCKET"] = folder + "/http.sock" }, "/"));
            using var status = started.Status;
            using var output = new StreamReader(new NetworkStream(started.Output, ownsSocket: true));
            var orphan = int.Parse((await output.ReadLineAsync().Soon())!, System.Globalization.CultureInfo.InvariantCulture);
            RunFolder.Note(noted, BackendNote.Of(SandboxTests.Spec(), started.Pid), NullLogger.Instance);
            var over = watch.ExitOf(started.Pid);
            Assert.Equal(0, Libc.Kill(started.Pid, Libc.SigKill));
            await over.Soon();
            Assert.True(ProcessStat.IsRunning(orphan));
            return orphan;
        }
    }

    [System.Runtime.InteropServices.LibraryImport("libc", EntryPoint = "setfsuid")]
    private static partial int SetFileUser(uint user);
}
