using System.Runtime.InteropServices;

namespace BrowserTech.Site.Posters;

/// <summary>A size posters are served in, in pixels. There are no others, so that nobody can fill the disk by asking.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PosterSize(int Width, int Height)
{
    /// <summary>2:1, for cards and the heads of pages.</summary>
    public static readonly PosterSize Wide = new(640, 320), WideLarge = new(1280, 640);

    /// <summary>16:9, for the stages of demos.</summary>
    public static readonly PosterSize Screen = new(640, 360), ScreenLarge = new(1280, 720);

    /// <summary>Square, for badges and mails.</summary>
    public static readonly PosterSize Square = new(480, 480);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<PosterSize> All { get; } = [Wide, WideLarge, Screen, ScreenLarge, Square];

    /// <inheritdoc />
    public override string ToString() => $"{Width}x{Height}";
}
