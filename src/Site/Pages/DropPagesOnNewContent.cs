using BrowserTech.Site.Content;
using Microsoft.AspNetCore.OutputCaching;

namespace BrowserTech.Site.Pages;

/// <summary>Drops every rendered page when the content changes.</summary>
public sealed class DropPagesOnNewContent(ContentStore content, IOutputCacheStore pages) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        content.Swapped += Drop;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        content.Swapped -= Drop;
        return Task.CompletedTask;
    }

    private void Drop(ContentSnapshot snapshot) => _ = pages.EvictByTagAsync(PageCache.Content, CancellationToken.None).AsTask();
}
