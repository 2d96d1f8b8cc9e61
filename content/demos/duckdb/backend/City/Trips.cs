namespace BrowserTech.Demos.DuckDb.City;

/// <summary>Trips as columns of one length, ordered by when they started.</summary>
/// <param name="count">How many.</param>
public sealed class Trips(int count)
{
    public static readonly string[] Bikes = ["classic", "electric", "cargo"];
    public static readonly string[] Riders = ["member", "casual"];

    public int Count => count;

    /// <summary>Seconds since the year began, local time.</summary>
    public int[] Started { get; } = new int[count];

    /// <summary>How long it took: from 60 up to four hours.</summary>
    public short[] Seconds { get; } = new short[count];

    public int[] Metres { get; } = new int[count];

    /// <summary>Of <see cref="Stations.All"/>.</summary>
    public short[] From { get; } = new short[count];

    /// <inheritdoc cref="From"/>
    public short[] To { get; } = new short[count];

    /// <summary>Index into <see cref="Bikes"/>.</summary>
    public byte[] Bike { get; } = new byte[count];

    /// <summary>Index into <see cref="Riders"/>.</summary>
    public byte[] Rider { get; } = new byte[count];
}
