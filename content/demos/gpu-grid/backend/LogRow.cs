namespace BrowserTech.Demos.GpuGrid;

/// <summary>One event.</summary>
/// <param name="Id">Its number, from 0.</param>
/// <param name="Time">Unix milliseconds.</param>
/// <param name="Kind">Which of <see cref="Catalogue.Templates"/>.</param>
/// <param name="Station">Which of <see cref="Catalogue.Stations"/>.</param>
/// <param name="Micros">How long it took, in microseconds.</param>
/// <param name="Signal">In tenths of a decibel.</param>
/// <param name="Bits">What the holes of its text and its trace are made from.</param>
internal readonly record struct LogRow(int Id, long Time, byte Kind, byte Station, uint Micros, short Signal, ulong Bits)
{
    public Template Template => Catalogue.Templates[Kind];

    /// <summary>The values of the holes in its text; the rest is zero.</summary>
    public void Values(Span<int> into)
    {
        var slots = Template.Slots;
        for (var i = 0; i < Template.MaxSlots; i++) into[i] = i < slots.Length ? slots[i].Fill((uint)(Bits >> (16 * i))) : 0;
    }

    /// <summary>The characters of its message, written into <paramref name="into"/>.</summary>
    public int Message(Span<char> into, bool lower = false)
    {
        Span<int> values = stackalloc int[Template.MaxSlots];
        Values(values);
        return Template.Write(values, into, lower);
    }

    /// <summary>Two samples in each byte, the earlier in the low half.</summary>
    public void Trace(Span<byte> into)
    {
        var noise = Hash.Mix(Bits + 0x7ACE);
        var (middle, height) = (6 + (int)(Bits & 7) + (int)((Bits >> 3) & 3), 9 + (int)((Bits >> 5) & 3));
        for (var i = 0; i < EventLog.TraceSamples; i++)
        {
            if (i == 12) noise = Hash.Mix(noise);
            var scatter = (int)((noise >> (i % 12 * 5)) & 3);
            var away = Math.Abs(i - middle);
            var level = Template.Shape switch
            {
                Shape.Pulse => 1 + scatter + Math.Max(0, height - away * away),
                Shape.Ramp => 2 + scatter + i * (height - 3) / EventLog.TraceSamples,
                Shape.Step => (i < middle ? height - 2 : 2) + scatter,
                Shape.Spike => 3 + scatter + (away == 0 ? height : away == 1 ? height / 2 : 0),
                _ => 4 + scatter + (int)((noise >> (i % 12 * 5 + 2)) & 3),
            };
            level = Math.Clamp(level, 0, 15);
            if ((i & 1) == 0) into[i >> 1] = (byte)level;
            else into[i >> 1] |= (byte)(level << 4);
        }
    }
}
