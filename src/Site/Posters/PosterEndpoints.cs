using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace BrowserTech.Site.Posters;

/// <summary>
/// <c>GET /posters/{edition}/{slug}-{width}x{height}.webp</c> and <c>…/{slug}-og.jpg</c>. Only slugs the site knows and
/// sizes it uses exist; the rest is 404 before anything is drawn.
/// </summary>
public static class PosterEndpoints
{
    private const string ForEver = "public, max-age=31536000, immutable";
    private const string Webp = ".webp";
    private const string OpenGraph = "-og.jpg";

    /// <summary>Registers the cache.</summary>
    /// <param name="services">Where it is registered.</param>
    /// <param name="folder">Where drawn files are kept; they can be deleted at any time.</param>
    public static IServiceCollection AddPosters(this IServiceCollection services, string folder) =>
        services.AddSingleton(_ => new PosterCache(folder)).AddSingleton<PosterSubjects>();

    /// <summary>Maps the addresses of <see cref="PosterAddress"/>.</summary>
    /// <param name="app">Where they are mapped.</param>
    public static IEndpointConventionBuilder MapPosters(this IEndpointRouteBuilder app)
    {
        var subjects = app.ServiceProvider.GetRequiredService<PosterSubjects>();
        return app.MapPosters(subjects.Find);
    }

    /// <summary>Maps the addresses of <see cref="PosterAddress"/>.</summary>
    /// <param name="app">Where they are mapped.</param>
    /// <param name="find">What a slug stands for; empty where there is no such page. Called on every request: keep it a look-up.</param>
    public static IEndpointConventionBuilder MapPosters(this IEndpointRouteBuilder app, Func<string, IReadOnlyList<PosterSubject>> find) =>
        app.MapMethods("/posters/{edition:int}/{file:maxlength(140)}", [HttpMethods.Get, HttpMethods.Head],
            (int edition, string file, HttpContext context, PosterCache cache, CancellationToken cancellation) => Serve(edition, file, context, cache, find, cancellation));

    private static async Task<Results<PhysicalFileHttpResult, NotFound>> Serve(
        int edition, string file, HttpContext context, PosterCache cache, Func<string, IReadOnlyList<PosterSubject>> find, CancellationToken cancellation)
    {
        if (file.EndsWith(OpenGraph, StringComparison.Ordinal))
        {
            var slug = file[..^OpenGraph.Length];
            if (!IsSlug(slug) || find(slug) is not [var first, ..] subjects)
                return TypedResults.NotFound();
            var asked = context.Request.Query["v"].ToString();
            var subject = subjects.FirstOrDefault(subject => PosterAddress.Hash(subject) == asked) ?? first;
            var hash = PosterAddress.Hash(subject);
            var picture = await cache.Get($"{slug}-og-{hash}.jpg", () => OpenGraphPoster.Render(slug, subject.Title, subject.Eyebrow), cancellation);
            return Answer(context, picture, "image/jpeg", $"{slug}-{hash}", edition == PosterArt.Edition && asked == hash);
        }

        if (Parse(file) is not { } poster || find(poster.Slug) is not [_, ..] named)
            return TypedResults.NotFound();
        // A picture of the thing goes before a drawing, where it is asked for by its version: a talk of the same name keeps its drawing.
        if (context.Request.Query["v"].ToString() is { Length: > 0 } version && named.FirstOrDefault(subject => subject.Picture is not null)?.Picture is { } taken)
        {
            var scaled = await cache.Get($"{poster.Slug}-{poster.Size}-{taken.Version}{Webp}", () => PosterPicture.Scale(taken.Path, poster.Size), cancellation);
            return Answer(context, scaled, "image/webp", $"{poster.Slug}-{poster.Size}-{taken.Version}", edition == PosterArt.Edition && version == taken.Version);
        }

        var path = await cache.Get($"{poster.Slug}-{poster.Size}{Webp}", () => PosterArt.RenderWebp(poster.Slug, poster.Size.Width, poster.Size.Height), cancellation);
        return Answer(context, path, "image/webp", $"{poster.Slug}-{poster.Size}", edition == PosterArt.Edition);
    }

    /// <summary>An old address still answers, with what is drawn today, and is then not to be kept.</summary>
    private static PhysicalFileHttpResult Answer(HttpContext context, string path, string type, string identity, bool current)
    {
        context.Response.Headers.CacheControl = current ? ForEver : "no-cache";
        return TypedResults.PhysicalFile(path, type, entityTag: new EntityTagHeaderValue($"\"{PosterArt.Edition}-{identity}\""));
    }

    internal static (string Slug, PosterSize Size)? Parse(string file)
    {
        if (!file.EndsWith(Webp, StringComparison.Ordinal))
            return null;
        foreach (var size in PosterSize.All)
        {
            var ending = $"-{size}{Webp}";
            if (file.EndsWith(ending, StringComparison.Ordinal) && file[..^ending.Length] is var slug && IsSlug(slug))
                return (slug, size);
        }
        return null;
    }

    private static bool IsSlug(string text) =>
        text.Length is > 0 and <= 100 && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-');
}
