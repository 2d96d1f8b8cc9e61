using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using BrowserTech.Playground.Api;
using BrowserTech.Playground.Catalog;

namespace BrowserTech.Playground.Demos;

/// <summary>
/// The page of a demo, on an origin of its own (<c>{slug}.{DemoHost}</c>), so that foreign code shares nothing with the
/// site. It serves the demo's <c>client/</c> folder with what the build made for it, the playground's browser client under
/// <c>/client/</c>, the site's typefaces under <c>/fonts/</c>, and <c>/config.json</c>, which tells the page where the API is. Its policy lets the page load only
/// what is its own and talk only to the API and to backends, and lets only the site (and who else is configured) frame it.
/// </summary>
internal sealed class DemoOrigin(IServiceCatalog catalog, Origins origins, ClientModules client, DemoTypefaces typefaces, IOptions<PlaygroundOptions> options)
{
    private static readonly FileExtensionContentTypeProvider Types = new();

    public async Task Handle(HttpContext context, string label)
    {
        var demo = catalog.All.FirstOrDefault(each => each.Name.Value == label);
        if (demo is null)
        {
            await Say(context, 404, "There is no demo of this name.");
            return;
        }

        // It may have gone since the catalogue was read.
        if (demo.ClientFolder is not { } folder || !Directory.Exists(folder))
        {
            await Say(context, 404, "This demo has no page: its client/index.html is missing.");
            return;
        }

        var request = context.Request;
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            context.Response.Headers.Allow = "GET, HEAD";
            await Say(context, 405, "A demo's page can only be read.");
            return;
        }

        SetPolicy(context);
        var path = request.Path.Value ?? "/";
        if (path == "/config.json") await WriteConfig(context, demo);
        else if (path.StartsWith(ClientModules.Prefix, StringComparison.Ordinal))
        {
            if (!await client.TryHandle(context, path)) await Say(context, 404, "The client has no such module.");
        }
        else if (path.StartsWith(DemoTypefaces.Prefix, StringComparison.Ordinal) && typefaces.Files?.GetFileInfo(path) is { Exists: true } typeface) await Send(context, typeface);
        else
        {
            if (path.EndsWith('/')) path += "index.html";
            await Send(context, DemoFolder.ClientFolders(folder, demo.Name, options.Value.BuiltClientsFolder)
                .Select(each => Find(each, path)).FirstOrDefault(found => found is not null));
        }
    }

    private void SetPolicy(HttpContext context)
    {
        // WebAssembly may be compiled: it comes from the same places as the scripts, and eval stays out.
        var site = origins.Site(context.Request);
        var frames = string.Join(' ', [site + Loopback(site), .. options.Value.DemoEmbedders]);
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy =
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
            + "media-src 'self' blob:; worker-src 'self' blob:; "
            + $"connect-src 'self' {site} {Origins.WebSocketOf(site)} {origins.SessionSources(context.Request)}; "
            + $"base-uri 'none'; form-action 'none'; frame-ancestors {frames}";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Origin-Agent-Cluster"] = "?1";
        headers["Referrer-Policy"] = "no-referrer";
        headers["X-Content-Type-Options"] = "nosniff";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=()";
    }

    /// <summary>In development the site is as often opened by its address as by its name.</summary>
    private static string Loopback(string site) =>
        site.StartsWith("http://localhost", StringComparison.Ordinal)
            ? " " + site.Replace("//localhost", "//127.0.0.1", StringComparison.Ordinal)
            : "";

    private async Task WriteConfig(HttpContext context, ServiceDefinition demo)
    {
        context.Response.Headers.CacheControl = "no-store";
        await Results.Json(new
        {
            Api = origins.Site(context.Request),
            Client = ClientModules.Prefix + client.Version + "/",
            Account = demo.Account.Value,
            Service = demo.Name.Value,
            demo.Title,
            GraceSeconds = demo.Limits.Grace.TotalSeconds,
            LifetimeSeconds = demo.Limits.Lifetime.TotalSeconds,
        }, ApiJson.Options).ExecuteAsync(context);
    }

    private static async Task Send(HttpContext context, IFileInfo? file)
    {
        if (file is null || !Types.TryGetContentType(file.Name, out var type))
        {
            await Say(context, 404, "This demo has no such file.");
            return;
        }

        context.Response.Headers.CacheControl = "no-cache";
        var tag = new EntityTagHeaderValue($"\"{file.LastModified.ToUnixTimeMilliseconds():x}-{file.Length:x}\"");
        await Results.File(file.PhysicalPath!, WithCharset(type), lastModified: file.LastModified, entityTag: tag).ExecuteAsync(context);
    }

    private static IFileInfo? Find(string folder, string path)
    {
        // The provider refuses paths that lead out of its folder, hidden files and what it cannot read.
        using var files = new PhysicalFileProvider(folder);
        var file = files.GetFileInfo(path);
        return file is { Exists: true, IsDirectory: false, PhysicalPath: { } physical } && !LeadsOut(physical, folder) ? file : null;
    }

    /// <summary>A link inside the folder, to a file or a folder, that points outside it is not part of the demo.</summary>
    private static bool LeadsOut(string physical, string folder) =>
        RealPath.Of(physical) is not { } file || RealPath.Of(folder) is not { } real
        || !file.StartsWith(Path.TrimEndingDirectorySeparator(real) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static string WithCharset(string type) =>
        type.StartsWith("text/", StringComparison.Ordinal) ? type + "; charset=utf-8" : type;

    private static Task Say(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(message);
    }
}
