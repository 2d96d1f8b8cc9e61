namespace BrowserTech.Demos.DuckDb.City;

/// <summary>When people ride: for each quarter of an hour of the year how much, members and casual riders apart.</summary>
public static class Calendar
{
    /// <summary>The year that is told of. It began on a Wednesday.</summary>
    public const int Year = 2025;

    public const int QuartersPerDay = 96;
    public const int SecondsPerQuarter = 900;

    // For each hour how much, relative to each other; between hours it is a straight line.
    private static readonly double[] MemberWorkday = [3, 2, 1, 1, 2, 9, 32, 78, 100, 55, 33, 34, 41, 39, 38, 47, 69, 104, 92, 57, 38, 27, 18, 9];
    private static readonly double[] CasualWorkday = [4, 2, 1, 1, 1, 3, 8, 17, 24, 27, 33, 41, 48, 51, 53, 57, 62, 68, 63, 49, 34, 24, 17, 9];
    private static readonly double[] MemberWeekend = [9, 7, 4, 2, 1, 2, 6, 14, 26, 40, 53, 61, 65, 66, 66, 64, 61, 57, 50, 40, 30, 23, 18, 13];
    private static readonly double[] CasualWeekend = [12, 9, 5, 3, 2, 2, 6, 15, 31, 56, 84, 104, 115, 120, 121, 117, 108, 95, 79, 60, 43, 32, 25, 18];

    /// <summary>Days on which nobody commutes: New Year, Labour Day, the city's own day in August, Christmas.</summary>
    private static readonly HashSet<int> Holidays = [0, 120, 226, 358, 359];

    /// <param name="day">Days since the first of January.</param>
    public static bool IsWorkday(int day) => (day + 2) % 7 is not (5 or 6) && !Holidays.Contains(day);

    public static double[] Weights(bool casual)
    {
        var weights = new double[Weather.Days * QuartersPerDay];
        for (var day = 0; day < Weather.Days; day++)
        {
            var hours = (IsWorkday(day), casual) switch
            {
                (true, false) => MemberWorkday,
                (true, true) => CasualWorkday,
                (false, false) => MemberWeekend,
                (false, true) => CasualWeekend,
            };
            var appetite = Weather.Appetite(Weather.Year[day], casual ? 2.6 : 1);
            for (var quarter = 0; quarter < QuartersPerDay; quarter++)
            {
                var (hour, part) = (quarter / 4, quarter % 4 / 4.0);
                weights[(day * QuartersPerDay) + quarter] = appetite * ((hours[hour] * (1 - part)) + (hours[(hour + 1) % 24] * part));
            }
        }

        return weights;
    }
}
