using BrowserTech.Newsletter.Outbox;
using BrowserTech.Newsletter.Writing;
using BrowserTech.Site.Content;
using BrowserTech.Site.Hosting;
using BrowserTech.Site.Pages;

namespace BrowserTech.Site.Meetups;

/// <summary>
/// Writes what somebody hears about their RSVP. The subject says what happened; the mail itself has date, time, zone
/// and place, a calendar entry for whoever has a seat, and the link to change or cancel.
/// </summary>
public sealed class RsvpMailTemplate(RsvpDesk desk, RsvpLinks links, EventCalendar calendar, ContentStore content, PublicAddress address, MailWriter writer)
    : MailTemplate<RsvpMail>(RsvpMail.Kind)
{
    protected override async ValueTask<MailContent> WriteAsync(OutboxMail mail, RsvpMail parameters, CancellationToken cancellationToken)
    {
        var rsvp = await desk.FindAsync(new RsvpId(parameters.RsvpId), cancellationToken)
            ?? throw new InvalidOperationException($"RSVP {parameters.RsvpId} does not exist any more");
        if (!Slug<Event>.TryParse(rsvp.EventSlug, out var slug) || !content.Current.Events.TryGetValue(slug, out var meetup))
            throw new InvalidOperationException($"content/events has no {rsvp.EventSlug}.md, so the mail about it waits");

        var ahead = rsvp.State == RsvpState.Waitlisted ? await desk.AheadOfAsync(rsvp, cancellationToken) : 0;
        return writer.Write(Letter(rsvp, meetup, parameters, ahead));
    }

    private TransactionalMail Letter(Rsvp rsvp, Event meetup, RsvpMail parameters, int ahead)
    {
        var chapter = content.Current.ChapterOf(meetup);
        var (subject, heading, paragraphs) = Words(rsvp, meetup, parameters, ahead);
        // A reminder goes to whoever the address belongs to now, so it tells what is, not what was asked for.
        var going = parameters.News is RsvpNews.Going or RsvpNews.Promoted or RsvpNews.Resized or RsvpNews.Reminder && rsvp.State == RsvpState.Going;
        var facts = new List<MailFact>
        {
            new("When", $"{Dates.Day(meetup.Starts)}, {Dates.Clock(meetup.Starts)} to {Dates.Clock(meetup.Ends)} {Dates.Zone(meetup.Starts)}"),
            new("Where", Where(meetup, chapter)),
        };
        if (parameters.News != RsvpNews.Cancelled)
            facts.Add(new MailFact("Seats", parameters.Guests switch { 0 => "1, for you", 1 => "2, for you and a guest", var n => $"{n + 1}, for you and {n} guests" }));
        if (going && meetup.Venue?.GuestNote is { } note) paragraphs.Add(note);
        if (going && meetup.OnlineAddress is { } online) paragraphs.Add($"Join online at {online}");

        var cancelled = parameters.News == RsvpNews.Cancelled;
        return new TransactionalMail
        {
            Subject = subject,
            Heading = heading,
            Paragraphs = paragraphs,
            Facts = facts,
            Button = cancelled
                ? new MailButton("See the event", new Uri(address.Of($"/events/{meetup.Slug}")))
                : new MailButton(going ? "Change or cancel" : "See your place or leave", new Uri(links.Of(rsvp, meetup))),
            Links = cancelled ? [] : [new MailButton("The event’s page", new Uri(address.Of($"/events/{meetup.Slug}")))],
            SmallPrint = [cancelled
                ? "The calendar entry with this mail takes the evening out of your calendar."
                : "The button’s link is your key to this RSVP: whoever has it can change it. If it was not you who answered, cancel there."],
            // Who waits has no entry: an evening in a calendar looks like a seat.
            Attachments = going || cancelled
                ? [new MailAttachment($"{meetup.Slug}.ics", "text/calendar; charset=utf-8; method=PUBLISH", calendar.Attachment(meetup, chapter, rsvp))]
                : [],
        };
    }

    private static (string Subject, string Heading, List<string> Paragraphs) Words(Rsvp rsvp, Event meetup, RsvpMail parameters, int ahead) => parameters.News switch
    {
        RsvpNews.Going => ($"You are going: {meetup.Title}", "You have a seat", [$"See you there, {rsvp.Name}."]),
        RsvpNews.Promoted => ($"You have a seat: {meetup.Title}", "A seat came free, and it is yours",
            ["You were next on the waitlist. If you cannot come after all, press the button, and the next person gets it."]),
        RsvpNews.Waitlisted => ($"You are on the waitlist: {meetup.Title}", "You are on the waitlist",
            [$"The event is full. {Queue(ahead)} As soon as a seat comes free it is yours, and we write to you."]),
        RsvpNews.Resized => ($"Your guests were changed: {meetup.Title}", "Your guests were changed", ["Here is your RSVP as it stands now."]),
        RsvpNews.Cancelled => ($"You cancelled: {meetup.Title}", "You cancelled", ["Your seat goes to somebody else. Thank you for telling us."]),
        RsvpNews.Reminder => ($"Your RSVP: {meetup.Title}", rsvp.State == RsvpState.Going ? "You have a seat already" : "You are on the waitlist already",
            ["Somebody entered your address for this event again. Nothing was changed.", .. rsvp.State == RsvpState.Waitlisted ? [Queue(ahead)] : Array.Empty<string>()]),
        _ => throw new ArgumentOutOfRangeException(nameof(parameters)),
    };

    private static string Queue(int ahead) => ahead switch
    {
        0 => "You are the next in line.",
        1 => "One person is ahead of you.",
        _ => $"{ahead} people are ahead of you.",
    };

    private static string Where(Event meetup, Chapter chapter) => meetup.Venue is { } venue
        ? string.Join(", ", new[] { venue.Name, venue.Address, chapter.Name }.OfType<string>())
        : "Online";
}
