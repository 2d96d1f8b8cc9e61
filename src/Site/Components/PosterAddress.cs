namespace BrowserTech.Site.Components;

/// <summary>The addresses of posters.</summary>
public static class PosterAddress
{
    public static string Of(string slug, int width, int height) => $"/posters/1/{slug}-{width}x{height}.webp";

    /// <summary>The picture shown where a link to the page is shared: 1200×630.</summary>
    public static string OpenGraph(string slug) => $"/posters/1/{slug}-1200x630.jpg";
}
