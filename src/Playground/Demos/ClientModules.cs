using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace BrowserTech.Playground.Demos;

/// <summary>
/// The browser client, served as it lies: modules, the declarations beside them, and the style of a demo's stage. Twice: under <c>/client/</c>, where a
/// browser asks each time whether something is new, and under <c>/client/v-…/</c>, named after what is in it, where it may be kept
/// for ever. Modules import each other by relative names, so whoever begins in one stays in it.
/// <para>
/// They are read once, at the start: a couple of dozen kilobytes, and no path ever meets the file system.
/// </para>
/// </summary>
internal sealed class ClientModules
{
    public const string Prefix = "/client/";

    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>
    {
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".ts"] = "application/typescript; charset=utf-8",
    }.ToFrozenDictionary();

    private readonly FrozenDictionary<string, Module> _modules;

    public ClientModules() : this(Path.Combine(AppContext.BaseDirectory, "playground", "client"))
    {
    }

    internal ClientModules(string folder)
    {
        _modules = Directory.EnumerateFiles(folder).Where(file => Types.ContainsKey(Path.GetExtension(file)))
            .ToFrozenDictionary(file => Path.GetFileName(file), Read);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, module) in _modules.OrderBy(each => each.Key, StringComparer.Ordinal))
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(name + "\0"));
            hash.AppendData(module.Content);
        }

        Version = "v-" + Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 6));
    }

    /// <summary>The folder that may be kept: changes with any module.</summary>
    public string Version { get; }

    /// <summary>Answers a path under <see cref="Prefix"/>; false where there is no such module.</summary>
    public async Task<bool> TryHandle(HttpContext context, string path)
    {
        var name = path[Prefix.Length..];
        var kept = name.StartsWith(Version + "/", StringComparison.Ordinal);
        if (kept) name = name[(Version.Length + 1)..];
        if (!_modules.TryGetValue(name, out var module)) return false;
        context.Response.Headers.CacheControl = kept ? "public, max-age=31536000, immutable" : "no-cache";
        await Results.Bytes(module.Content, Types[Path.GetExtension(name)], entityTag: module.Tag).ExecuteAsync(context);
        return true;
    }

    /// <summary>
    /// On the site's own origin, for pages elsewhere: any origin may load them, they are the same for everybody and act for nobody.
    /// </summary>
    public void Map(IEndpointRouteBuilder app) => app.MapMethods(Prefix + "{**name}", [HttpMethods.Get, HttpMethods.Head], async context =>
    {
        context.Response.Headers.AccessControlAllowOrigin = "*";
        context.Response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        if (await TryHandle(context, context.Request.Path.Value!)) return;
        context.Response.StatusCode = StatusCodes.Status404NotFound;
    });

    private static Module Read(string file)
    {
        var content = File.ReadAllBytes(file);
        return new Module(content, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 8))}\""));
    }

    private sealed record Module(byte[] Content, EntityTagHeaderValue Tag);
}
