using System.Text.Json;
using Microsoft.Playwright;

namespace BrowserTech.Browser.Tests.Pages;

/// <summary>What every page says about itself to search engines, to whoever links to it and to screen readers.</summary>
internal static class Head
{
    private static readonly string[] Metas =
    [
        "description", "og:site_name", "og:type", "og:title", "og:description", "og:url", "og:image", "og:image:alt",
        "twitter:card", "twitter:title", "twitter:description", "twitter:image",
    ];

    public static async Task<IReadOnlyList<string>> ProblemsAsync(IPage page, Uri origin, Audience audience)
    {
        var head = JsonSerializer.Deserialize<Said>(await page.EvaluateAsync<string>(Read), JsonSerializerOptions.Web)!;
        var problems = new List<string>();
        if (string.IsNullOrWhiteSpace(head.Title)) problems.Add("no title");
        if (head.Lang != "en") problems.Add($"lang is '{head.Lang}'");
        if (head.Headings != 1) problems.Add($"{head.Headings} h1");
        if (head.Scripts != 0) problems.Add($"{head.Scripts} scripts");
        problems.AddRange(Metas.Where(name => !head.Metas.TryGetValue(name, out var values) || values is not [var only] || string.IsNullOrWhiteSpace(only)).Select(name => $"not one {name}"));
        if (head.Canonical is not [var canonical] || !canonical.StartsWith(origin.ToString(), StringComparison.Ordinal)) problems.Add($"canonical is [{string.Join(", ", head.Canonical)}]");
        else if (head.Metas.GetValueOrDefault("og:url") is [var address] && address != canonical) problems.Add($"og:url {address} is not {canonical}");
        if (audience == Audience.Organizer && !head.Metas.ContainsKey("robots")) problems.Add("may be indexed");
        problems.AddRange(head.JsonLd.SelectMany(JsonLdProblems));
        return problems;
    }

    private static IEnumerable<string> JsonLdProblems(string text)
    {
        JsonDocument document;
        string? problem = null;
        try
        {
            document = JsonDocument.Parse(text);
        }
        catch (JsonException broken)
        {
            problem = $"JSON-LD: {broken.Message}";
            document = JsonDocument.Parse("{}");
        }

        using (document)
        {
            if (problem is not null) yield return problem;
            else if (!document.RootElement.TryGetProperty("@context", out _)) yield return "JSON-LD without @context";
            else if (!document.RootElement.TryGetProperty("@type", out _) && !document.RootElement.TryGetProperty("@graph", out _)) yield return "JSON-LD without @type";
        }
    }

    private sealed record Said(string Title, string Lang, int Headings, int Scripts, Dictionary<string, string[]> Metas, string[] Canonical, string[] JsonLd);

    private const string Read = """
        () => {
          const all = (selector) => [...document.querySelectorAll(selector)];
          const metas = {};
          for (const meta of all('meta[name], meta[property]')) (metas[meta.getAttribute('property') ?? meta.name] ??= []).push(meta.content);
          return JSON.stringify({
            title: document.title,
            lang: document.documentElement.lang,
            headings: all('h1').length,
            scripts: all('script:not([type="application/ld+json"])').length,
            metas,
            canonical: all('link[rel=canonical]').map((link) => link.href),
            jsonLd: all('script[type="application/ld+json"]').map((script) => script.textContent),
          });
        }
        """;
}
