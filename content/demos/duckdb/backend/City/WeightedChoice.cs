namespace BrowserTech.Demos.DuckDb.City;

/// <summary>Draws an index with a probability that is proportional to its weight, in constant time (Vose's alias method).</summary>
public sealed class WeightedChoice
{
    private readonly uint[] _keep;
    private readonly ushort[] _else;

    /// <param name="weights">From 1 to 65 536 of them, none negative, not all zero.</param>
    public WeightedChoice(ReadOnlySpan<double> weights)
    {
        var count = weights.Length;
        _keep = new uint[count];
        _else = new ushort[count];
        double total = 0;
        foreach (var weight in weights) total += weight;
        var share = new double[count];
        var (small, large) = (new Stack<int>(count), new Stack<int>(count));
        for (var i = 0; i < count; i++)
        {
            share[i] = weights[i] * count / total;
            (share[i] < 1 ? small : large).Push(i);
        }

        while (small.Count > 0 && large.Count > 0)
        {
            var (poor, rich) = (small.Pop(), large.Pop());
            _keep[poor] = (uint)(share[poor] * uint.MaxValue);
            _else[poor] = (ushort)rich;
            share[rich] -= 1 - share[poor];
            (share[rich] < 1 ? small : large).Push(rich);
        }

        foreach (var whole in small.Concat(large))
        {
            _keep[whole] = uint.MaxValue;
            _else[whole] = (ushort)whole;
        }
    }

    public int Draw(ref Dice dice)
    {
        var bits = dice.Next();
        var index = (int)(((bits >> 32) * (ulong)_keep.Length) >> 32);
        return (uint)bits <= _keep[index] ? index : _else[index];
    }
}
