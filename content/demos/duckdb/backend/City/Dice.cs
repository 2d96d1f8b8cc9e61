namespace BrowserTech.Demos.DuckDb.City;

/// <summary>
/// Numbers that are the same on every machine and in every version of .NET, which <see cref="Random"/> does not promise: SplitMix64, one addition and
/// three multiplications a number. Nothing that is drawn with it goes through a logarithm or a cosine either, whose last digit is the C library's business.
/// </summary>
public struct Dice(ulong seed)
{
    private ulong _state = seed;

    /// <summary>Dice of one part of a whole, unlike those of every other part.</summary>
    public static Dice For(ulong seed, int part)
    {
        var dice = new Dice(seed + ((ulong)part * 0xD1B54A32D192ED03));
        dice.Next();
        return dice;
    }

    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>From 0 up to but without 1.</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>From 0 up to but without <paramref name="bound"/>.</summary>
    public int Below(int bound) => (int)(((Next() >> 32) * (ulong)bound) >> 32);

    public bool Chance(double probability) => Unit() < probability;

    /// <summary>Bell-shaped, mean 0, standard deviation 1, never beyond 3.5: the sum of four, as the normal distribution is of infinitely many.</summary>
    public double Bell()
    {
        // Four 16-bit numbers of one draw: the sum's deviation is 2^16 * sqrt(4/12).
        var bits = Next();
        var sum = (double)(bits & 0xFFFF) + ((bits >> 16) & 0xFFFF) + ((bits >> 32) & 0xFFFF) + (bits >> 48);
        return (sum - 131070.0) / 37837.2;
    }
}
