using System.Net.WebSockets;
using BrowserTech.RemoteCanvas.Wire;
using CsCheck;

namespace BrowserTech.RemoteCanvas.Tests;

/// <summary>A viewer on a real WebSocket of a real backend, both in this process.</summary>
public sealed class CanvasViewerTests
{
    [Fact]
    public Task Who_acknowledges_is_sent_what_moves_and_then_the_whole_picture_and_then_nothing() => WithAsync(async viewer =>
    {
        await viewer.SendAsync(Viewer.Hello(320, 200));
        var whole = await viewer.UntilCompleteAsync();
        Assert.Equal((320, 200, Codec.Jpeg), (whole.Width, whole.Height, whole.Codec));
        for (var input = 1u; input <= 20; input++) await viewer.SendAsync(Viewer.State(input));
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
        await viewer.SendAsync(Viewer.Hello(64, 64));
        for (var frame = 1u; frame <= 2; frame++)
        {
            await viewer.SendAsync(Viewer.State(frame));
            Assert.True(FrameHeader.TryRead(await viewer.ReceiveAsync(), out var header));
            Assert.Equal(frame, header.Number);
        }

        for (var input = 3u; input < 200; input++) await viewer.SendAsync(Viewer.State(input));
        await viewer.SendAsync([6, 0, 0, 0, 9, 9, 9, 9]);
        Assert.Equal(6, (await viewer.ReceiveAsync())[0]);
    });

    [Fact]
    public Task A_window_that_changes_its_size_is_sent_the_picture_anew() => WithAsync(async viewer =>
    {
        await viewer.SendAsync(Viewer.Hello(320, 200));
        await viewer.UntilCompleteAsync();
        await viewer.SendAsync(Viewer.Hello(16384, 16384));
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
        await viewer.SendAsync(Viewer.Hello(64, 64));
        await viewer.UntilCompleteAsync();
        await viewer.SendAsync([3, 0, 0, 0, 1, 0, 0, 0, 255]);
        Assert.Empty(await viewer.ReceiveAsync());
        Assert.Equal("Not that.", viewer.Socket.CloseStatusDescription);
    });

    [Fact]
    public Task A_refusal_longer_than_a_connection_can_be_closed_with_is_cut_between_characters() => WithAsync(async viewer =>
    {
        await viewer.SendAsync(Viewer.Hello(64, 64));
        await viewer.UntilCompleteAsync();
        await viewer.SendAsync([3, 0, 0, 0, 1, 0, 0, 0, 254]);
        Assert.Empty(await viewer.ReceiveAsync());
        Assert.Equal(new string('é', 60) + "…", viewer.Socket.CloseStatusDescription);
    });

