using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using BrowserTech.SessionBackend;

namespace BrowserTech.Demos.GpuGrid;

/// <summary>
/// One page's conversation. One loop reads what it asks for and only notes it; another sends, one message after the other, each when the one
/// before is on its way. So a slow page slows its own sender and nothing else. A search runs beside them and is given up for the next.
/// </summary>
internal sealed class GridSession(EventLog log, BackendSocket socket) : IDisposable
{
    /// <summary>Rows that are copied at most: a clipboard is no export.</summary>
    public const int MaxCopied = 50_000;

    private static readonly TimeSpan BetweenCounts = TimeSpan.FromMilliseconds(40);

    private readonly Outbox _outbox = new();
    private readonly byte[] _page = new byte[Replies.PageHead + Request.PageRows * Replies.RowBytes];
    private volatile View _view = new(log, 0, null);
    private CancellationTokenSource _searching = new();
    private Task _search = Task.CompletedTask;

    public async Task RunAsync(CancellationToken stopping)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await socket.SendAsync(Replies.Welcome(log), isText: true, over.Token);
        var sending = SendAsync(over.Token);
        try
        {
            while (await socket.ReceiveAsync(over.Token) is { } message)
            {
                if (message.IsText)
                {
                    await socket.CloseAsync(WebSocketCloseStatus.InvalidMessageType, "Requests are binary here.");
                    return;
                }

                if (Request.Read(message.Data.Span, out var why) is { } request)
                {
                    await NoteAsync(request);
                    continue;
                }

                await socket.CloseAsync(WebSocketCloseStatus.PolicyViolation, why);
                return;
            }
        }
        finally
        {
            await _searching.CancelAsync();
            await over.CancelAsync();
            await _search;
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose() => _searching.Dispose();

    private async Task NoteAsync(Request request)
    {
        switch (request)
        {
            case Want want when want.View == _view.Id: _outbox.Put(want); break;
            case Bins bins: _outbox.Put(bins); break;
            case Locate locate: _outbox.Put(locate); break;
            case Copy copy: _outbox.Put(copy); break;
            case Show show: await LookAsync(show); break;
        }
    }

    private async Task LookAsync(Show show)
    {
        if (Filter.Parse(show.Filter, out var why) is not { } filter)
        {
            _outbox.PutWrong(show.View, why!);
            return;
        }

        // One search at a time: it ends within a block of rows, and only then is there memory for the next.
        await _searching.CancelAsync();
        await _search;
        _searching.Dispose();
        _searching = new CancellationTokenSource();
        var (view, cancel) = (new View(log, show.View, filter), _searching.Token);
        _view = view;
        _outbox.Clear();
        if (filter.IsEmpty) return;
        _search = Task.Run(() => SearchAsync(view, cancel), CancellationToken.None);
    }

    private async Task SearchAsync(View view, CancellationToken cancel)
    {
        try
        {
            Search(view, cancel);
        }
        catch (Exception error) when (!cancel.IsCancellationRequested)
        {
            await GiveUpAsync("searching for", error);
        }
    }

    private void Search(View view, CancellationToken cancel)
    {
        var (told, enough) = (Stopwatch.GetTimestamp(), false);
        view.Search(() =>
        {
            // The first rows are worth telling at once; after that, as often as anybody can read.
            var first = !enough && view.Count >= Request.PageRows;
            if (!first && !view.IsComplete && Stopwatch.GetElapsedTime(told) < BetweenCounts) return;
            (told, enough) = (Stopwatch.GetTimestamp(), enough || first);
            if (!cancel.IsCancellationRequested) _outbox.PutProgress();
        }, cancel);
    }

    private async Task SendAsync(CancellationToken over)
    {
        try
        {
            while (true)
            {
                await _outbox.WaitAsync(over);
                while (await SendNextAsync(over))
                {
                }
            }
        }
        catch (Exception error) when (!over.IsCancellationRequested)
        {
            await GiveUpAsync("answering", error);
        }
    }

    /// <summary>A page that is answered no more is told so, and comes back; it would wait for ever otherwise.</summary>
    private async ValueTask GiveUpAsync(string what, Exception error)
    {
        await Console.Error.WriteLineAsync($"{what} a page failed: {error}");
        await socket.CloseAsync(WebSocketCloseStatus.InternalServerError, $"The process failed while {what}.");
    }

    /// <summary>Sends the most urgent thing; false when there is nothing.</summary>
    private async Task<bool> SendNextAsync(CancellationToken over)
    {
        var view = _view;
        if (_outbox.TakeWrong() is { } wrong) return await socket.SendAsync(Replies.Wrong(wrong.View, wrong.Why), cancel: over);
        if (_outbox.TakeProgress()) return await socket.SendAsync(Replies.Count(view), cancel: over);
        // What was asked of another view is answered by nothing: the page has left it too.
        if (_outbox.TakeLocate() is { } locate) return locate.View != view.Id || await socket.SendAsync(Replies.Located(view, locate), cancel: over);
        if (_outbox.TakePage() is { } page)
        {
            // The view may have been left since; the page has a number, and so it is sent, empty.
            view = _view;
            return await socket.SendAsync(_page.AsMemory(0, Replies.Page(log, view.Id == page.View ? view : null, page.View, page.Page, page.Number, _page)), cancel: over);
        }

        for (var strip = 0; strip < 2; strip++)
        {
            if (_outbox.TakeBins(strip) is { } bins) return bins.View != view.Id || await socket.SendAsync(Replies.Histogram(view, bins), cancel: over);
        }

        return _outbox.TakeCopy() is { } copy && (copy.View != view.Id || await CopyAsync(view, copy, over));
    }

    private async Task<bool> CopyAsync(View view, Copy copy, CancellationToken over)
    {
        var (rows, text) = (0, new StringBuilder());
        for (var range = 0; range < copy.Ranges.Length; range += 2)
        {
            var last = Math.Min(copy.Ranges[range + 1], view.Count - 1L);
            for (long index = copy.Ranges[range]; index <= last && rows < MaxCopied; index++, rows++)
            {
                if (text.Length > 32 * 1024)
                {
                    if (!await socket.SendAsync(Replies.Copied(copy.Token, rows, isLast: false, text.ToString()), cancel: over)) return false;
                    text.Clear();
                }

                Tsv.Append(text, log.Row(view.RowAt((int)index)));
            }
        }

        return await socket.SendAsync(Replies.Copied(copy.Token, rows, isLast: true, text.ToString()), cancel: over);
    }
}
