namespace BrowserTech.Demos.Points.Cloud;

/// <summary>
/// How the cloud lies in its file and in memory, in little-endian words. The world is a square of <see cref="Side"/> metres around the
/// origin, z up from 0 to <see cref="Height"/>, cut into <see cref="Tiles"/> × <see cref="Tiles"/> tiles, row by row from the south-west.
/// <list type="bullet">
/// <item>a head of <see cref="HeadBytes"/>: "BTPC", version, seed, number of points, square metres for each point (a float), then for each tile its first block, its number of
/// blocks and its lowest and highest z;</item>
/// <item>blocks of <see cref="Block"/> points: 16 × x, 16 × y, 16 × z, 16 × colour, each 16 bits. x and y count 1/65536 of the tile, z
/// 1/65536 of the height, the colour is 5-6-5.</item>
/// </list>
/// Sixteen of a kind side by side are one load of a wide register. Within a tile the points are in an order in which every beginning
/// covers the whole tile evenly: fewer points are a shorter prefix, and no second copy of the data is needed for level of detail.
/// </summary>
internal static class CloudFormat
{
    public const uint Magic = 0x43505442;

    /// <summary>Raised when the generator makes something else, too: a file of this version is kept.</summary>
    public const uint Version = 4;

    public const int Tiles = 32;
    public const int TileCount = Tiles * Tiles;
    public const float Side = 1024;
    public const float TileSide = Side / Tiles;
    public const float Height = 256;
    public const int Block = 16;
    public const int BlockWords = Block * 4;
    public const int HeadWords = 5;
    public const int TileWords = 4;
    public const int HeadBytes = 20480; // a whole number of pages: blocks lie aligned
    public const int Points = 10_000_000;

    /// <summary>The south-west corner of a tile in metres.</summary>
    public static (float X, float Y) Corner(int tile) => (tile % Tiles * TileSide - Side / 2, tile / Tiles * TileSide - Side / 2);
}
