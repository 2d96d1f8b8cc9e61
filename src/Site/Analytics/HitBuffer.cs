using System.Threading.Channels;

namespace BrowserTech.Site.Analytics;

/// <summary>
/// Between requests and the database: a bounded queue. A request never waits for the database; when the queue is
/// full the hit is dropped and counted, because pages matter more than their statistics.
/// </summary>
public sealed class HitBuffer(int capacity)
{
    public HitBuffer() : this(DefaultCapacity)
    {
    }

    /// <summary>About 20 MB of hits at most.</summary>
    public const int DefaultCapacity = 50_000;

    private readonly Channel<Hit> _channel = Channel.CreateBounded<Hit>(
        new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    private long _dropped;

    /// <summary>Hits dropped since the start because the queue was full.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public ChannelReader<Hit> Reader => _channel.Reader;

    /// <summary>False where the queue was full and the hit was dropped.</summary>
    public bool Add(Hit hit)
    {
        if (_channel.Writer.TryWrite(hit)) return true;
        Interlocked.Increment(ref _dropped);
        return false;
    }

    public void Complete() => _channel.Writer.TryComplete();
}
