using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace BrowserTech.TestKit;

/// <summary>
/// Postfix's <c>smtp-sink</c> on a random loopback port: a real SMTP server that writes every accepted mail to a file.
/// It ends, and its folder is deleted, when it is disposed or when the test process dies in any way.
/// </summary>
public sealed class SmtpSink : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);

    // $1 folder, then the command. The folder belongs to the user the sink drops to, and is removed with the sink.
    private const string Script = """
        dir=$1; shift
        trap 'rm -rf "$dir"' EXIT
        cd "$dir" && "$@" </dev/null &
        sink=$!
        cat >/dev/null
        kill $sink
        wait $sink
        """;

    private readonly Process _process;
    private readonly string _folder;

    private SmtpSink(Process process, string folder, int port) => (_process, _folder, Port) = (process, folder, port);

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>
    /// Starts a sink. <paramref name="options"/> are smtp-sink's own: <c>-r RCPT</c> answers a command with 4xx,
    /// <c>-f RCPT</c> with 5xx, <c>-q DATA</c> hangs up, <c>-Q MAIL</c> says 421 and hangs up, <c>-W .:2</c> delays.
    /// </summary>
    public static Task<SmtpSink> StartAsync(params string[] options) => StartOnAsync(null, options);

    /// <summary>The same on a port chosen by the caller, for a server that comes back.</summary>
    public static async Task<SmtpSink> StartOnAsync(int? fixedPort, params string[] options)
    {
        var program = Need.Program("postfix", "smtp-sink");
        for (var attempt = 1; ; attempt++)
        {
            var port = fixedPort ?? FreePort.Take();
            var folder = Directory.CreateTempSubdirectory("browsertech-smtp-").FullName;
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
            string[] user = Environment.UserName == "root" ? ["-u", "nobody"] : [];
            var process = Process.Start(new ProcessStartInfo("sh",
            [
                "-c", Script, "smtp-sink", folder, program, .. user, "-d", "mail.", .. options, $"127.0.0.1:{port}", "1000",
            ]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardError = true })!;
            process.ErrorDataReceived += (_, _) => { }; // read, so that the pipe never fills
            process.BeginErrorReadLine();

            var sink = new SmtpSink(process, folder, port);
            AppDomain.CurrentDomain.ProcessExit += (_, _) => sink.Stop();
            if (await AcceptsAsync(port)) return sink;
            await sink.DisposeAsync();
            if (attempt == 3) throw new InvalidOperationException("smtp-sink did not start");
        }
    }

    /// <summary>How many mails have arrived, the ones arriving now included.</summary>
    public int Count => Directory.EnumerateFiles(_folder).Count();

    /// <summary>Returns once <paramref name="count"/> mails have begun to arrive.</summary>
    /// <exception cref="TimeoutException">They did not within <paramref name="limit"/> (30 s unless said).</exception>
    public async Task WaitForMailsAsync(int count, TimeSpan? limit = null)
    {
        using var arrived = new SemaphoreSlim(0);
        using var watcher = new FileSystemWatcher(_folder) { InternalBufferSize = 64 * 1024 };
        watcher.Created += (_, _) => arrived.Release();
        watcher.Error += (_, _) => arrived.Release(count); // some were not reported: count again
        watcher.EnableRaisingEvents = true;
        var clock = Stopwatch.StartNew();
        while (count - Count is > 0 and var missing)
        {
            // Counting is reading the folder, so it is done when there can be enough, and not for every mail.
            for (var i = 0; i < missing; i++)
            {
                var left = (limit ?? TimeSpan.FromSeconds(30)) - clock.Elapsed;
                if (left <= TimeSpan.Zero || !await arrived.WaitAsync(left))
                    throw new TimeoutException($"{Count} of {count} mails arrived");
            }
        }
    }

    /// <summary>Every mail accepted so far, oldest first. Call it when the sender has had its replies.</summary>
    public async Task<IReadOnlyList<ReceivedMail>> ReadMailsAsync()
    {
        var mails = new List<ReceivedMail>();
        foreach (var file in new DirectoryInfo(_folder).EnumerateFiles().OrderBy(file => file.LastWriteTimeUtc))
            mails.Add(ReceivedMail.Parse(await File.ReadAllBytesAsync(file.FullName)));
        return mails;
    }

    /// <summary>As <see cref="ReadMailsAsync"/>, and forgets them.</summary>
    public async Task<IReadOnlyList<ReceivedMail>> TakeMailsAsync()
    {
        var mails = await ReadMailsAsync();
        foreach (var file in Directory.EnumerateFiles(_folder)) File.Delete(file);
        return mails;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
    }

    private void Stop()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(5))) _process.Kill(entireProcessTree: true);
    }

    private static async Task<bool> AcceptsAsync(int port)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < StartLimit)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port);
                return true;
            }
            catch (SocketException)
            {
                await Task.Delay(10); // smtp-sink says nothing when it listens: asking is the only way to know
            }
        }

        return false;
    }
}

/// <summary>A mail as the sink took it: its envelope, and the message with smtp-sink's own headers on top.</summary>
public sealed record ReceivedMail(string From, IReadOnlyList<string> To, byte[] Raw)
{
    private const int EnvelopeLimit = 4096; // smtp-sink writes the envelope first

    internal static ReceivedMail Parse(byte[] raw)
    {
        var from = "";
        var to = new List<string>();
        foreach (var line in Encoding.UTF8.GetString(raw, 0, Math.Min(raw.Length, EnvelopeLimit)).Split('\n'))
        {
            if (line.Length == 0) break;
            if (line.StartsWith("X-Mail-Args: ", StringComparison.Ordinal)) from = Address(line);
            if (line.StartsWith("X-Rcpt-Args: ", StringComparison.Ordinal)) to.Add(Address(line));
        }

        return new ReceivedMail(from, to, raw);
    }

    private static string Address(string line)
    {
        var start = line.IndexOf('<', StringComparison.Ordinal);
        var end = line.IndexOf('>', StringComparison.Ordinal);
        return start >= 0 && end > start ? line[(start + 1)..end] : line;
    }
}
