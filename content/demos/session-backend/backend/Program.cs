using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using BrowserTech.Demos;

// One process for one tab. It tells what it is, ten times in a few seconds and then once a second, and sends back whatever it is
// sent, so that the page can measure the way there and back.
var started = TimeProvider.System.GetTimestamp();

new SessionServer(_ => Tick(), Talk).Run();

string Tick() => string.Create(CultureInfo.InvariantCulture,
    $"{{\"type\":\"tick\",\"pid\":{Environment.ProcessId},\"uptimeMs\":{TimeProvider.System.GetElapsedTime(started).TotalMilliseconds:F0},"
    + $"\"rssBytes\":{Environment.WorkingSet},\"threads\":{Threads()},"
    + $"\"backendId\":\"{SessionServer.Variable("SESSION_BACKEND_ID")}\","
    + $"\"fencingToken\":\"{SessionServer.Variable("SESSION_BACKEND_FENCING_TOKEN")}\"}}");

void Talk(SessionRequest request, WebSocket socket)
{
    using var one = new SemaphoreSlim(1, 1);
    using var ticks = new Timer(_ => Send(socket, one, Tick()), null, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    var buffer = new byte[1024];
    while (true)
    {
        var received = socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None).AsTask().GetAwaiter().GetResult();
        if (received.MessageType == WebSocketMessageType.Close)
        {
            socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).GetAwaiter().GetResult();
            return;
        }

        Send(socket, one, Encoding.UTF8.GetString(buffer, 0, received.Count));
    }
}

// A WebSocket carries one message at a time in each direction; ticks and echoes come from two threads.
static void Send(WebSocket socket, SemaphoreSlim one, string text)
{
    one.Wait();
    try
    {
        if (socket.State == WebSocketState.Open)
        {
            socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None)
                .GetAwaiter().GetResult();
        }
    }
    catch (Exception error) when (error is WebSocketException or IOException)
    {
        // The tab is gone; the thread that reads finds out too.
    }
    finally
    {
        one.Release();
    }
}

static int Threads() => Directory.GetDirectories("/proc/self/task").Length;
