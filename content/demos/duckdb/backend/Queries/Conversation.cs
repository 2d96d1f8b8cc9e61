using System.Buffers.Binary;
using System.Text.Json;
using BrowserTech.Demos.DuckDb.City;
using BrowserTech.Demos.DuckDb.Native;
using BrowserTech.SessionBackend;

namespace BrowserTech.Demos.DuckDb.Queries;

/// <summary>
/// What is said on one tab's WebSocket. The tab asks in JSON; answers are pieces of an Arrow stream, each behind the number of its query (four bytes,
/// little-endian), and JSON about them. One query at a time: a second one is refused while one runs, so that no tab fills the engine with waiting work; and a query
/// waits while one of another tab of this process runs.
/// </summary>
public sealed class Conversation(BackendSocket socket, TripStore store, QueryLimits limits, Tabs tabs, TimeProvider clock)
{
    /// <summary>What one tab keeps is not there for the others, and what of it is resident nobody can tell apart.</summary>
    private const string Shared = "Other tabs use this process too, and what their temporary tables hold counts with it.";

    private volatile CancellationTokenSource? _running;
    private uint _runs;

    /// <summary>Until the tab is gone. What it left running is stopped. A tab too many is told so, and that is all.</summary>
    public Task HoldAsync(CancellationToken stopping) => tabs.HoldAsync(socket, () => TalkAsync(stopping));

    private async Task TalkAsync(CancellationToken stopping)
    {
        using var connection = store.Connect();
        var runner = new QueryRunner(connection, limits, clock);
        var query = Task.CompletedTask;
        await SayAsync(Greeting(), Messages.Default.Hello).ConfigureAwait(false);
        try
        {
            while (await socket.ReceiveAsync(stopping).ConfigureAwait(false) is { } message)
            {
                if (Read(message) is not { } asked)
                {
                    await RefuseAsync(0, "The message was not understood.").ConfigureAwait(false);
                    continue;
                }

                if (asked.Type == "cancel")
                {
                    if (asked.Id == _runs) await CancelAsync().ConfigureAwait(false);
                }
                else if (_running is not null)
                {
                    await RefuseAsync(asked.Id, "Another query of this tab is still running. Cancel it, or wait.").ConfigureAwait(false);
                }
                else if (Mistake(asked) is { } mistake)
                {
                    await RefuseAsync(asked.Id, mistake).ConfigureAwait(false);
                }
                else
                {
                    // Its end may just be on its way to the tab, which asks on as soon as it has it.
                    await query.ConfigureAwait(false);
                    query = AnswerAsync(runner, connection, asked);
                }
            }
        }
        finally
        {
            await CancelAsync().ConfigureAwait(false);
            await query.ConfigureAwait(false);
        }
    }

    private async Task CancelAsync()
    {
        try
        {
            if (_running is { } running) await running.CancelAsync().ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // It has ended in this moment.
        }
    }

    private async Task AnswerAsync(QueryRunner runner, DuckConnection connection, Asked asked)
    {
        using var cancel = new CancellationTokenSource();
        (_running, _runs) = (cancel, asked.Id);
        var outcome = new QueryOutcome("query", "It failed for a reason that is not known.", 0, 0, null, default, default, 0);
        try
        {
            using var turn = await tabs.Turns.TakeAsync(before => TellAlso(new Waiting("waiting", asked.Id, before), Messages.Default.Waiting), cancel.Token).ConfigureAwait(false);
            await Task.Run(() => store.Choose(connection, asked.Parts), CancellationToken.None).ConfigureAwait(false);
            outcome = await runner.RunAsync(asked.Sql!, frame => SendAsync(asked.Id, frame), (percentage, memory) =>
                TellAlso(new Progress("progress", asked.Id, percentage, memory), Messages.Default.Progress), cancel.Token).ConfigureAwait(false);
            if (outcome.Failure is "memory" or "disk" && tabs.AreSeveral) outcome = outcome with { Message = $"{outcome.Message} {Shared}" };
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            outcome = outcome with { Failure = "cancelled", Message = "It was cancelled while it waited for its turn.", PeakMemory = Environment.WorkingSet };
        }
        catch (Exception error)
        {
            // Whatever it is: the tab waits for an end, and asks on after it.
            outcome = outcome with { Message = error.Message, PeakMemory = Environment.WorkingSet };
        }
        finally
        {
            _running = null;
        }

        await SayAsync(new Ended(outcome.Failure is null ? "done" : "failed", asked.Id, outcome.Failure, outcome.Message, outcome.Rows, outcome.Bytes,
            outcome.Cut, outcome.First.TotalMilliseconds, outcome.Elapsed.TotalMilliseconds, outcome.PeakMemory), Messages.Default.Ended).ConfigureAwait(false);
    }

    private Hello Greeting() => new("hello", DuckDatabase.Version, limits.Threads, limits.MemoryMegabytes, limits.DiskMegabytes,
        limits.Time.TotalSeconds, limits.Rows, store.Parts, Preparation.RowsPerPart,
        [.. Enumerable.Range(0, store.Parts).Select(part => new FileInfo(store.PathOf(Preparation.PartFile(part))).Length)],
        new FileInfo(store.PathOf(Preparation.CityFile)).Length);

    private string? Mistake(Asked asked) => asked switch
    {
        { Type: not "query" } => "The message was not understood.",
        { Sql: null or "" } => "There is no query in it.",
        { Sql.Length: > QueryLimits.MaxSql } => $"A query may have {QueryLimits.MaxSql} characters.",
        _ when asked.Parts < 1 || asked.Parts > store.Parts => $"There are {store.Parts} million trips here.",
        _ => null,
    };

    private static Asked? Read(SocketMessage message)
    {
        if (!message.IsText) return null;
        try
        {
            return JsonSerializer.Deserialize(message.Data.Span, Messages.Default.Asked);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private ValueTask<bool> SendAsync(uint id, ReadOnlyMemory<byte> frame)
    {
        var message = new byte[4 + frame.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(message, id);
        frame.CopyTo(message.AsMemory(4));
        return socket.SendAsync(message);
    }

    private ValueTask<bool> RefuseAsync(uint id, string why) =>
        SayAsync(new Ended("failed", id, "refused", why, 0, 0, null, 0, 0, 0), Messages.Default.Ended);

    /// <summary>What is only worth knowing now. Who does not read misses some of it.</summary>
    private void TellAlso<T>(T message, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        _ = socket.TrySendAsync(JsonSerializer.SerializeToUtf8Bytes(message, type), isText: true).AsTask();

    private ValueTask<bool> SayAsync<T>(T message, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message, type), isText: true);
}
