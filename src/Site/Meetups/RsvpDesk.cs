using BrowserTech.Newsletter.Outbox;
using BrowserTech.Newsletter.Storage;
using BrowserTech.Newsletter.Subscriptions;
using BrowserTech.Site.Content;
using BrowserTech.Site.Storage;
using Microsoft.EntityFrameworkCore;

namespace BrowserTech.Site.Meetups;

/// <summary>What an attempt to RSVP came to.</summary>
public abstract record RsvpAnswer
{
    /// <summary>Somebody new has a place.</summary>
    public sealed record Taken(RsvpState State) : RsvpAnswer;

    /// <summary>The address has an RSVP already; its owner was written to and nothing was changed. Do not show this to whoever asked.</summary>
    public sealed record Known : RsvpAnswer;

    public sealed record Refused(string Reason) : RsvpAnswer;
}

/// <summary>
/// The one place where RSVPs change. Every method is one transaction that holds the event to itself: it reads the
/// seats, lets <see cref="SeatRules"/> decide, applies what it says and writes the mails that belong to it. Capacity
/// is never a counter: it is summed from the rows each time, so it cannot drift.
/// </summary>
public sealed class RsvpDesk(IStore<HubDb> store, ContentStore content, ISeatsChanged changed, TimeProvider time)
{
    /// <summary>In the last two hours nobody is promoted: a seat that frees up then cannot be planned for.</summary>
    public static readonly TimeSpan PromotionCutOff = TimeSpan.FromHours(2);

    /// <param name="guests">People beside the person; at most what the event allows.</param>
    public async Task<RsvpAnswer> JoinAsync(Slug<Event> slug, string? name, EmailAddress email, int guests, CancellationToken cancellation = default)
    {
        if (Open(slug, out var meetup) is { } reason) return new RsvpAnswer.Refused(reason);
        if (PersonName.Clean(name) is not { } cleanName) return new RsvpAnswer.Refused("Enter your name: it is on the list at the door.");
        if (guests < 0 || guests > meetup.GuestLimit) return new RsvpAnswer.Refused(GuestReason(meetup));

        var answer = await store.ChangeAsync<RsvpAnswer>(async (db, cancel) =>
        {
            var existing = await db.Rsvps.SingleOrDefaultAsync(r => r.EventSlug == slug.Value && r.NormalizedEmail == email.Normalized, cancel);
            if (existing is { State: not RsvpState.Cancelled })
            {
                Write(db, existing, RsvpNews.Reminder);
                return new RsvpAnswer.Known();
            }

            // To decide about somebody new it is enough to know whether anybody waits.
            var seating = await Seating(db, meetup, 1, cancel);
            var decision = SeatRules.Decide(seating, new SeatCommand.Join(1 + guests))[0];
            if (decision is SeatEvent.Refused refused) return new RsvpAnswer.Refused(refused.Reason);

            var state = ((SeatEvent.Joined)decision).State;
            var now = time.GetUtcNow();
            var rsvp = existing ?? db.Rsvps.Add(new Rsvp
            {
                EventSlug = slug.Value, Email = email.Value, NormalizedEmail = email.Normalized, Name = cleanName, Created = now,
            }).Entity;
            (rsvp.Email, rsvp.Name, rsvp.Guests, rsvp.State, rsvp.Changed) = (email.Value, cleanName, guests, state, now);
            rsvp.Turn = 1 + (await db.Rsvps.Where(r => r.EventSlug == slug.Value).MaxAsync(r => (long?)r.Turn, cancel) ?? 0);
            rsvp.Sequence++;
            await db.SaveChangesAsync(cancel); // its mail needs its number
            Write(db, rsvp, state == RsvpState.Going ? RsvpNews.Going : RsvpNews.Waitlisted);
            return new RsvpAnswer.Taken(state);
        }, Key(slug), cancellation);

        if (answer is RsvpAnswer.Taken) changed.Notify(slug);
        return answer;
    }

    public Task<Rsvp?> FindAsync(RsvpId id, CancellationToken cancellation = default) =>
        store.ReadAsync((db, cancel) => db.Rsvps.SingleOrDefaultAsync(r => r.Id == id.Value, cancel), cancellation);

    /// <summary>People, guests included, who wait before <paramref name="rsvp"/>.</summary>
    public Task<int> AheadOfAsync(Rsvp rsvp, CancellationToken cancellation = default) =>
        store.ReadAsync((db, cancel) => db.Rsvps
            .Where(r => r.EventSlug == rsvp.EventSlug && r.State == RsvpState.Waitlisted && r.Turn < rsvp.Turn)
            .SumAsync(r => r.Guests + 1, cancel), cancellation);

    /// <summary>Changes how many come along. Null where it was done; else why not.</summary>
    public Task<string?> ResizeAsync(RsvpId id, int guests, CancellationToken cancellation = default) =>
        ActAsync(id, (meetup, rsvp) => guests < 0 || guests > meetup.GuestLimit
            ? (null, GuestReason(meetup))
            : (new SeatCommand.Resize(rsvp.Place, 1 + guests), null), cancellation);

