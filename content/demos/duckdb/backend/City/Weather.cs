namespace BrowserTech.Demos.DuckDb.City;

/// <param name="Day">Days since the first of January.</param>
/// <param name="Celsius">The mean of the day.</param>
/// <param name="RainMillimetres">Of the whole day.</param>
public sealed record DayWeather(int Day, double Celsius, double RainMillimetres);

/// <summary>A year of it: warm summers, wet autumns, and days that resemble the day before.</summary>
public static class Weather
{
    public const int Days = 365;

    public static IReadOnlyList<DayWeather> Year { get; } = Build();

    /// <summary>How many ride, relative to a dry day of 22 degrees.</summary>
    /// <param name="day">The day's weather.</param>
    /// <param name="sensitivity">1 for who must get to work; more for who rides for pleasure.</param>
    public static double Appetite(DayWeather day, double sensitivity)
    {
        var cold = Math.Abs(day.Celsius - 22) / 40;
        var wet = day.RainMillimetres / (day.RainMillimetres + 14);
        return 1 / (1 + (sensitivity * ((cold * cold * 4) + (wet * 1.3))));
    }

    private static List<DayWeather> Build()
    {
        var dice = Dice.For(0x57EA7E12, 0);
        var days = new List<DayWeather>(Days);
        var (mood, wet) = (0.0, false);
        for (var day = 0; day < Days; day++)
        {
            // A parabola for each half of the year: warmest in the last days of July, coldest in the last of January.
            var phase = ((day - 208 + 365 + 182) % 365) - 182;
            var distance = Math.Abs(phase) / 182.0;
            var season = distance < 0.5 ? 1 - (2 * distance * distance) : 2 * (1 - distance) * (1 - distance);
            mood = (mood * 0.72) + (dice.Bell() * 2.1);
            var autumn = day is > 265 and < 345 ? 0.14 : 0;
            wet = dice.Chance((wet ? 0.5 : 0.2) + autumn);
            var unit = dice.Unit();
            var rain = wet ? 0.4 + (unit * unit * unit * 38) : 0;
            days.Add(new DayWeather(day, Math.Round(2 + (season * 22) + mood - (wet ? 1.5 : 0), 1), Math.Round(rain, 1)));
        }

        return days;
    }
}
