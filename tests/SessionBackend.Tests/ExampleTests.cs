using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace BrowserTech.SessionBackend.Tests;

/// <summary>The examples of the documentation, taken from it and run as a hub runs them.</summary>
public sealed class ExampleTests
{
    private static readonly string Repository = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", ".."));
    private static readonly string Source = Path.Combine(Repository, "tests", "SessionBackend.Tests.Example", "Program.cs");

    [Fact]
    public async Task The_example_in_CSharp_is_the_program_that_is_tested() =>
        Assert.Equal(await File.ReadAllTextAsync(Source), await BlockAsync("csharp"));

    [Theory]
    [InlineData("csharp", false)]
    [InlineData("csharp", true)]
    [InlineData("js", false)]
    [InlineData("python", false)]
    [InlineData("python", true)]
    public async Task An_example_starts_answers_and_ends_when_told(string language, bool warm)
    {
        var folder = Directory.CreateTempSubdirectory("sb-");
        using var notifications = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        notifications.Bind(new UnixDomainSocketEndPoint(Path.Combine(folder.FullName, "n")));
        using var hub = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using var listening = new FileSystemWatcher(folder.FullName, "s");
        var appeared = new TaskCompletionSource();
        listening.Created += (_, _) => appeared.TrySetResult();
        listening.EnableRaisingEvents = true;

        var start = await CommandAsync(language, folder.FullName);
        // A hub starts it with nothing but this; other tests of this process are told who they are in its environment.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("SESSION_", StringComparison.Ordinal)).ToArray()) start.Environment.Remove(name);
        start.Environment["SESSION_SOCKET"] = Path.Combine(folder.FullName, "s");
        start.Environment["NOTIFY_SOCKET"] = Path.Combine(folder.FullName, "n");
        if (warm)
        {
            hub.Bind(new UnixDomainSocketEndPoint(Path.Combine(folder.FullName, "a")));
            hub.Listen();
            start.Environment["SESSION_ASSIGNMENT_SOCKET"] = Path.Combine(folder.FullName, "a");
        }
        else
        {
            start.Environment["SESSION_BACKEND_ID"] = "be-example";
        }

        using var process = Process.Start(start)!;
        try
        {
            using var assignment = warm ? await hub.AcceptAsync().WaitAsync(RunningServer.Bound) : null;
            if (assignment is not null)
                await assignment.SendAsync("{\"backend_id\":\"be-example\",\"key\":null,\"fencing_token\":\"17\",\"environment\":{}}\n"u8.ToArray());
            if (language == "js") await appeared.Task.WaitAsync(RunningServer.Bound);
            else await notifications.ReceiveAsync(new byte[64]).WaitAsync(RunningServer.Bound);

            using var http = Client(Path.Combine(folder.FullName, "s"));
            http.DefaultRequestHeaders.Add("X-Verified-Username", "ada");
            Assert.Equal("be-example for ada: 1 visits\n", await http.GetStringAsync("/"));
            Assert.Equal("be-example for ada: 2 visits\n", await http.GetStringAsync("/"));
            using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
            await process.WaitForExitAsync().WaitAsync(RunningServer.Bound);
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
            folder.Delete(recursive: true);
        }
    }

    private static async Task<ProcessStartInfo> CommandAsync(string language, string folder)
    {
        if (language == "csharp")
        {
            var built = Path.Combine(Repository, "artifacts", "bin", "SessionBackend.Tests.Example", new DirectoryInfo(AppContext.BaseDirectory).Name);
            return new ProcessStartInfo("dotnet", [Path.Combine(built, "BrowserTech.SessionBackend.Tests.Example.dll")]);
        }

        var (program, name) = language == "js" ? (Need.Program("nodejs", "node"), "backend.mjs") : (Need.Program("python3", "python3"), "backend.py");
        var file = Path.Combine(folder, name);
        await File.WriteAllTextAsync(file, await BlockAsync(language));
        return new ProcessStartInfo(program, [file]) { RedirectStandardError = false };
    }

    /// <summary>The first block of a language.</summary>
    private static async Task<string> BlockAsync(string language)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Repository, "docs", "session-backends.md"));
        var begin = text.IndexOf($"```{language}\n", StringComparison.Ordinal) + language.Length + 4;
        return text[begin..text.IndexOf("```", begin, StringComparison.Ordinal)];
    }

    /// <summary>The socket's file is there an instant before it listens.</summary>
    private static HttpClient Client(string path) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancel) =>
        {
            for (var clock = Stopwatch.StartNew(); ;)
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch (SocketException) when (clock.Elapsed < RunningServer.Bound)
                {
                    socket.Dispose();
                    await Task.Delay(1, cancel);
                }
            }
        },
    }) { BaseAddress = new Uri("http://backend/"), Timeout = RunningServer.Bound };
}
