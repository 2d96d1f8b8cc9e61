using BrowserTech.Newsletter.Outbox;

namespace BrowserTech.Site.Meetups;

/// <summary>What an RSVP's mail is about.</summary>
public enum RsvpNews { Going, Waitlisted, Promoted, Resized, Cancelled, Reminder }

/// <summary>The parameters of one mail about an RSVP. The link with authority is made when the mail is written out.</summary>
/// <param name="Guests">As they were when it was decided.</param>
public sealed record RsvpMail(long RsvpId, RsvpNews News, int Guests)
{
    public static readonly MailKind Kind = new("rsvp");
}
