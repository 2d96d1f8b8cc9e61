using System.Buffers.Binary;
using BrowserTech.Demos.Points;
using BrowserTech.Demos.Points.Cloud;
using BrowserTech.Demos.Points.Rendering.Software;
using BrowserTech.RemoteCanvas;
using BrowserTech.SessionBackend;
using SkiaSharp;

// What a pixel stream is at its simplest, and as the public ones are: every 100 ms, where something changed, the whole picture as a PNG, and
// whoever is slow misses some. The messages are a sequence number, then, here, the camera, or there, the picture.
const int Width = 1280;
const int Height = 720;
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
        picture.Resize(Width, Height);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var drawing = Task.Run(async () =>
        {
            while (await ticks.WaitForNextTickAsync(backend.Stopping) && socket.IsOpen)
            {
                var wanted = Volatile.Read(ref newest);
                if (wanted.Length == 0 || ReferenceEquals(wanted, sent)) continue;
                sent = wanted;
                scene.OnInput(new CanvasInput { Kind = InputKind.State, Sequence = 0, State = wanted.AsMemory(4) });
                scene.Render(new FrameRequest(Width, Height, 1, IsStill: true), picture, backend.Stopping);
                await socket.TrySendAsync(Encode(picture, BinaryPrimitives.ReadUInt32LittleEndian(wanted)));
            }
        });
        while (await socket.ReceiveAsync() is { } message) Volatile.Write(ref newest, message.Data.ToArray());
        ticks.Dispose();
        await drawing;
    },
}.RunAsync();

static unsafe byte[] Encode(Picture picture, uint sequence)
{
    fixed (byte* bytes = picture.Bytes)
    {
        using var pixels = new SKPixmap(new SKImageInfo(picture.Width, picture.Height, SKColorType.Bgra8888, SKAlphaType.Opaque), (nint)bytes, picture.Stride);
        // As libraries do by default: all filters tried, level 6.
        using var data = pixels.Encode(SKPngEncoderOptions.Default);
        var message = new byte[4 + (int)data!.Size];
        BinaryPrimitives.WriteUInt32LittleEndian(message, sequence);
        data.AsSpan().CopyTo(message.AsSpan(4));
        return message;
    }
}