    /// <summary>Gives the place back, and everybody's after it who now fits is promoted. Doing it twice is doing it once.</summary>
    public Task<string?> CancelAsync(RsvpId id, CancellationToken cancellation = default) =>
        ActAsync(id, (_, rsvp) => (new SeatCommand.Leave(rsvp.Place), null), cancellation);

    /// <summary>Promotes whoever fits now: the capacity in the event's file was raised.</summary>
    public async Task RefillAsync(Slug<Event> slug, CancellationToken cancellation = default)
    {
        if (Open(slug, out var meetup) is not null) return;
        var promoted = await store.ChangeAsync(async (db, cancel) =>
        {
            var events = SeatRules.Decide(await Seating(db, meetup, int.MaxValue, cancel), new SeatCommand.Refill());
            await Apply(db, events, cancel);
            return events.Count > 0;
        }, Key(slug), cancellation);
        if (promoted) changed.Notify(slug);
    }

    /// <summary>Why nobody can RSVP to an event or change one now; null where they can.</summary>
    public string? Closed(Slug<Event> slug) => Open(slug, out _);

    // One look at the content: between two of them a file may have gone.
    private string? Open(Slug<Event> slug, out Event meetup)
    {
        if (!content.Current.Events.TryGetValue(slug, out meetup!)) return "This event does not exist any more.";
        if (meetup.Status == EventStatus.Cancelled) return "This event is cancelled.";
        if (meetup.IsPast(Now())) return "This event is over.";
        return meetup.TakesRsvps ? null : "This event takes no RSVPs here.";
    }

    private async Task<string?> ActAsync(RsvpId id, Func<Event, Rsvp, (SeatCommand?, string?)> command, CancellationToken cancellation)
    {
        if (await FindAsync(id, cancellation) is not { } known) return "This RSVP does not exist any more.";
        var slug = Slug<Event>.Parse(known.EventSlug);
        if (Open(slug, out var meetup) is { } reason) return reason;

        var refusal = await store.ChangeAsync<string?>(async (db, cancel) =>
        {
            var rsvp = await db.Rsvps.SingleAsync(r => r.Id == id.Value, cancel);
            var (asked, why) = command(meetup, rsvp);
            if (asked is null) return why;
            var events = SeatRules.Decide(await Seating(db, meetup, int.MaxValue, cancel), asked);
            if (events is [SeatEvent.Refused refused]) return refused.Reason;
            await Apply(db, events, cancel);
            return null;
        }, Key(slug), cancellation);

        if (refusal is null) changed.Notify(slug);
        return refusal;
    }

    private async Task Apply(HubDb db, IReadOnlyList<SeatEvent> events, CancellationToken cancel)
    {
        foreach (var happened in events)
        {
            var (id, news) = happened switch
            {
                SeatEvent.Left left => (left.Id, RsvpNews.Cancelled),
                SeatEvent.Resized resized => (resized.Id, RsvpNews.Resized),
                SeatEvent.Promoted promoted => (promoted.Id, RsvpNews.Promoted),
                _ => throw new InvalidOperationException($"{happened} does not follow from a change"),
            };
            var rsvp = await db.Rsvps.SingleAsync(r => r.Id == id.Value, cancel);
            if (happened is SeatEvent.Left) rsvp.State = RsvpState.Cancelled;
            if (happened is SeatEvent.Promoted) rsvp.State = RsvpState.Going;
            if (happened is SeatEvent.Resized { Seats: var seats }) rsvp.Guests = seats - 1;
            rsvp.Changed = time.GetUtcNow();
            rsvp.Sequence++;
            Write(db, rsvp, news);
        }
    }

    private void Write(HubDb db, Rsvp rsvp, RsvpNews news) =>
        db.Enqueue(RsvpMail.Kind, EmailAddress.Parse(rsvp.Email), rsvp.Name, new RsvpMail(rsvp.Id, news, rsvp.Guests), time.GetUtcNow());

    private async Task<Seating> Seating(HubDb db, Event meetup, int waitlistRows, CancellationToken cancel)
    {
        var slug = meetup.Slug.Value;
        var taken = await db.Rsvps.Where(r => r.EventSlug == slug && r.State == RsvpState.Going).SumAsync(r => r.Guests + 1, cancel);
        var waiting = await db.Rsvps.Where(r => r.EventSlug == slug && r.State == RsvpState.Waitlisted)
            .OrderBy(r => r.Turn).Take(waitlistRows).Select(r => new { r.Id, r.Guests }).ToListAsync(cancel);
        return new Seating(meetup.Capacity, taken, [.. waiting.Select(w => new Party(new RsvpId(w.Id), 1 + w.Guests))],
            Promotes: Now() < meetup.Starts.ToInstant() - NodaTime.Duration.FromTimeSpan(PromotionCutOff));
    }

    private NodaTime.Instant Now() => NodaTime.Instant.FromDateTimeOffset(time.GetUtcNow());

    private static LockKey Key(Slug<Event> slug) => LockKey.For("event", slug.Value);

    private static string GuestReason(Event meetup) => meetup.GuestLimit switch
    {
        0 => "This event has no seats for guests. Ask your friend to RSVP too.",
        1 => "You can bring one guest.",
        var limit => $"You can bring up to {limit} guests.",
    };
}
