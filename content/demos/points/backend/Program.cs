using System.Globalization;
using System.Net.WebSockets;
using BrowserTech.Demos.Points;
using BrowserTech.Demos.Points.Cloud;
using BrowserTech.Demos.Points.Rendering;
using BrowserTech.RemoteCanvas;
using BrowserTech.SessionBackend;

// ./backend --renderer says what draws on this machine, and why.
// ./backend --prepare FILE POINTS makes the points once, for all backends of this machine to share; see prepare beside demo.md.
if (args is ["--prepare", var made, var count])
{
    var points = int.Parse(count, CultureInfo.InvariantCulture);
    if (!PointCloud.IsAt(made, CloudGenerator.DefaultSeed, points)) PointCloud.Write(made, CloudGenerator.DefaultSeed, points, Environment.ProcessorCount);
    return 0;
}

if (args is ["--renderer"])
{
    using var tried = Renderer.Choose(PointCloud.Make(CloudGenerator.DefaultSeed, 16_000, 1), Viewing.Threads, Wish(), Console.WriteLine);
    return 0;
}

var viewers = 0;
using var backend = BackendProcess.FromEnvironment();
var cloud = new Lazy<PointCloud>(() => CloudFile.OpenOrMake(Viewing.Threads));
var renderer = new Lazy<Renderer>(() => Renderer.Choose(cloud.Value, Viewing.Threads, Wish(), Console.Error.WriteLine));

return await new BackendServer(backend)
{
    OnWarm = _ => Task.Run(() => renderer.Value),
    OnRequest = call => new(CloudRequests.Answer(call, cloud.Value, renderer.Value)),
    OnSocket = async (_, socket) =>
    {
        try
        {
            if (Interlocked.Increment(ref viewers) > Viewing.MostViewers)
            {
                await socket.CloseAsync(WebSocketCloseStatus.PolicyViolation, $"{Viewing.MostViewers} tabs look at this process already.");
                return;
            }

            await new CanvasViewer(socket, new PointScene(cloud.Value, renderer.Value), Viewing.Limits).RunAsync(backend.Stopping);
        }
        finally
        {
            Interlocked.Decrement(ref viewers);
        }
    },
}.RunAsync();

static RendererWish Wish() => Renderer.WishOf(Environment.GetEnvironmentVariable(Renderer.Variable));
