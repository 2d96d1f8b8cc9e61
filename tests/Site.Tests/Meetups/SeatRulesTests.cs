using BrowserTech.Site.Meetups;
using CsCheck;

namespace BrowserTech.Site.Tests.Meetups;

public sealed class SeatRulesTests
{
    [Fact]
    public void Somebody_new_gets_a_free_seat() =>
        Assert.Equal([new SeatEvent.Joined(RsvpState.Going)], SeatRules.Decide(Room(10, taken: 9), new SeatCommand.Join(1)));

    [Fact]
    public void Somebody_new_waits_when_the_event_is_full() =>
        Assert.Equal([new SeatEvent.Joined(RsvpState.Waitlisted)], SeatRules.Decide(Room(10, taken: 10), new SeatCommand.Join(1)));

    [Fact]
    public void A_party_that_does_not_fit_waits_whole() =>
        Assert.Equal([new SeatEvent.Joined(RsvpState.Waitlisted)], SeatRules.Decide(Room(10, taken: 9), new SeatCommand.Join(2)));

    [Fact]
    public void Nobody_new_passes_those_who_wait() =>
        Assert.Equal([new SeatEvent.Joined(RsvpState.Waitlisted)], SeatRules.Decide(Room(10, taken: 9, Waits(1, 3)), new SeatCommand.Join(1)));

    [Fact]
    public void A_party_larger_than_the_room_is_refused_with_the_reason() =>
        Assert.Contains("2 seats in all", Refusal(SeatRules.Decide(Room(2, taken: 0), new SeatCommand.Join(3))), StringComparison.Ordinal);

    [Fact]
    public void Without_a_limit_everybody_gets_a_seat() =>
        Assert.Equal([new SeatEvent.Joined(RsvpState.Going)], SeatRules.Decide(Room(null, taken: 5_000), new SeatCommand.Join(3)));

    [Fact]
    public void A_cancelled_seat_goes_to_the_first_who_waits() =>
        Assert.Equal([new SeatEvent.Left(Id(9)), new SeatEvent.Promoted(Id(1))],
            SeatRules.Decide(Room(10, taken: 10, Waits(1, 1), Waits(2, 1)), new SeatCommand.Leave(Going(9, 1))));

    [Fact]
    public void A_freed_seat_stays_free_while_the_first_party_needs_two() =>
        Assert.Equal([new SeatEvent.Left(Id(9))],
            SeatRules.Decide(Room(10, taken: 10, Waits(1, 2), Waits(2, 1)), new SeatCommand.Leave(Going(9, 1))));

    [Fact]
    public void When_the_first_party_gives_up_those_behind_it_move_in() =>
        Assert.Equal([new SeatEvent.Left(Id(1)), new SeatEvent.Promoted(Id(2))],
            SeatRules.Decide(Room(10, taken: 9, Waits(1, 2), Waits(2, 1)), new SeatCommand.Leave(new Place(Id(1), RsvpState.Waitlisted, 2))));

    [Fact]
    public void In_the_last_hours_nobody_is_promoted() =>
        Assert.Equal([new SeatEvent.Left(Id(9))],
            SeatRules.Decide(Room(10, taken: 10, Waits(1, 1)) with { Promotes = false }, new SeatCommand.Leave(Going(9, 1))));

    [Fact]
    public void Cancelling_twice_is_cancelling_once() =>
        Assert.Empty(SeatRules.Decide(Room(10, taken: 3), new SeatCommand.Leave(new Place(Id(9), RsvpState.Cancelled, 1))));

    [Fact]
    public void A_party_may_grow_into_free_seats() =>
        Assert.Equal([new SeatEvent.Resized(Id(9), 3)], SeatRules.Decide(Room(10, taken: 8), new SeatCommand.Resize(Going(9, 1), 3)));

    [Fact]
    public void A_party_may_not_grow_over_the_heads_of_those_who_wait() =>
        Assert.Contains("Your own seat is safe", Refusal(SeatRules.Decide(Room(10, taken: 8, Waits(1, 3)), new SeatCommand.Resize(Going(9, 1), 2))), StringComparison.Ordinal);

    [Fact]
    public void A_party_that_shrinks_lets_the_next_in() =>
        Assert.Equal([new SeatEvent.Resized(Id(9), 1), new SeatEvent.Promoted(Id(1))],
            SeatRules.Decide(Room(10, taken: 10, Waits(1, 1)), new SeatCommand.Resize(Going(9, 2), 1)));

    [Fact]
    public void A_waiting_party_that_shrinks_to_fit_gets_its_seats() =>
        Assert.Equal([new SeatEvent.Resized(Id(1), 1), new SeatEvent.Promoted(Id(1))],
            SeatRules.Decide(Room(10, taken: 9, Waits(1, 2)), new SeatCommand.Resize(new Place(Id(1), RsvpState.Waitlisted, 2), 1)));

