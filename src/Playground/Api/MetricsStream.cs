using Microsoft.AspNetCore.Http;
using BrowserTech.Playground.Accounts;
using BrowserTech.Playground.Backends;

namespace BrowserTech.Playground.Api;

/// <summary>One measurement, with Plane's names and, after them, ours. Null where it is not known.</summary>
/// <param name="MemUsed">Bytes.</param>
/// <param name="MemAvailable">Bytes it may use beyond that.</param>
/// <param name="MemLimit">Bytes.</param>
/// <param name="CpuUsed">Nanoseconds of processors used since the measurement before; in the first one, since it began.</param>
/// <param name="SysCpu">Nanoseconds of processors this machine had in the same time: the one by the other is the share used.</param>
internal sealed record MetricsResponse(
    string BackendId, long? MemUsed, long? MemAvailable, long MemLimit, long? CpuUsed, long SysCpu,
    DateTimeOffset Time, int? Pid, double? CpuSeconds, int Connections, int Clients, long BytesIn, long BytesOut);

/// <summary>
/// <c>/v2/backend/{id}/metrics/stream</c>: a measurement at once and then every <see cref="PlaygroundTimes.MetricsPeriod"/>, until
/// the backend is over. Nothing is measured unless somebody looks.
/// </summary>
internal sealed class MetricsStream(BackendRegistry registry, AccountAuthority authority, TimeProvider clock)
{
    public async Task<IResult> Stream(HttpContext context, string id)
    {
        var (live, _, refusal) = await LogStream.Find(context, id, registry, authority);
        if (refusal is not null) return refusal;
        var stream = EventStream.Open(context);
        if (live is null) return Results.Empty; // over: there is nothing to measure
        await stream.KeepAlive();
        await live.ReadyOrEnding.WaitAsync(context.RequestAborted);
        var (before, cpuBefore) = (live.View().CreatedAt, TimeSpan.Zero);
        while (!live.Ended.IsCompleted)
        {
            var (now, view) = (clock.GetUtcNow(), live.View());
            if (view.Process is not null) // else it is ending just now
            {
                await stream.Write(Measure(view, live.Spec.Service.Limits.MemoryBytes, now, now - before, cpuBefore));
                await stream.Flush();
                (before, cpuBefore) = (now, view.Process.CpuTime ?? cpuBefore);
            }

            using var pause = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
            await Task.WhenAny(live.Ended, Task.Delay(PlaygroundTimes.MetricsPeriod, clock, pause.Token));
            await pause.CancelAsync();
            context.RequestAborted.ThrowIfCancellationRequested();
        }

        return Results.Empty;
    }

    private static MetricsResponse Measure(BackendView view, long limit, DateTimeOffset now, TimeSpan elapsed, TimeSpan cpuBefore)
    {
        var memory = view.Process?.MemoryBytes;
        var cpu = view.Process?.CpuTime;
        return new MetricsResponse(
            view.Id.Value, memory, memory is { } used ? Math.Max(0, limit - used) : null, limit,
            cpu is { } total ? Nanoseconds(total - cpuBefore) : null, Math.Max(1, Nanoseconds(elapsed) * Environment.ProcessorCount),
            now, view.Process?.Pid, cpu?.TotalSeconds, view.Connections, view.Clients, view.BytesIn, view.BytesOut);
    }

    private static long Nanoseconds(TimeSpan time) => time.Ticks * TimeSpan.NanosecondsPerTick;
}
