using System.Net.Sockets;

namespace BrowserTech.Playground.Runtimes;

/// <summary>
/// Reads what a backend writes into a ring of lines. No faster than a person could ever want: a program that floods its output is
/// not read for a while, the kernel's buffer fills, and it waits in its own write, which costs the hub and its neighbours
/// nothing.
/// </summary>
internal sealed class OutputReader
{
    private const int BytesPerTurn = 64 * 1024;

    private readonly byte[] _buffer = new byte[4096];

    public OutputRing Ring { get; } = new();

    public async Task Read(Socket output)
    {
        var turn = 0;
        try
        {
            while (true)
            {
                var length = await output.ReceiveAsync(_buffer);
                if (length == 0) return;
                Ring.Add(_buffer.AsSpan(0, length));
                // A byte costs what a page of them costs.
                turn += _buffer.Length;
                if (turn < BytesPerTurn) continue;
                turn = 0;
                await Task.Delay(PlaygroundTimes.OutputPause);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Disposed: nobody wants to know what it says any more.
        }
        finally
        {
            Ring.Finish();
        }
    }
}
