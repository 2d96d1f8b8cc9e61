using System.Collections.Concurrent;
using System.Net.Http.Headers;
using BrowserTech.Browser.Tests.Browsing;
using Microsoft.Playwright;

namespace BrowserTech.Browser.Tests.Pages;

/// <summary>What a page weighs on the wire, as a browser asks for it.</summary>
public sealed class WeightTests(BrowserHub hub)
{
    private const int PageLimit = 40_000;
    private const int FontLimit = 60_000;

    [Theory]
    [InlineData("/")]
    [InlineData("/events/" + BrowserHub.NextEvent)]
    public async Task A_page_and_its_styles_are_light_and_so_are_its_fonts(string path)
    {
        var parts = new ConcurrentDictionary<string, string>();
        await hub.VisitAsync(async visitor =>
        {
            visitor.Context.Response += (_, response) => parts[response.Url] = response.Request.ResourceType;
            await visitor.Page.GotoAsync(path, new() { WaitUntil = WaitUntilState.Load });
        });

        var page = await WeighAsync(parts.Where(part => part.Value is "document" or "stylesheet").Select(part => part.Key));
        var fonts = await WeighAsync(parts.Where(part => part.Value == "font").Select(part => part.Key));
        Assert.InRange(page.Count, 4, 4);
        Assert.InRange(page.Sum(part => part.Bytes), 1, PageLimit - 1);
        Assert.InRange(fonts.Sum(part => part.Bytes), 1, FontLimit - 1);
        Assert.All(page, part => Assert.Equal("br", part.Encoding));
        // A stylesheet that was asked for twice, or a script, would be a part that no limit sees.
        Assert.DoesNotContain("script", parts.Values);
    }

    private async Task<IReadOnlyList<(long Bytes, string? Encoding)>> WeighAsync(IEnumerable<string> addresses)
    {
        var weights = new List<(long, string?)>();
        foreach (var address in addresses)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("br"));
            using var answer = await hub.Http.SendAsync(request);
            weights.Add(((await answer.Content.ReadAsByteArrayAsync()).LongLength, answer.Content.Headers.ContentEncoding.SingleOrDefault()));
        }

        return weights;
    }
}
