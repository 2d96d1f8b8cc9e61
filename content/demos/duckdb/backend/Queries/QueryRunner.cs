using System.Globalization;
using BrowserTech.Demos.DuckDb.Native;

namespace BrowserTech.Demos.DuckDb.Queries;

/// <summary>
/// Runs one query after another for one tab, inside limits. What a query does wrong is its outcome and never an exception: the next one finds everything as it was.
/// What the process holds is taken for the query's own, so no other may run in it meanwhile: see <see cref="QueryTurns"/>.
/// </summary>
/// <param name="connection">The tab's own; nobody else runs statements on it.</param>
/// <param name="limits">Of each query.</param>
/// <param name="clock">Counts the time.</param>
public sealed class QueryRunner(DuckConnection connection, QueryLimits limits, TimeProvider clock)
{
    /// <summary>How often it is looked at: how far it is, what it holds, whether it must stop.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>Megabytes by which anything may grow a process that is at its limit before it began.</summary>
    private const int Slack = 64;

    /// <param name="sql">Anything.</param>
    /// <param name="send">Takes a piece of the answer, and returns when there is room for the next: a slow reader slows the engine. False: nobody reads any more.</param>
    /// <param name="progress">Is told now and then how far it is: percent, or less than 0 where that is not known, and bytes resident.</param>
    /// <param name="cancel">Stops it, wherever it is.</param>
    public async Task<QueryOutcome> RunAsync(
        string sql, Func<ReadOnlyMemory<byte>, ValueTask<bool>> send, Action<double, long> progress, CancellationToken cancel)
    {
        var began = clock.GetTimestamp();
        var (first, peak, why) = (TimeSpan.Zero, Environment.WorkingSet, (string?)null);
        // The allocator keeps what a query before had, and uses it again: it is nobody's fault now, and one that takes no more than that is not stopped for it.
        var most = Math.Max(limits.ResidentMegabytes, (peak >> 20) + Slack);
        ArrowFrames? frames = null;
        QueryOutcome End(string? failure, string? message) => new(
            failure, message, frames?.Rows ?? 0, frames?.Bytes ?? 0, frames?.Cut, first, clock.GetElapsedTime(began), Math.Max(peak, Environment.WorkingSet));
        void Watch(object? state)
        {
            var resident = Environment.WorkingSet;
            peak = Math.Max(peak, resident);
            if (clock.GetElapsedTime(began) > limits.Time) why ??= "time";
            else if (resident >> 20 > most) why ??= "memory";
            // Again and again: what interrupts a query that has not begun, or is between two steps, is lost.
            if (why is not null || cancel.IsCancellationRequested) connection.Interrupt();
            else progress(connection.Progress.Percentage, peak);
        }

        await using var watch = clock.CreateTimer(Watch, null, Look, Look);
        await using var stop = cancel.Register(connection.Interrupt);
        try
        {
            // The engine blocks while it computes.
            frames = await Task.Run(() => new ArrowFrames(connection.Begin(sql), limits), CancellationToken.None).ConfigureAwait(false);
            while (true)
            {
                var frame = await Task.Run(frames.Next, CancellationToken.None).ConfigureAwait(false);
                if (first == TimeSpan.Zero) first = clock.GetElapsedTime(began);
                if (frame.Length == 0) return End(null, null);
                if (cancel.IsCancellationRequested || why is not null) throw new DuckException("Stopped between two pieces.", DuckErrorKind.Interrupted);
                if (!await send(frame).ConfigureAwait(false)) return End("cancelled", "The tab is gone.");
            }
        }
        catch (Exception error)
        {
            var (failure, message) = Say(error, why);
            return End(failure, connection.RollBack() ? $"{message} The transaction it was part of is undone." : message);
        }
        finally
        {
            if (frames is not null) await Task.Run(frames.Dispose, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private (string Failure, string Message) Say(Exception error, string? why) => error switch
    {
        DuckException { Kind: DuckErrorKind.Interrupted } when why == "time" => ("time", string.Create(CultureInfo.InvariantCulture,
            $"It ran for {limits.Time.TotalSeconds:0} seconds, which is the limit here. It was stopped; the process goes on.")),
        DuckException { Kind: DuckErrorKind.Interrupted } when why == "memory" => ("memory",
            $"It made the process hold more than {limits.ResidentMegabytes} MB, which is the limit here. It was stopped; the process goes on."),
        DuckException { Kind: DuckErrorKind.Interrupted } => ("cancelled", "It was cancelled."),
        DuckException { Kind: DuckErrorKind.OutOfMemory } when error.Message.Contains("max_temp_directory_size", StringComparison.Ordinal) => ("disk",
            $"It needed more than {limits.MemoryMegabytes} MB of memory and {limits.DiskMegabytes} MB of disk, which is the limit here. It was stopped; the process goes on."),
        DuckException { Kind: DuckErrorKind.OutOfMemory } => ("memory",
            $"It needed more than {limits.MemoryMegabytes} MB of memory at once, which is the limit here. It was stopped; the process goes on."),
        DuckException when error.Message.Contains("attached in read-only mode", StringComparison.Ordinal) => ("query",
            $"{error.Message}\n\nThe trips can only be read. CREATE TEMP TABLE makes one of your own: nobody else sees it, and it goes when you leave."),
        DuckException => ("query", error.Message),
        // The engine has types that the Arrow library does not know; whatever else it is, the tab waits for an answer.
        _ => ("query", $"A column of this result cannot be sent; cast it to VARCHAR. ({error.Message})"),
    };
}
