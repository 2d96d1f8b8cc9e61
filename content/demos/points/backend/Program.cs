using System.Globalization;
using System.Net.WebSockets;
using BrowserTech.Demos.Points;
using BrowserTech.Demos.Points.Cloud;
using BrowserTech.RemoteCanvas;
using BrowserTech.SessionBackend;

// ./backend --prepare FILE POINTS makes the points once, for all backends of this machine to share; see prepare beside demo.md.
if (args is ["--prepare", var made, var count])
{
    PointCloud.Write(made, CloudGenerator.DefaultSeed, int.Parse(count, CultureInfo.InvariantCulture), Environment.ProcessorCount);
    return 0;
}

// Each has a picture and an encoder of its own; the memory of this process is for so many.
const int MostViewers = 3;
var viewers = 0;
var threads = Math.Clamp(Environment.ProcessorCount, 1, 4);
using var backend = BackendProcess.FromEnvironment();
var cloud = new Lazy<PointCloud>(() => CloudFile.OpenOrMake(threads));

return await new BackendServer(backend)
{
    OnWarm = _ => Task.Run(() => cloud.Value),
    OnRequest = call => new(CloudRequests.Answer(call, cloud.Value)),
    OnSocket = async (_, socket) =>
    {
        try
        {
            if (Interlocked.Increment(ref viewers) > MostViewers)
            {
                await socket.CloseAsync(WebSocketCloseStatus.PolicyViolation, $"{MostViewers} tabs look at this process already.");
                return;
            }

            using var scene = new PointScene(cloud.Value, threads);
            await new CanvasViewer(socket, scene).RunAsync(backend.Stopping);
        }
        finally
        {
            Interlocked.Decrement(ref viewers);
        }
    },
}.RunAsync();
