using System.Buffers.Binary;
using BrowserTech.Benchmarks.PngStream;
using BrowserTech.Demos.Points;
using BrowserTech.Demos.Points.Cloud;
using BrowserTech.Demos.Points.Rendering.Software;
using BrowserTech.RemoteCanvas;
using BrowserTech.SessionBackend;
using SkiaSharp;

// What a pixel stream is at its simplest, and as the public ones are: every so often, where something changed, the whole picture as a PNG, and
// whoever is slow misses some. What is wished for comes with the camera, see Wish.cs; back go its number, how many points were drawn, and the picture.
using var backend = BackendProcess.FromEnvironment();
var cloud = new Lazy<PointCloud>(() => CloudFile.OpenOrMake(Environment.ProcessorCount));
return await new BackendServer(backend)
{
    OnSocket = async (_, socket) =>
    {
        using var renderer = new SoftwareRenderer(cloud.Value, Environment.ProcessorCount);
        var scene = new PointScene(cloud.Value, renderer);
        var newest = Array.Empty<byte>();
        var sent = newest;
        var picture = new Picture();
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var drawing = Task.Run(async () =>
        {
            while (await ticks.WaitForNextTickAsync(backend.Stopping) && socket.IsOpen)
            {
                var message = Volatile.Read(ref newest);
                if (message.Length == 0 || ReferenceEquals(message, sent)) continue;
                sent = message;
                var wish = Wish.Read(message);
                if (ticks.Period != wish.Interval) ticks.Period = wish.Interval;
                scene.OnInput(new CanvasInput { Kind = InputKind.State, Sequence = 0, State = wish.Camera });
                picture.Resize(wish.Width, wish.Height);
                var drawn = scene.Render(new FrameRequest(wish.Width, wish.Height, 1, IsStill: true), picture, backend.Stopping);
                await socket.TrySendAsync(Encode(picture, wish.Sequence, drawn));
            }
        });
        while (await socket.ReceiveAsync() is { } message) Volatile.Write(ref newest, message.Data.ToArray());
        ticks.Dispose();
        await drawing;
    },
}.RunAsync();

static unsafe byte[] Encode(Picture picture, uint sequence, uint drawn)
{
    fixed (byte* bytes = picture.Bytes)
    {
        using var pixels = new SKPixmap(new SKImageInfo(picture.Width, picture.Height, SKColorType.Bgra8888, SKAlphaType.Opaque), (nint)bytes, picture.Stride);
        // As libraries do by default: all filters tried, level 6.
        using var data = pixels.Encode(SKPngEncoderOptions.Default);
        var message = new byte[8 + (int)data!.Size];
        BinaryPrimitives.WriteUInt32LittleEndian(message, sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(4), drawn);
        data.AsSpan().CopyTo(message.AsSpan(8));
        return message;
    }
}
