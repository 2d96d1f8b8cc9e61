using System.Security.Cryptography;
using BrowserTech.Demos.DuckDb.City;
using CsCheck;

namespace BrowserTech.Demos.DuckDb;

public sealed class GeneratorTests
{
    private static readonly TripGenerator Generator = new();

    [Fact]
    public void A_part_is_the_same_whenever_and_by_whomever_it_is_made() => Gen.Int[0, 49].Sample(part =>
    {
        var (first, again) = (Generator.Make(part, 2000), new TripGenerator().Make(part, 2000));
        return first.Started.SequenceEqual(again.Started) && first.Seconds.SequenceEqual(again.Seconds) && first.From.SequenceEqual(again.From)
            && first.To.SequenceEqual(again.To) && first.Metres.SequenceEqual(again.Metres) && first.Bike.SequenceEqual(again.Bike) && first.Rider.SequenceEqual(again.Rider);
    }, iter: 10);

    // What every million of everybody rests on: a change of it is a change of the data, and of Preparation.Version with it.
    [Fact]
    public void The_first_trips_are_these()
    {
        var trips = Generator.Make(0, 1000);
        var text = string.Join(' ', Enumerable.Range(0, 1000).Select(i => $"{trips.Started[i]},{trips.Seconds[i]},{trips.Metres[i]},{trips.From[i]},{trips.To[i]},{trips.Bike[i]},{trips.Rider[i]}"));
        Assert.Equal("fb96fa6a70746c34", Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)))[..16]);
    }

    [Fact]
    public void Parts_are_not_alike() => Gen.Select(Gen.Int[0, 49], Gen.Int[0, 49]).Where((a, b) => a != b).Sample((a, b) =>
        !Generator.Make(a, 500).Started.SequenceEqual(Generator.Make(b, 500).Started), iter: 10);

    [Fact]
    public void Every_trip_is_one_that_could_be_ridden() => Gen.Int[0, 49].Sample(part =>
    {
        var trips = Generator.Make(part, 20_000);
        for (var i = 0; i < trips.Count; i++)
        {
            Assert.InRange(trips.Started[i], i == 0 ? 0 : trips.Started[i - 1], (365 * 86_400) - 1);
            Assert.InRange(trips.Seconds[i], 60, 14_400);
            Assert.InRange(trips.From[i], 0, Stations.All.Count - 1);
            Assert.InRange(trips.To[i], 0, Stations.All.Count - 1);
            // Nobody is faster than a racer, and nobody's way is shorter than the streets.
            Assert.InRange(trips.Metres[i] / (double)trips.Seconds[i] * 3.6, 0, 45);
            if (trips.From[i] != trips.To[i]) Assert.True(trips.Metres[i] + 1 >= Math.Min(250, Stations.Distance(Stations.All[trips.From[i]], Stations.All[trips.To[i]])));
        }
    }, iter: 3);

    [Fact]
    public void The_city_rides_to_work_and_home_and_leaves_the_bike_when_it_rains()
    {
        var trips = Generator.Make(7, 200_000);
        var hours = new int[2, 24];
        var days = new int[365];
        for (var i = 0; i < trips.Count; i++)
        {
            var day = trips.Started[i] / 86_400;
            days[day]++;
            if (Calendar.IsWorkday(day)) hours[trips.Rider[i], trips.Started[i] / 3600 % 24]++;
        }

        // Members have two tides and a lull between them; casual riders have one, in the afternoon.
        Assert.True(hours[0, 8] > 1.5 * hours[0, 11] && hours[0, 17] > 1.5 * hours[0, 14]);
        Assert.True(hours[1, 8] < hours[1, 14] && hours[1, 14] < 1.5 * hours[1, 17]);
        Assert.True(hours[0, 3] * 20 < hours[0, 17]);
        var (dry, wet) = (Mean(days, day => Weather.Year[day].RainMillimetres == 0), Mean(days, day => Weather.Year[day].RainMillimetres > 8));
        Assert.True(wet < dry * 0.8, $"{wet} trips on a wet day, {dry} on a dry one");
        var (summer, winter) = (Mean(days, day => day is > 170 and < 240), Mean(days, day => day is < 45));
        Assert.True(summer > 1.4 * winter, $"{summer} trips on a summer's day, {winter} on a winter's");
    }

    [Fact]
    public void A_weighted_choice_draws_each_as_often_as_it_weighs() => Gen.Double[0, 10].Array[1, 40].Where(weights => weights.Sum() > 0.1).Sample(weights =>
    {
        var (choice, dice, drawn) = (new WeightedChoice(weights), Dice.For(1, 2), new int[weights.Length]);
        for (var i = 0; i < 20_000; i++) drawn[choice.Draw(ref dice)]++;
        for (var i = 0; i < weights.Length; i++) Assert.Equal(weights[i] / weights.Sum(), drawn[i] / 20_000.0, 0.03);
    }, iter: 20);

    [Fact]
    public void A_file_is_the_same_byte_for_byte()
    {
        var folder = Directory.CreateTempSubdirectory("trips-tests-");
        try
        {
            var (one, other) = (Path.Combine(folder.FullName, "one.db"), Path.Combine(folder.FullName, "other.db"));
            TripFile.Write(one, Generator.Make(3, 10_000));
            TripFile.Write(other, Generator.Make(3, 10_000));
            Assert.Equal(SHA256.HashData(File.ReadAllBytes(one)), SHA256.HashData(File.ReadAllBytes(other)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Only_what_is_missing_is_made_and_what_is_of_an_older_version_is_made_anew()
    {
        var folder = Directory.CreateTempSubdirectory("trips-tests-");
        try
        {
            Assert.Equal(1, Preparation.Run(folder.FullName, 1, 1000));
            Assert.Equal(1, Preparation.Run(folder.FullName, 2, 1000));
            Assert.Equal(0, Preparation.Run(folder.FullName, 2, 1000));
            File.WriteAllText(Path.Combine(folder.FullName, "version"), "1");
            Assert.Equal(2, Preparation.Run(folder.FullName, 2, 1000));
            Assert.DoesNotContain(folder.GetFiles(), file => file.Name.Contains("unfinished", StringComparison.Ordinal));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static double Mean(int[] days, Func<int, bool> which) => Enumerable.Range(0, days.Length).Where(which).Average(day => days[day]);
}