    [Fact]
    public void Whatever_the_reason_it_fits_and_is_its_beginning() => Gen.String.Sample(text =>
    {
        // Half a pair is no text, and nobody's reason.
        var reason = string.Concat(text.EnumerateRunes());
        var said = CloseReason.Of(reason);
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(said), 0, 123);
        Assert.StartsWith(said == reason ? said : said[..^1], reason, StringComparison.Ordinal);
    });

    [Theory]
    [InlineData((byte)Codecs.WebP, (byte)Codec.WebP)]
    [InlineData((byte)Codecs.Png, (byte)Codec.Png)]
    [InlineData((byte)(Codecs.Jpeg | Codecs.Png | Codecs.WebP), (byte)Codec.Jpeg)]
    public Task Of_the_pictures_that_a_viewer_takes_it_is_sent_the_quickest(byte takes, byte sent) => WithAsync(async viewer =>
    {
        await viewer.SendAsync(Viewer.Hello(64, 64, (Codecs)takes));
        Assert.Equal((Codec)sent, (await viewer.UntilCompleteAsync()).Codec);
    });

    [Fact]
    public async Task What_a_viewer_held_when_it_went_is_let_go_in_a_scene_that_stays()
    {
        var scene = new Memory();
        await Viewer.WithAsync(socket => new CanvasViewer(socket, scene), async viewer =>
        {
            await viewer.SendAsync(Viewer.Hello(64, 64));
            await viewer.SendAsync(Viewer.Key(1, isDown: true, "KeyW"));
            await viewer.SendAsync(Viewer.Key(2, isDown: true, "KeyA"));
            await viewer.SendAsync(Viewer.Key(3, isDown: false, "KeyA"));
            await viewer.SendAsync(Viewer.Point(4, PointerAction.Down, 1, 0.25f, 0.75f));
            while ((await viewer.UntilCompleteAsync()).Input < 4)
            {
            }

            viewer.Socket.Abort();
        });
        Assert.Equal(
            [(InputKind.Pointing, PointerAction.Cancel, 0.25f, null), (InputKind.Key, default, 0f, "KeyW")],
            scene.Inputs.Skip(4).Select(input => (input.Kind, input.Action, input.X, input.Code)));
    }

    [Fact]
    public async Task A_scene_that_fails_is_told_what_is_let_go_all_the_same_and_its_viewer_is_told()
    {
        var scene = new Failing();
        await Viewer.WithAsync(socket => new CanvasViewer(socket, scene), async viewer =>
        {
            await viewer.SendAsync(Viewer.Hello(64, 64));
            await viewer.SendAsync(Viewer.Key(1, isDown: true, "KeyW"));
            await viewer.SendAsync(Viewer.Key(2, isDown: true, "KeyA"));
            while ((await viewer.UntilCompleteAsync()).Input < 2)
            {
            }

            await viewer.SendAsync(Viewer.State(3));
            while ((await viewer.ReceiveAsync()).Length > 0)
            {
            }

            Assert.Equal(WebSocketCloseStatus.InternalServerError, viewer.Socket.CloseStatus);
            Assert.Contains("could not be drawn", viewer.Socket.CloseStatusDescription, StringComparison.Ordinal);
        });
        // It refuses the first of them, and hears of the other.
        Assert.Equal(["KeyA", "KeyW"], scene.Released.Order(StringComparer.Ordinal));
    }

    [Fact]
    public Task A_picture_that_cannot_be_sent_ends_the_connection_in_words_though_nothing_happens_any_more() =>
        Viewer.WithAsync(socket => new CanvasViewer(socket, new Shrinking(), new CanvasLimits()), async viewer =>
        {
            await viewer.SendAsync(Viewer.Hello(64, 64, Codecs.WebP));
            await viewer.FrameAsync();
            while ((await viewer.ReceiveAsync()).Length > 0)
            {
            }

            Assert.Equal(WebSocketCloseStatus.InternalServerError, viewer.Socket.CloseStatus);
        });

    [Fact]
    public Task A_viewer_of_WebP_alone_is_sent_no_side_that_WebP_has_no_number_for() => WithAsync(async viewer =>
    {
        await viewer.SendAsync(Viewer.Hello(16384, 100, Codecs.WebP));
        var whole = await viewer.UntilCompleteAsync();
        Assert.Equal((Codec.WebP, 16382, 100), (whole.Codec, whole.Width, whole.Height));
    });

    [Fact]
    public async Task What_is_let_go_while_nobody_looks_is_let_go_in_the_scene_too()
    {
        var scene = new Memory();
        await Viewer.WithAsync(socket => new CanvasViewer(socket, scene), async viewer =>
        {
            await viewer.SendAsync(Viewer.Hello(64, 64));
            await viewer.SendAsync(Viewer.Key(1, isDown: true, "KeyW"));
            while ((await viewer.UntilCompleteAsync()).Input < 1)
            {
            }

            await viewer.SendAsync([8, 0]);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            // More than would be allowed to wait for a frame.
            for (var press = 2u; press < 600; press++)
            {
                await viewer.SendAsync(Viewer.Key(press, isDown: press % 2 == 0, "KeyW"));
                while (Volatile.Read(ref scene.Newest) + 100 < press) await Task.Delay(5, limit.Token);
            }

            while (Volatile.Read(ref scene.Newest) < 599) await Task.Delay(5, limit.Token);
            await viewer.SendAsync([6, 0, 0, 0, 1, 2, 3, 4]);
            Assert.Equal(6, (await viewer.ReceiveAsync())[0]);
        });
        Assert.False(scene.Inputs[^1].IsDown);
    }

    [Fact]
    public async Task A_scene_may_call_its_viewer_when_its_still_is_abandoned()
    {
        CanvasViewer? shown = null;
        var scene = new Reentrant(() => Task.Run(() => shown!.Invalidate()).Wait(TimeSpan.FromSeconds(10)));
        await Viewer.WithAsync(socket => shown = new CanvasViewer(socket, scene), async viewer =>
        {
            await viewer.SendAsync(Viewer.Hello(64, 64));
            await viewer.FrameAsync();
            await scene.Drawing.Task.WaitAsync(TestContext.Current.CancellationToken);
            await viewer.SendAsync(Viewer.State(1));
            Assert.True(await scene.Called.Task.WaitAsync(TestContext.Current.CancellationToken), "nothing is locked meanwhile");
        });
    }

    private static Task WithAsync(Func<Viewer, Task> use) => Viewer.WithAsync(socket => new CanvasViewer(socket, new Plain()), use);

    /// <summary>Remembers what it was told.</summary>
    private sealed class Memory : IRemoteScene
    {
        public uint Newest;

        public List<CanvasInput> Inputs { get; } = [];

        public void OnInput(in CanvasInput input)
        {
            Inputs.Add(input);
            Volatile.Write(ref Newest, input.Sequence);
        }

        public uint Render(in FrameRequest request, Picture picture, CancellationToken abandoned) => 1;
    }

    /// <summary>Cannot draw any more after a state, and refuses that keys go up.</summary>
    private sealed class Failing : IRemoteScene
    {
        private bool _fails;

        public List<string?> Released { get; } = [];

        public void OnInput(in CanvasInput input)
        {
            _fails |= input.Kind == InputKind.State;
            if (input.IsDown || input.Kind != InputKind.Key) return;
            Released.Add(input.Code);
            throw new RefusedInputException("Never.");
        }

        public uint Render(in FrameRequest request, Picture picture, CancellationToken abandoned) => _fails ? throw new InvalidDataException("The scene is broken.") : 1u;
    }

    /// <summary>Makes of its still a picture that WebP cannot be made of: the sending fails, after the drawing.</summary>
    private sealed class Shrinking : IRemoteScene
    {
        public void OnInput(in CanvasInput input)
        {
        }

        public uint Render(in FrameRequest request, Picture picture, CancellationToken abandoned)
        {
            if (request.IsStill) picture.Resize(16384, 16);
            return 1;
        }
    }

    /// <summary>Draws its still for as long as it is wanted.</summary>
    private sealed class Reentrant(Func<bool> call) : IRemoteScene
    {
        public TaskCompletionSource Drawing { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<bool> Called { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void OnInput(in CanvasInput input)
        {
        }

        public uint Render(in FrameRequest request, Picture picture, CancellationToken abandoned)
        {
            if (!request.IsStill || Called.Task.IsCompleted) return 1;
            // Not taken back: who waits for the token itself wakes before it calls, and would take the call away.
            abandoned.Register(() => Called.TrySetResult(call()));
            Drawing.TrySetResult();
            Called.Task.Wait(TimeSpan.FromSeconds(15), CancellationToken.None);
            return 1;
        }
    }

    private sealed class Plain : IRemoteScene
    {
        public void OnInput(in CanvasInput input)
        {
            if (input.State.Span is [254]) throw new RefusedInputException(new string('é', 200));
            if (input.State.Span is [255]) throw new RefusedInputException("Not that.");
        }

        public uint Render(in FrameRequest request, Picture picture, CancellationToken abandoned)
        {
            picture.Bytes.Fill(100);
            return 1;
        }
    }
}
