using System.Security.Cryptography;
using BrowserTech.Playground.Backends;
using BrowserTech.Site.Content;

namespace BrowserTech.Site.Demos;

/// <summary>
/// A demo that runs on a page, as the page's own address says it: <c>?run=SLUG&amp;key=KEY</c>. The page has no script and stores
/// nothing, so the address is the only place where a reload can find its process again: the same key leads to the same process
/// for as long as that waits (its grace). Whoever is given the address is given the process too, which is how one is shared.
/// </summary>
/// <param name="Key">The name of the process among those of its demo.</param>
public readonly record struct DemoRun(Slug<Demo> Demo, BackendKey Key)
{
    public const string Parameter = "run";

    public const string KeyParameter = "key";

    // 80 random bits: nobody comes upon somebody else's.
    private const int KeyCharacters = 16;
    private const string KeyAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    /// <summary>What runs on the page with these parameters; null where nothing does.</summary>
    public static DemoRun? From(string? run, string? key) =>
        Slug<Demo>.TryParse(run, out var demo) && BackendKey.TryParse(key, out var name) ? new DemoRun(demo, name) : null;

    /// <summary>A run of its own, under a key that nobody else has.</summary>
    public static DemoRun New(Slug<Demo> demo) =>
        From(demo.Value, RandomNumberGenerator.GetString(KeyAlphabet, KeyCharacters))!.Value;

    /// <summary>Begins with a question mark. The page's path stays what it is.</summary>
    public string ToQuery() => $"?{Parameter}={Uri.EscapeDataString(Demo.Value)}&{KeyParameter}={Uri.EscapeDataString(Key.Value)}";
}
