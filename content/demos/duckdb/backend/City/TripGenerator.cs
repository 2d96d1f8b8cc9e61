namespace BrowserTech.Demos.DuckDb.City;

/// <summary>
/// Makes the trips. Fifty parts are a year of a large city; each part is every fiftieth trip of the whole year, so that one million
/// rows show the same tides, seasons and rainy days as fifty million, with more noise. A part's trips follow from its number alone: the first twenty parts
/// are the same twenty for everybody, in whatever order they are made.
/// </summary>
public sealed class TripGenerator
{
    private const ulong Seed = 0x7A1D_B1CE_2025_0001;
    private const double MemberShare = 0.76;

    private enum Purpose
    {
        ToWork,
        ToHome,
        Leisure,
    }

    private readonly WeightedChoice _memberTimes = new(Calendar.Weights(casual: false));
    private readonly WeightedChoice _casualTimes = new(Calendar.Weights(casual: true));
    private readonly WeightedChoice[] _starts;
    private readonly WeightedChoice[][] _ends;

    public TripGenerator()
    {
        var all = Stations.All;
        _starts = [.. Enum.GetValues<Purpose>().Select(purpose => new WeightedChoice([.. all.Select(station => StartWeight(station, purpose))]))];
        // Near is likelier than far, as gravity has it; a station is no way to itself.
        _ends = [.. Enum.GetValues<Purpose>().Select(purpose => all.Select(from => new WeightedChoice([.. all.Select(to => Pull(from, to, purpose))])).ToArray())];
    }

    /// <param name="part">From 0.</param>
    /// <param name="count">Rows; the demo's parts have a million. A part of another size is another part.</param>
    public Trips Make(int part, int count)
    {
        var dice = Dice.For(Seed, part);
        var trips = new Trips(count);
        // When and who first: sorted together, since a table in the order of time is smaller, and faster where only a week is asked for.
        var order = trips.Started;
        for (var i = 0; i < count; i++)
        {
            var casual = !dice.Chance(MemberShare);
            var quarter = (casual ? _casualTimes : _memberTimes).Draw(ref dice);
            var second = (quarter * Calendar.SecondsPerQuarter) + dice.Below(Calendar.SecondsPerQuarter);
            order[i] = (second << 1) | (casual ? 1 : 0);
        }

        Array.Sort(order);
        for (var i = 0; i < count; i++)
        {
            trips.Rider[i] = (byte)(order[i] & 1);
            order[i] >>= 1;
            Ride(trips, i, ref dice);
        }

        return trips;
    }

    private void Ride(Trips trips, int i, ref Dice dice)
    {
        var (day, hour) = (trips.Started[i] / 86400, trips.Started[i] / 3600 % 24);
        var casual = trips.Rider[i] == 1;
        var purpose = (int)PurposeAt(day, hour, casual, ref dice);
        var from = _starts[purpose].Draw(ref dice);
        // A round trip is somebody who shows the city to somebody.
        var round = casual && dice.Chance(0.06);
        var to = round ? from : _ends[purpose][from].Draw(ref dice);
        var all = Stations.All;
        var metres = round
            ? 1500 + (dice.Unit() * 9000)
            : Math.Max(250, Stations.Distance(all[from], all[to]) * (1.02 + (dice.Unit() * (casual ? 0.5 : 0.14))));

        var bike = BikeOf(day, metres, ref dice);
        var kilometresPerHour = (bike switch { 1 => 18.5, 2 => 12.0, _ => 13.8 }) * (casual ? 0.72 : 1) * (1 + (dice.Bell() * 0.13));
        var lingering = casual && dice.Chance(0.12) ? dice.Unit() * dice.Unit() * 9000 : 0;
        var seconds = 70 + (metres / kilometresPerHour * 3.6) + lingering;
        (trips.From[i], trips.To[i], trips.Bike[i]) = ((short)from, (short)to, (byte)bike);
        trips.Metres[i] = (int)metres;
        trips.Seconds[i] = (short)Math.Clamp(seconds, 60, 14_400);
    }

    private static Purpose PurposeAt(int day, int hour, bool casual, ref Dice dice)
    {
        if (casual || !Calendar.IsWorkday(day)) return dice.Chance(casual ? 0.82 : 0.6) ? Purpose.Leisure : Purpose.ToHome;
        return hour switch
        {
            >= 5 and < 11 => dice.Chance(0.84) ? Purpose.ToWork : Purpose.Leisure,
            >= 16 and < 22 => dice.Chance(0.78) ? Purpose.ToHome : Purpose.Leisure,
            < 5 => Purpose.ToHome,
            _ => dice.Chance(0.4) ? Purpose.ToWork : Purpose.Leisure,
        };
    }

    /// <summary>The fleet becomes electric over the year, and the farther the way the likelier somebody takes one.</summary>
    private static int BikeOf(int day, double metres, ref Dice dice)
    {
        var draw = dice.Unit();
        if (draw < 0.018) return 2;
        return draw < 0.2 + (day / 365.0 * 0.22) + (Math.Min(metres, 7000) / 7000 * 0.3) ? 1 : 0;
    }

    private static double StartWeight(Station station, Purpose purpose) => purpose switch
    {
        Purpose.ToWork => station.Homes,
        Purpose.ToHome => station.Jobs + (0.3 * station.Leisure),
        _ => station.Leisure + (0.2 * station.Homes),
    };

    private static double Pull(Station from, Station to, Purpose purpose)
    {
        if (from.Id == to.Id) return 0;
        var far = Stations.Distance(from, to) / (purpose == Purpose.Leisure ? 1900 : 1500);
        var wish = purpose switch
        {
            Purpose.ToWork => to.Jobs,
            Purpose.ToHome => to.Homes,
            _ => to.Leisure,
        };
        return wish / (1 + (far * far * far));
    }
}
