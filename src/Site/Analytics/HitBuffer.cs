using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace BrowserTech.Site.Analytics;

/// <summary>
/// Between requests and the database: a queue bounded in number and in weight. A request never waits for the database;
/// when the queue is full the hit is dropped and counted, because pages matter more than their statistics.
/// </summary>
public sealed class HitBuffer(int capacity, long maxBytes)
{
    public const int DefaultCapacity = 50_000;
    public const long DefaultMaxBytes = 64L * 1024 * 1024;

    private readonly Channel<Hit> _channel = Channel.CreateBounded<Hit>(new BoundedChannelOptions(capacity) { SingleReader = true });

    private long _bytes;
    private long _dropped;

    public HitBuffer() : this(DefaultCapacity, DefaultMaxBytes)
    {
    }

    /// <summary>Hits dropped since the start because the queue was full.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public bool IsEmpty => !_channel.Reader.TryPeek(out _);

    /// <summary>False where the queue was full and the hit was dropped.</summary>
    public bool Add(Hit hit)
    {
        var weight = Weight(hit);
        if (Interlocked.Add(ref _bytes, weight) <= maxBytes && _channel.Writer.TryWrite(hit)) return true;
        Interlocked.Add(ref _bytes, -weight);
        Interlocked.Increment(ref _dropped);
        return false;
    }

    public bool TryTake([NotNullWhen(true)] out Hit? hit)
    {
        if (!_channel.Reader.TryRead(out hit)) return false;
        Interlocked.Add(ref _bytes, -Weight(hit));
        return true;
    }

    public void Complete() => _channel.Writer.TryComplete();

    // What its texts take; the rest of a hit is small.
    private static long Weight(Hit hit) => 200 + 2L * (hit.Name.Length + hit.Path.Length + hit.Referrer.Length + hit.Source.Length + (hit.Properties?.Length ?? 0)
        + hit.Campaign.Source.Length + hit.Campaign.Medium.Length + hit.Campaign.Name.Length + hit.Campaign.Content.Length + hit.Campaign.Term.Length);
}
