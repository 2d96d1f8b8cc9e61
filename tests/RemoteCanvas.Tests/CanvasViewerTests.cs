using System.Net.Sockets;
using System.Net.WebSockets;
using BrowserTech.RemoteCanvas.Wire;
using BrowserTech.SessionBackend;

namespace BrowserTech.RemoteCanvas.Tests;

/// <summary>A viewer on a real WebSocket of a real backend, both in this process.</summary>
public sealed class CanvasViewerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public Task Who_acknowledges_is_sent_what_moves_and_then_the_whole_picture_and_then_nothing() => WithAsync(async viewer =>
    {
        await viewer.SendAsync(Hello(320, 200));
        var whole = await viewer.UntilCompleteAsync();
        Assert.Equal((320, 200, Codec.Jpeg), (whole.Width, whole.Height, whole.Codec));
        for (var input = 1u; input <= 20; input++) await viewer.SendAsync(State(input));
        // On a busy machine there may have been a pause between two of them, long enough for a whole picture.
        var answer = await viewer.UntilCompleteAsync();
        while (answer.Input < 20) answer = await viewer.UntilCompleteAsync();
        Assert.True(answer.Number < whole.Number + 20, "inputs that came together were answered together");

        // Asked for nothing, it says nothing: the next message is the echo of a ping.
        await viewer.SendAsync([6, 0, 0, 0, 1, 2, 3, 4]);
        Assert.Equal([6, 0, 0, 0, 1, 2, 3, 4], await viewer.ReceiveAsync());
    });

    [Fact]
    public Task Who_never_acknowledges_is_sent_two_frames_and_no_more() => WithAsync(async viewer =>
    {
        await viewer.SendAsync(Hello(64, 64));
        for (var frame = 1u; frame <= 2; frame++)
        {
            await viewer.SendAsync(State(frame));
            Assert.True(FrameHeader.TryRead(await viewer.ReceiveAsync(), out var header));
            Assert.Equal(frame, header.Number);
        }

        for (var input = 3u; input < 200; input++) await viewer.SendAsync(State(input));
        await viewer.SendAsync([6, 0, 0, 0, 9, 9, 9, 9]);
        Assert.Equal(6, (await viewer.ReceiveAsync())[0]);
    });

    [Fact]
    public Task A_window_that_changes_its_size_is_sent_the_picture_anew() => WithAsync(async viewer =>
    {
        await viewer.SendAsync(Hello(320, 200));
        await viewer.UntilCompleteAsync();
        await viewer.SendAsync(Hello(16384, 16384));
        var huge = await viewer.UntilCompleteAsync();
        Assert.InRange(huge.Width * huge.Height, 1, new CanvasLimits().MaxPixels + 16384);
        Assert.Equal(huge.Width, huge.Height);
    });

    [Theory]
    [InlineData(new byte[] { 77 }, "No message is of kind 77.")]
    [InlineData(new byte[] { 1, 3, 0, 0, 0, 0, 0, 0 }, "A canvas has no 0 × 0 pixels.")]
    public Task Who_sends_nonsense_is_let_go_and_told_why(byte[] nonsense, string why) => WithAsync(async viewer =>
    {
        await viewer.SendAsync(nonsense);
        Assert.Empty(await viewer.ReceiveAsync());
        Assert.Equal((WebSocketCloseStatus.PolicyViolation, why), (viewer.Socket.CloseStatus, viewer.Socket.CloseStatusDescription));
    });

    [Fact]
    public Task Input_that_the_scene_refuses_closes_with_its_words() => WithAsync(async viewer =>
    {
        await viewer.SendAsync(Hello(64, 64));
        await viewer.UntilCompleteAsync();
        await viewer.SendAsync([3, 0, 0, 0, 1, 0, 0, 0, 255]);
        Assert.Empty(await viewer.ReceiveAsync());
        Assert.Equal("Not that.", viewer.Socket.CloseStatusDescription);
    });

    private static byte[] Hello(int width, int height) => [1, (byte)Codecs.Jpeg, 0, 0, (byte)width, (byte)(width >> 8), (byte)height, (byte)(height >> 8)];

    private static byte[] State(uint sequence) => [3, 0, 0, 0, (byte)sequence, (byte)(sequence >> 8), 0, 0, 1];

    private static async Task WithAsync(Func<Viewer, Task> use)
    {
        var folder = Directory.CreateTempSubdirectory("canvas-");
        var path = Path.Combine(folder.FullName, "s");
        using var process = BackendProcess.FromEnvironment(name => name == "SESSION_SOCKET" ? path : null);
        var running = new BackendServer(process) { OnSocket = (_, socket) => new CanvasViewer(socket, new Plain()).RunAsync(process.Stopping) }.RunAsync();
        using var http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancel) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        try
        {
            using var socket = new ClientWebSocket();
            await socket.ConnectAsync(new Uri("ws://backend/"), http, TestContext.Current.CancellationToken);
            await use(new Viewer(socket)).WaitAsync(Patience, TestContext.Current.CancellationToken);
        }
        finally
        {
            process.Stop();
            await running.WaitAsync(Patience);
            folder.Delete(recursive: true);
        }
    }

    private sealed class Viewer(ClientWebSocket socket)
    {
        private readonly byte[] _buffer = new byte[8 * 1024 * 1024];

        public ClientWebSocket Socket => socket;

        public Task SendAsync(byte[] message) => socket.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, TestContext.Current.CancellationToken);

        /// <summary>The next message; empty when it was closed.</summary>
        public async Task<byte[]> ReceiveAsync()
        {
            for (var length = 0;;)
            {
                var received = await socket.ReceiveAsync(_buffer.AsMemory(length), TestContext.Current.CancellationToken);
                if (received.MessageType == WebSocketMessageType.Close) return [];
                length += received.Count;
                if (received.EndOfMessage) return _buffer[..length];
            }
        }

        /// <summary>Acknowledges everything until nothing better follows.</summary>
        public async Task<FrameHeader> UntilCompleteAsync()
        {
            while (true)
            {
                Assert.True(FrameHeader.TryRead(await ReceiveAsync(), out var header));
                await SendAsync([2, 0, 0, 0, .. BitConverter.GetBytes(header.Number)]);
                if (header.IsComplete) return header;
            }
        }
    }

    private sealed class Plain : IRemoteScene
    {
        public void OnInput(in CanvasInput input)
        {
            if (input.State.Span is [255]) throw new RefusedInputException("Not that.");
        }

        public uint Render(in FrameRequest request, Picture picture, CancellationToken abandoned)
        {
            picture.Bytes.Fill(100);
            return 1;
        }
    }
}
