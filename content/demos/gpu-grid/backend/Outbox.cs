using System.Threading.Channels;

namespace BrowserTech.Demos.GpuGrid;

/// <summary>
/// What one page still has to be told. There is one place for each thing, and what is newer takes the place of what is older; so a page that
/// asks faster than it reads, or does not read at all, costs no memory. Pages of rows are handed out only while fewer than
/// <see cref="Window"/> are on their way: whoever scrolls past a hundred pages gets the last few, not the hundred.
/// </summary>
internal sealed class Outbox
{
    /// <summary>Pages sent and not yet known to have arrived.</summary>
    public const int Window = 16;

    private readonly Lock _lock = new();
    private readonly Channel<bool> _something = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly (uint View, uint Page)[] _underWay = new (uint, uint)[Window];
    private readonly Bins?[] _bins = new Bins?[2];
    private Want? _want;
    private Locate? _locate;
    private Copy? _copy;
    private (uint View, string Why)? _wrong;
    private bool _progress;
    private uint _sent;
    private uint _received;
    private int _next;

    /// <summary>Returns when there may be something to send.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancel) => _something.Reader.ReadAsync(cancel);

    public void Put(Want want)
    {
        lock (_lock)
        {
            // What was never sent cannot have arrived.
            _received = Math.Max(_received, Math.Min(want.Received, _sent));
            (_want, _next) = (want, 0);
        }

        Wake();
    }

    public void Put(Bins bins) => Set(() => _bins[bins.Strip] = bins);

    public void Put(Locate locate) => Set(() => _locate = locate);

    public void Put(Copy copy) => Set(() => _copy = copy.Ranges.Length > 0 ? copy : null);

    public void PutWrong(uint view, string why) => Set(() => _wrong = (view, why));

    public void PutProgress() => Set(() => _progress = true);

    /// <summary>Another view: what was wanted of the one before is not wanted any more.</summary>
    public void Clear() => Set(() =>
    {
        (_want, _locate, _copy, _wrong, _progress) = (null, null, null, null, true);
        Array.Clear(_bins);
    });

    public (uint View, string Why)? TakeWrong() => Take(ref _wrong);

    public bool TakeProgress() => Take(ref _progress);

    public Locate? TakeLocate() => Take(ref _locate);

    public Bins? TakeBins(int strip) => Take(ref _bins[strip]);

    public Copy? TakeCopy() => Take(ref _copy);

    /// <summary>The next page to send and its number, counted from 1; null where none is wanted, or enough are under way.</summary>
    public (uint View, uint Page, uint Number)? TakePage()
    {
        lock (_lock)
        {
            while (_want is { } want && _next < want.Pages.Length && _sent - _received < Window)
            {
                var page = (want.View, want.Pages[_next++]);
                if (IsUnderWay(page)) continue;
                _underWay[_sent % Window] = page;
                return (page.View, page.Item2, ++_sent);
            }

            return null;
        }
    }

    private bool IsUnderWay((uint View, uint Page) page)
    {
        for (var number = _received; number < _sent; number++)
        {
            if (_underWay[number % Window] == page) return true;
        }

        return false;
    }

    private void Set(Action change)
    {
        lock (_lock) change();
        Wake();
    }

    private T Take<T>(ref T place)
    {
        lock (_lock)
        {
            var taken = place;
            place = default!;
            return taken;
        }
    }

    private void Wake() => _something.Writer.TryWrite(true);
}
