namespace BrowserTech.Demos.DuckDb.City;

/// <summary>A place to take a bike from and to bring it back to.</summary>
/// <param name="Id">From 0, without gaps.</param>
/// <param name="Name">The two streets that cross there.</param>
/// <param name="District">The part of the city.</param>
/// <param name="East">Metres east of the city's south-west corner.</param>
/// <param name="North">Metres north of it.</param>
/// <param name="Docks">Bikes it can hold.</param>
/// <param name="Homes">How many people begin their day here, relative to others.</param>
/// <param name="Jobs">How many spend it here.</param>
/// <param name="Leisure">How many come for pleasure.</param>
public sealed record Station(int Id, string Name, string District, double East, double North, int Docks, double Homes, double Jobs, double Leisure)
{
    // An island in the middle of the Atlantic, so that nobody looks for their own street.
    private const double South = 38.5;
    private const double West = -31.2;
    private const double MetresPerDegree = 111_320;

    public double Latitude => Math.Round(South + (North / MetresPerDegree), 6);

    /// <summary>A degree of longitude is shorter by the cosine of the latitude.</summary>
    public double Longitude => Math.Round(West + (East / (MetresPerDegree * 0.7826)), 6);
}

/// <summary>
/// The stations of an invented city: a grid of avenues and streets, a river across it, a park in its middle. Districts differ in how many people live,
/// work and stroll there, which is what makes the tide of a working day.
/// </summary>
public static class Stations
{
    private const int Columns = 28;
    private const int Rows = 32;
    private const double AvenueMetres = 330;
    private const double StreetMetres = 290;

    private static readonly string[] Avenues =
    [
        "Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hazel", "Ivy", "Juniper", "Kelp", "Larch", "Maple", "Nettle",
        "Oak", "Pine", "Quince", "Rowan", "Spruce", "Teak", "Umber", "Vine", "Willow", "Yarrow", "Zelkova", "Acacia", "Beech", "Chestnut",
    ];

    private static readonly (string Name, double Homes, double Jobs, double Leisure)[] Districts =
    [
        ("Harbour", 0.6, 1.4, 2.4), ("Old Town", 0.8, 1.8, 2.0), ("Exchange", 0.3, 5.0, 0.7), ("University", 1.6, 2.2, 1.2),
        ("Parkside", 1.7, 0.9, 3.0), ("Northfield", 2.6, 0.4, 0.5), ("Eastgate", 2.2, 0.7, 0.6), ("Mill Quarter", 1.8, 1.1, 0.9),
    ];

    public static IReadOnlyList<Station> All { get; } = Build();

    /// <summary>Along the streets, as one rides; metres.</summary>
    public static double Distance(Station from, Station to) => Math.Abs(from.East - to.East) + Math.Abs(from.North - to.North);

    private static List<Station> Build()
    {
        var dice = Dice.For(0xB1C7C1E5, 0);
        var stations = new List<Station>();
        for (var row = 0; row < Rows; row++)
        {
            for (var column = 0; column < Columns; column++)
            {
                // Drawn for every crossing, so that the river and the park may be moved without moving the rest.
                var (east, north) = (Metres(column, AvenueMetres, dice.Bell()), Metres(row, StreetMetres, dice.Bell()));
                var (here, docks, size) = (dice.Chance(0.9), 15 + (dice.Below(9) * 4), 0.4 + (dice.Unit() * 1.6));
                if (!here || IsRiver(column, row) || IsPark(column, row)) continue;
                var district = Districts[DistrictOf(column, row)];
                stations.Add(new Station(stations.Count, $"{Avenues[column]} & {Ordinal(row + 1)}", district.Name, east, north, docks,
                    size * district.Homes, size * district.Jobs, size * district.Leisure));
            }
        }

        return stations;
    }

    private static double Metres(int index, double each, double jitter) => Math.Round((index * each) + (jitter * 35));

    private static bool IsRiver(int column, int row) => Math.Abs(row - 9 - (column / 5)) < 1;

    private static bool IsPark(int column, int row) => column is >= 11 and <= 15 && row is >= 17 and <= 24;

    private static int DistrictOf(int column, int row) => (column, row) switch
    {
        ( < 10, < 7) => 0,
        ( < 17, < 9) => 1,
        ( >= 9 and < 18, < 15) => 2,
        ( < 9, < 20) => 3,
        ( >= 8 and < 19, >= 15 and < 27) => 4,
        (_, >= 26) => 5,
        ( >= 18, >= 13) => 6,
        _ => 7,
    };

    private static string Ordinal(int number) => number + (number % 10, number / 10) switch
    {
        (1, not 1) => "st",
        (2, not 1) => "nd",
        (3, not 1) => "rd",
        _ => "th",
    };
}
