namespace BrowserTech.Site.Meetups;

/// <summary>Identifies one RSVP.</summary>
public readonly record struct RsvpId(long Value)
{
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

public enum RsvpState { Going, Waitlisted, Cancelled }

/// <summary>One party on the waitlist: the guest and those they bring.</summary>
public readonly record struct Party(RsvpId Id, int Seats);

/// <summary>What is known of an event's seats when a command is decided.</summary>
/// <param name="Capacity">Seats in people; null where there is no limit.</param>
/// <param name="Taken">Seats of everybody who is going, guests included.</param>
/// <param name="Waitlist">Who waits, first come first.</param>
/// <param name="Promotes">False in the last hours before the start: a seat that frees up then cannot be planned for.</param>
public sealed record Seating(int? Capacity, int Taken, IReadOnlyList<Party> Waitlist, bool Promotes)
{
    /// <summary>Free seats; never negative, although a capacity may be lowered under what is taken.</summary>
    public int Free => Capacity is { } capacity ? Math.Max(0, capacity - Taken) : int.MaxValue;
}

/// <summary>A party's present place.</summary>
public readonly record struct Place(RsvpId Id, RsvpState State, int Seats);

public abstract record SeatCommand
{
    /// <summary>Somebody new, or somebody who had cancelled.</summary>
    public sealed record Join(int Seats) : SeatCommand;

    public sealed record Resize(Place Place, int Seats) : SeatCommand;

    public sealed record Leave(Place Place) : SeatCommand;

    /// <summary>Nothing but seats changed: the capacity was raised.</summary>
    public sealed record Refill : SeatCommand;
}

public abstract record SeatEvent
{
    public sealed record Joined(RsvpState State) : SeatEvent;

    public sealed record Resized(RsvpId Id, int Seats) : SeatEvent;

    public sealed record Left(RsvpId Id) : SeatEvent;

    public sealed record Promoted(RsvpId Id) : SeatEvent;

    public sealed record Refused(string Reason) : SeatEvent;
}

/// <summary>
/// The rules of seats, as one function from what is and what is asked to what happens. Seats are counted in people.
/// The waitlist is first come, first served and a party is never split: while the first party does not fit, nobody
/// behind it is seated, and nobody new is either, so that a seat is never given over the head of somebody who waits.
/// </summary>
public static class SeatRules
{
    public static IReadOnlyList<SeatEvent> Decide(Seating seating, SeatCommand command) => command switch
    {
        SeatCommand.Join join => Join(seating, join),
        SeatCommand.Resize resize => Resize(seating, resize),
        SeatCommand.Leave leave => Leave(seating, leave),
        SeatCommand.Refill => Promotions(seating, seating.Free, leaving: null),
        _ => throw new ArgumentOutOfRangeException(nameof(command)),
    };

    private static IReadOnlyList<SeatEvent> Join(Seating seating, SeatCommand.Join join)
    {
        if (seating.Capacity < join.Seats)
            return [new SeatEvent.Refused($"{SeatsInAll(seating)}, so a party of {join.Seats} cannot come.")];
        var seated = seating.Waitlist.Count == 0 && join.Seats <= seating.Free;
        return [new SeatEvent.Joined(seated ? RsvpState.Going : RsvpState.Waitlisted)];
    }

    private static IReadOnlyList<SeatEvent> Resize(Seating seating, SeatCommand.Resize resize)
    {
        var (id, state, seats) = resize.Place;
        var more = resize.Seats - seats;
        if (state == RsvpState.Cancelled) return [new SeatEvent.Refused("This RSVP was cancelled. RSVP again on the event's page.")];
        if (more == 0) return [];
        if (seating.Capacity < resize.Seats)
            return [new SeatEvent.Refused($"{SeatsInAll(seating)}, so a party of {resize.Seats} cannot come.")];
        if (state == RsvpState.Waitlisted)
        {
            // A smaller party may be what fits now.
            var resized = seating with { Waitlist = [.. seating.Waitlist.Select(p => p.Id == id ? p with { Seats = resize.Seats } : p)] };
            return [new SeatEvent.Resized(id, resize.Seats), .. Promotions(resized, seating.Free, leaving: null)];
        }

        if (more > 0 && (more > seating.Free || seating.Waitlist.Count > 0))
            return [new SeatEvent.Refused(seating.Free == 0 || seating.Waitlist.Count > 0
                ? "The event is full, so you cannot bring more guests. Your own seat is safe."
                : $"Only {seating.Free} more {(seating.Free == 1 ? "seat is" : "seats are")} free. Your own seat is safe.")];
        return more > 0
            ? [new SeatEvent.Resized(id, resize.Seats)]
            : [new SeatEvent.Resized(id, resize.Seats), .. Promotions(seating, FreeAfter(seating, -more), leaving: null)];
    }

    private static IReadOnlyList<SeatEvent> Leave(Seating seating, SeatCommand.Leave leave) => leave.Place.State switch
    {
        RsvpState.Cancelled => [],
        // Somebody at the head who did not fit may have kept seats from those behind.
        RsvpState.Waitlisted => [new SeatEvent.Left(leave.Place.Id), .. Promotions(seating, seating.Free, leave.Place.Id)],
        _ => [new SeatEvent.Left(leave.Place.Id), .. Promotions(seating, FreeAfter(seating, leave.Place.Seats), leaving: null)],
    };

    private static string SeatsInAll(Seating seating) => $"This event has {seating.Capacity} {(seating.Capacity == 1 ? "seat" : "seats")} in all";

    private static int FreeAfter(Seating seating, int freed) =>
        seating.Capacity is { } capacity ? Math.Max(0, capacity - (seating.Taken - freed)) : int.MaxValue;

    private static IReadOnlyList<SeatEvent> Promotions(Seating seating, int free, RsvpId? leaving)
    {
        if (!seating.Promotes) return [];
        var promoted = new List<SeatEvent>();
        foreach (var party in seating.Waitlist)
        {
            if (party.Id == leaving) continue;
            // A capacity lowered under a party keeps it from ever coming in; that must not hold up everybody behind it.
            if (party.Seats > seating.Capacity) continue;
            if (party.Seats > free) break;
            free -= party.Seats;
            promoted.Add(new SeatEvent.Promoted(party.Id));
        }

        return promoted;
    }
}
