using System.Globalization;
using Microsoft.AspNetCore.Http;
using BrowserTech.Playground.Accounts;
using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Runtimes;

namespace BrowserTech.Playground.Api;

/// <summary>
/// <c>/v2/backend/{id}/logs/stream</c>: what a backend writes, each line an event with its number as id, so that a reader who
/// comes back with <c>Last-Event-ID</c> goes on where it was. First what is kept, then what comes, until the backend is over.
/// A reader too slow for a flood is told how many lines it missed. What a program writes may hold anything: only its
/// account may read it.
/// </summary>
internal sealed class LogStream(BackendRegistry registry, AccountAuthority authority, TimeProvider clock)
{
    public async Task<IResult> Stream(HttpContext context, string id)
    {
        var (live, ended, refusal) = await Find(context, id, registry, authority);
        if (refusal is not null) return refusal;
        var stream = EventStream.Open(context);
        var after = long.TryParse(context.Request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out var line) ? line : 0;
        if (live is not null) await Follow(context, stream, live, after);
        else await Replay(stream, ended!, after);
        return Results.Empty;
    }

    /// <summary>A backend of the account that calls, running or ended.</summary>
    internal static async ValueTask<(LiveBackend? Live, BackendView? Ended, IResult? Refusal)> Find(
        HttpContext context, string id, BackendRegistry registry, AccountAuthority authority)
    {
        context.Response.Headers.CacheControl = "no-store";
        var known = BackendId.TryParse(id, out var parsed);
        var live = known ? registry.Find(parsed) : null;
        var ended = known && live is null ? registry.FindEnded(parsed) : null;
        if ((live?.Spec.Service.Account ?? ended?.Account) is { } owner) return (live, ended, await authority.Demand(context, owner));
        var acting = await authority.Demand(context);
        return (null, null, acting.Refusal ?? BackendEndpoints.Unknown(context));
    }

    private async Task Follow(HttpContext context, EventStream stream, LiveBackend live, long after)
    {
        await stream.KeepAlive();
        while (true)
        {
            var over = live.Ended.IsCompleted;
            var more = live.StateChanged; // there is no output before it has been prepared
            if (live.Instance?.Output is { } output)
            {
                var (lines, next) = output.After(after);
                more = next;
                if (lines.Lines.Count > 0)
                {
                    after = await Write(stream, lines, after);
                    continue; // there may be more by now
                }
            }

            if (over) return;
            // It ends in a while, or says something, or neither, and then the connection is shown to live.
            using var silence = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
            var woken = await Task.WhenAny(more, live.Ended, Task.Delay(PlaygroundTimes.ChangeWait, clock, silence.Token));
            await silence.CancelAsync();
            context.RequestAborted.ThrowIfCancellationRequested();
            if (woken != more && woken != live.Ended) await stream.KeepAlive();
        }
    }

    /// <summary>Of an ended backend its last lines are kept.</summary>
    private static async Task Replay(EventStream stream, BackendView ended, long after)
    {
        var first = ended.OutputLines - ended.LastOutput.Count + 1;
        if (after > ended.OutputLines) after = 0;
        var skipped = (int)Math.Clamp(after - first + 1, 0, ended.LastOutput.Count);
        await Write(stream, new OutputLines(first + skipped, [.. ended.LastOutput.Skip(skipped)]), after);
    }

    private static async Task<long> Write(EventStream stream, OutputLines lines, long after)
    {
        if (after > 0 && lines.First > after + 1) await stream.Write($"{lines.First - after - 1} lines were dropped here", name: "gap");
        foreach (var (index, line) in lines.Lines.Index())
            await stream.Write(line, id: (lines.First + index).ToString(CultureInfo.InvariantCulture));
        await stream.Flush();
        return lines.Last;
    }
}
