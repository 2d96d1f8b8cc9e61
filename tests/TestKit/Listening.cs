using System.Net.Sockets;

namespace BrowserTech.TestKit;

/// <summary>Waits for a program that listens on a Unix socket.</summary>
public static class Listening
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(5);

    /// <summary>Returns when a connection was taken: the file is there a moment before anybody listens.</summary>
    /// <exception cref="OperationCanceledException">It was not within that time.</exception>
    public static async Task WaitAsync(string path, TimeSpan within)
    {
        using var limit = new CancellationTokenSource(within);
        while (true)
        {
            try
            {
                using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), limit.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(Between, limit.Token);
            }
        }
    }
}
