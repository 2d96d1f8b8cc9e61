using System.Globalization;
using BrowserTech.Newsletter.Links;
using BrowserTech.Site.Content;
using BrowserTech.Site.Hosting;

namespace BrowserTech.Site.Meetups;

/// <summary>The link in an RSVP's mail: whoever holds it may change that RSVP, until a week after the event.</summary>
public sealed class RsvpLinks(SignedLinks links, PublicAddress address)
{
    private static readonly LinkPurpose Purpose = new("rsvp");
    private static readonly TimeSpan Afterwards = TimeSpan.FromDays(7);

    public string Of(Rsvp rsvp, Event meetup) =>
        address.Of("/rsvp/" + links.Create(Purpose, rsvp.Id.ToString(CultureInfo.InvariantCulture), meetup.Ends.ToDateTimeOffset() + Afterwards));

    public LinkState Read(string token, out RsvpId id)
    {
        id = default;
        var state = links.Read(Purpose, token, out var subject);
        if (state != LinkState.Valid) return state;
        if (!long.TryParse(subject, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return LinkState.Invalid;
        id = new RsvpId(number);
        return LinkState.Valid;
    }
}
