using System.Security.Cryptography;
using System.Text;

namespace BrowserTech.Site.Posters;

/// <summary>
/// Where posters are served. The edition of the drawing code is in the path, and the words of an OpenGraph picture are in its
/// query as a short hash, so that what an address once meant it means for ever, and may be kept for as long.
/// </summary>
public static class PosterAddress
{
    /// <summary>The address of a poster in one of the sizes of <see cref="PosterSize"/>.</summary>
    /// <param name="slug">What it is drawn from.</param>
    /// <param name="size">How large.</param>
    /// <param name="version">Of the picture that stands in for the drawing, see <see cref="Content.DemoPoster"/>; null where there is none.</param>
    public static string Of(string slug, PosterSize size, string? version = null) =>
        $"/posters/{PosterArt.Edition}/{slug}-{size}.webp{(version is null ? "" : $"?v={version}")}";

    /// <summary>The address of the picture a link to the page unfolds into.</summary>
    public static string OpenGraph(string slug, PosterSubject subject) => $"/posters/{PosterArt.Edition}/{slug}-og.jpg?v={Hash(subject)}";

    internal static string Hash(PosterSubject subject) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{subject.Title}\n{subject.Eyebrow}")).AsSpan(0, 6));
}

/// <summary>What a slug stands for, in the words set on its OpenGraph picture.</summary>
public sealed record PosterSubject(string Title, string? Eyebrow = null)
{
    /// <summary>A picture of it that stands in for the drawing.</summary>
    public Content.DemoPoster? Picture { get; init; }
}
