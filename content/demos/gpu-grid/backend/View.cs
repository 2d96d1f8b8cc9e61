using System.Diagnostics;

namespace BrowserTech.Demos.GpuGrid;

/// <summary>The rows that one page looks at: all of them, or those that a filter has found so far.</summary>
internal sealed class View
{
    private readonly EventLog _log;
    private readonly RowBits? _found;
    private readonly Filter? _filter;
    private long _elapsed;

    /// <param name="log">What is looked at.</param>
    /// <param name="id">The page's own number for it.</param>
    /// <param name="filter">Null: all rows.</param>
    public View(EventLog log, uint id, Filter? filter)
    {
        (_log, Id) = (log, id);
        if (filter is { IsEmpty: false }) (_filter, _found) = (filter, new RowBits(log.Rows));
    }

    public uint Id { get; }

    /// <summary>How many rows it has, so far.</summary>
    public int Count => _found?.Count ?? _log.Rows;

    public int Scanned => _found?.Scanned ?? _log.Rows;

    public bool IsComplete => Scanned == _log.Rows;

    /// <summary>How long the search has taken.</summary>
    public TimeSpan Elapsed => TimeSpan.FromTicks(Volatile.Read(ref _elapsed));

    /// <summary>The row at a place of the view, less than <see cref="Count"/>.</summary>
    public int RowAt(int index) => _found?.Select(index) ?? index;

    /// <summary>The place of the first row of the view that is not before a time.</summary>
    public int IndexAt(double time)
    {
        var row = _log.Times.RowAt(time);
        return _found?.Rank(row) ?? row;
    }

    /// <summary>Searches, block by block, until it is done or not wanted any more. To be run once, by one thread; others may look meanwhile.</summary>
    /// <param name="progress">Called after each block.</param>
    /// <param name="cancel">A newer filter.</param>
    public void Search(Action progress, CancellationToken cancel)
    {
        if (_found is null) return;
        var started = Stopwatch.GetTimestamp();
        for (var block = 0; block < _found.Blocks && !cancel.IsCancellationRequested; block++)
        {
            var end = Math.Min(_log.Rows, (block + 1) << TimeCurve.Shift);
            for (var row = block << TimeCurve.Shift; row < end; row++)
            {
                if (_filter!.Wants(_log, row)) _found.Set(row);
            }

            _found.Publish();
            Volatile.Write(ref _elapsed, Stopwatch.GetElapsedTime(started).Ticks);
            progress();
        }
    }

    /// <summary>How many rows of the view, of its warnings and of its errors, are in each of some equal parts of a stretch of time.</summary>
    public void CountOver(double from, double to, Span<uint> all, Span<uint> warnings, Span<uint> errors)
    {
        var scanned = Scanned;
        var first = Math.Min(scanned, _log.Times.RowAt(from));
        for (var bin = 0; bin < all.Length; bin++)
        {
            var last = Math.Min(scanned, _log.Times.RowAt(from + (to - from) * (bin + 1) / all.Length));
            all[bin] = (uint)(_found?.CountBetween(first, last) ?? last - first);
            warnings[bin] = (uint)_log.Warnings.CountBetween(first, last, _found);
            errors[bin] = (uint)_log.Errors.CountBetween(first, last, _found);
            first = last;
        }
    }
}
