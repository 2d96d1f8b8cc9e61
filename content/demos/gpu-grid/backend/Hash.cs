namespace BrowserTech.Demos.GpuGrid;

/// <summary>Sixty-four well mixed bits from a seed and a number: the finaliser of SplitMix64. Everything in the log comes from it.</summary>
internal static class Hash
{
    public static ulong Of(ulong seed, ulong number) => Mix(seed + (number + 1) * 0x9E3779B97F4A7C15);

    public static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
