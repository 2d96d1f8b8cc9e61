using BrowserTech.Site.Content;
using BrowserTech.Site.Pages;
using Microsoft.AspNetCore.OutputCaching;

namespace BrowserTech.Site.Meetups;

/// <summary>Told after each commit that changed who has a seat.</summary>
public interface ISeatsChanged
{
    void Notify(Slug<Event> meetup);
}

/// <summary>Drops the rendered pages that show seats, so that the next reader sees the truth.</summary>
public sealed class DropSeatPages(IOutputCacheStore pages) : ISeatsChanged
{
    public void Notify(Slug<Event> meetup)
    {
        // The in-memory store completes at once; a store that does not is not waited for by somebody's RSVP.
        _ = pages.EvictByTagAsync(PageCache.Seats, CancellationToken.None).AsTask();
    }
}
