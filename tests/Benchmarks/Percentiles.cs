namespace BrowserTech.Benchmarks;

/// <summary>A set of measurements, told as people read them.</summary>
internal sealed class Percentiles(IEnumerable<double> values)
{
    private readonly double[] _sorted = [.. values.Order()];

    public double P50 => At(0.50);

    public double P95 => At(0.95);

    public double P99 => At(0.99);

    public double Max => _sorted[^1];

    /// <summary>The smallest value that at least this part of all is not above (nearest rank).</summary>
    private double At(double part) => _sorted[Math.Max(0, (int)Math.Ceiling(part * _sorted.Length) - 1)];
}
