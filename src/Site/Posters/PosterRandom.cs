using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace BrowserTech.Site.Posters;

/// <summary>
/// The numbers a poster is made of: SplitMix64, started from a hash of the slug. It is our own because a poster has to
/// come out the same on every machine and in every future runtime, which <see cref="Random"/> does not promise.
/// </summary>
internal sealed class PosterRandom(ulong state)
{
    private ulong _state = state;

    public static PosterRandom For(string slug, string purpose)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{purpose}\n{slug}"));
        return new PosterRandom(BinaryPrimitives.ReadUInt64LittleEndian(hash));
    }

    public ulong NextBits()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A number in [0, 1).</summary>
    public float Next() => (NextBits() >> 40) / (float)(1 << 24);

    public float Between(float low, float high) => low + (high - low) * Next();

    /// <summary>A whole number from <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    public int Whole(int low, int high) => low + (int)(NextBits() % (ulong)(high - low + 1));

    public bool Chance(float probability) => Next() < probability;

    public T Pick<T>(ReadOnlySpan<T> from) => from[Whole(0, from.Length - 1)];
}