    [Fact]
    public void A_raised_capacity_promotes_in_order() =>
        Assert.Equal([new SeatEvent.Promoted(Id(1)), new SeatEvent.Promoted(Id(2))],
            SeatRules.Decide(Room(13, taken: 10, Waits(1, 2), Waits(2, 1), Waits(3, 1)), new SeatCommand.Refill()));

    [Fact]
    public void A_party_larger_than_a_lowered_capacity_does_not_hold_up_the_others() =>
        Assert.Equal([new SeatEvent.Promoted(Id(2))], SeatRules.Decide(Room(2, taken: 1, Waits(1, 3), Waits(2, 1)), new SeatCommand.Refill()));

    /// <summary>Plays random commands on a model of rows and checks after each what must always hold.</summary>
    [Fact]
    public void Whatever_happens_nobody_is_lost_passed_over_or_seated_beyond_the_capacity()
    {
        var commands = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 1_000], Gen.Int[1, 4]).Array[0, 80];
        Gen.Select(Gen.Int[1, 12], commands).Sample((capacity, played) =>
        {
            var model = new Model(capacity);
            foreach (var (kind, pick, seats) in played) model.Play(kind, pick, seats);
        });
    }

    private sealed class Model(int capacity)
    {
        private readonly Dictionary<long, (RsvpState State, int Seats)> _rows = [];
        private int _capacity = capacity;
        private long _last;

        public void Play(int kind, int pick, int seats)
        {
            SeatCommand command;
            if (kind == 0 || _rows.Count == 0) command = new SeatCommand.Join(seats);
            else if (kind == 3) command = new SeatCommand.Refill();
            else
            {
                var (id, row) = _rows.ElementAt(pick % _rows.Count);
                var place = new Place(Id(id), row.State, row.Seats);
                command = kind == 1 ? new SeatCommand.Leave(place) : new SeatCommand.Resize(place, seats);
            }

            if (kind == 3) _capacity += pick % 3;
            var before = Waitlist();
            var events = SeatRules.Decide(new Seating(_capacity, Taken, before, Promotes: true), command);
            foreach (var happened in events) Apply(happened, command);

            Assert.True(Taken <= _capacity, $"{Taken} of {_capacity} seats are taken");
            var promoted = events.OfType<SeatEvent.Promoted>().Select(e => e.Id).ToList();
            // Whoever was promoted was, in order, the head of the queue.
            var queue = before.Select(p => p.Id).Where(id => !(command is SeatCommand.Leave leave && leave.Place.Id == id)).ToList();
            Assert.Equal(queue.Take(promoted.Count), promoted);
            // Whoever is at the head now does not fit: no seat stays empty for no reason.
            if (Waitlist() is [var head, ..] && command is not SeatCommand.Join && events is not [SeatEvent.Refused])
                Assert.True(head.Seats > _capacity - Taken || events.Count == 0, "the head of the queue fits and waits");
        }

        private int Taken => _rows.Values.Where(r => r.State == RsvpState.Going).Sum(r => r.Seats);

        private List<Party> Waitlist() => [.. _rows.Where(r => r.Value.State == RsvpState.Waitlisted).OrderBy(r => r.Key).Select(r => new Party(Id(r.Key), r.Value.Seats))];

        private void Apply(SeatEvent happened, SeatCommand command)
        {
            switch (happened)
            {
                case SeatEvent.Joined joined:
                    _rows[++_last] = (joined.State, ((SeatCommand.Join)command).Seats);
                    break;
                case SeatEvent.Left left:
                    _rows[left.Id.Value] = (RsvpState.Cancelled, _rows[left.Id.Value].Seats);
                    break;
                case SeatEvent.Resized resized:
                    _rows[resized.Id.Value] = (_rows[resized.Id.Value].State, resized.Seats);
                    break;
                case SeatEvent.Promoted promoted:
                    Assert.Equal(RsvpState.Waitlisted, _rows[promoted.Id.Value].State);
                    _rows[promoted.Id.Value] = (RsvpState.Going, _rows[promoted.Id.Value].Seats);
                    break;
            }
        }
    }

    private static Seating Room(int? capacity, int taken, params Party[] waitlist) => new(capacity, taken, waitlist, Promotes: true);

    private static Party Waits(long id, int seats) => new(Id(id), seats);

    private static Place Going(long id, int seats) => new(Id(id), RsvpState.Going, seats);

    private static RsvpId Id(long id) => new(id);

    private static string Refusal(IReadOnlyList<SeatEvent> events) => Assert.IsType<SeatEvent.Refused>(Assert.Single(events)).Reason;
}
