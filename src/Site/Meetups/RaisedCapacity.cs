using BrowserTech.Newsletter.Storage;
using BrowserTech.Site.Content;
using BrowserTech.Site.Storage;
using Microsoft.EntityFrameworkCore;

namespace BrowserTech.Site.Meetups;

/// <summary>
/// Promotes from waitlists when the content changes, at start included: a capacity raised in an event's file frees
/// seats that nobody cancelled.
/// </summary>
public sealed class RaisedCapacity(ContentStore content, RsvpDesk desk, IStore<HubDb> store, ILogger<RaisedCapacity> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var version = 0L;
        try
        {
            while (true)
            {
                version = (await content.WaitForVersionAfter(version, stoppingToken)).Version;
                await RefillAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    private async Task RefillAsync(CancellationToken stopping)
    {
        try
        {
            var waiting = await store.ReadAsync((db, cancel) => db.Rsvps.Where(r => r.State == RsvpState.Waitlisted)
                .Select(r => r.EventSlug).Distinct().ToListAsync(cancel), stopping);
            foreach (var text in waiting)
                if (Slug<Event>.TryParse(text, out var slug)) await desk.RefillAsync(slug, stopping);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The next change of content tries again; a cancellation promotes by itself.
            log.LogError(exception, "Waitlists could not be promoted after a change of content");
        }
    }
}
