namespace BrowserTech.Demos.Points.Cloud;

/// <summary>Red, green, blue, 0 to 1, as a screen takes them.</summary>
internal readonly record struct Colour(float R, float G, float B)
{
    public static Colour operator *(Colour colour, float by) => new(colour.R * by, colour.G * by, colour.B * by);

    public static Colour operator *(Colour a, Colour b) => new(a.R * b.R, a.G * b.G, a.B * b.B);

    public static Colour operator +(Colour a, Colour b) => new(a.R + b.R, a.G + b.G, a.B + b.B);

    public Colour Towards(Colour other, float part) => this * (1 - part) + other * part;

    /// <summary>As 5-6-5, rounded up or down by lot, so that many points together have the colour that none of them can.</summary>
    public ushort Pack(uint lot)
    {
        var r = Level(R, 31, lot & 0xff);
        var g = Level(G, 63, (lot >> 8) & 0xff);
        var b = Level(B, 31, (lot >> 16) & 0xff);
        return (ushort)(r << 11 | g << 5 | b);
    }

    private static int Level(float value, int most, uint lot) => Math.Clamp((int)(value * most + lot * (1f / 256)), 0, most);
}
