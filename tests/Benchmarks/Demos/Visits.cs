using System.Buffers.Binary;
using System.Text;

namespace BrowserTech.Benchmarks.Demos;

/// <summary>Who visits: one of each demo of the repository, again and again.</summary>
internal static class Visits
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    public static IReadOnlyList<Visit> All { get; } = [Process, Grid, Trips, Points];

    /// <summary>Forty small messages a second, there and back.</summary>
    private static Visit Process => new("session-backend", (socket, cancel) => socket.NextAsync(cancel), async (socket, cancel) =>
        await UntilLeavingAsync(async () =>
        {
            await socket.SendAsync("{\"type\":\"ping\",\"n\":1}"u8.ToArray(), cancel, isText: true);
            await socket.NextAsync(cancel);
            await Task.Delay(25, cancel);
        }, cancel));

    /// <summary>Scrolls: ten screens a second, each somewhere else in ten million rows. The messages are those of <c>gpu-grid/client/protocol.js</c>.</summary>
    private static Visit Grid
    {
        get
        {
            var received = 0u;
            return new("gpu-grid", async (socket, cancel) =>
            {
                await socket.SendAsync(Want(0, 0), cancel);
                await PageAsync(socket, cancel);
            }, (socket, cancel) =>
            {
                var page = 0u;
                return UntilLeavingAsync(async () =>
                {
                    await socket.SendAsync(Want(++received, (page += 977) % 39_000), cancel);
                    await PageAsync(socket, cancel);
                    await Task.Delay(Glance, cancel);
                }, cancel);
            });

            static byte[] Want(uint received, uint page)
            {
                var message = new byte[16];
                (message[0], message[1]) = (1, 1);
                BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(8), received);
                BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(12), page);
                return message;
            }

            static async Task PageAsync(VisitSocket socket, CancellationToken cancel)
            {
                while ((await socket.NextAsync(cancel)).Span[0] != 1)
                {
                    // Counts, and what else is told in between.
                }
            }
        }
    }

    /// <summary>Asks for a group-by over a million trips, looks at it for a second, and asks again.</summary>
    private static Visit Trips => new("duckdb", (socket, cancel) => socket.NextAsync(cancel), (socket, cancel) =>
    {
        var id = 0;
        return UntilLeavingAsync(async () =>
        {
            var query = $"{{\"type\":\"query\",\"id\":{++id},\"sql\":\"{DuckDbBench.Query}\",\"parts\":1}}";
            await socket.SendAsync(Encoding.UTF8.GetBytes(query), cancel, isText: true);
            while (true)
            {
                var said = await socket.NextAsync(cancel);
                if (said.Span[0] != '{') continue;
                var text = Encoding.UTF8.GetString(said.Span);
                if (text.Contains("\"failed\"", StringComparison.Ordinal)) throw new InvalidOperationException(text);
                if (text.Contains("\"done\"", StringComparison.Ordinal)) break;
            }

            await Task.Delay(1000, cancel);
        }, cancel);
    });

    /// <summary>
    /// Turns the town thirty times a second and looks at each picture as it comes, in video, 1280 by 720. The messages are those of
    /// <c>RemoteCanvas/Wire/ClientMessage.cs</c>, the state that of <c>points/client/camera.js</c>.
    /// </summary>
    private static Visit Points => new("points", async (socket, cancel) =>
    {
        byte[] hello = [1, 1 | 2, 0, 0, 0x00, 0x05, 0xd0, 0x02];
        await socket.SendAsync(hello, cancel);
        await FrameAsync(socket, cancel);
    }, (socket, cancel) =>
    {
        var (sequence, yaw) = (0u, 0f);
        return UntilLeavingAsync(async () =>
        {
            await socket.SendAsync(Camera(++sequence, yaw += 0.02f), cancel);
            await FrameAsync(socket, cancel);
        }, cancel);
    });

    private static async Task FrameAsync(VisitSocket socket, CancellationToken cancel)
    {
        var frame = await socket.NextAsync(cancel);
        var shown = new byte[8];
        shown[0] = 2;
        frame.Slice(4, 4).CopyTo(shown.AsMemory(4));
        await socket.SendAsync(shown, cancel);
    }

    private static byte[] Camera(uint sequence, float yaw)
    {
        var state = new byte[8 + 28];
        state[0] = 3;
        BinaryPrimitives.WriteUInt32LittleEndian(state.AsSpan(4), sequence);
        foreach (var (i, value) in new[] { -10, 25, 40, yaw, 0.4f, 560 }.Index()) BinaryPrimitives.WriteSingleLittleEndian(state.AsSpan(8 + 4 * i), value);
        BinaryPrimitives.WriteUInt32LittleEndian(state.AsSpan(32), 10_000_000);
        return state;
    }

    /// <summary>How often it was done before the visitor left.</summary>
    private static async Task<int> UntilLeavingAsync(Func<Task> once, CancellationToken leaving)
    {
        for (var times = 0; ; times++)
        {
            try
            {
                await once();
            }
            catch (OperationCanceledException) when (leaving.IsCancellationRequested)
            {
                return times;
            }
        }
    }
}
