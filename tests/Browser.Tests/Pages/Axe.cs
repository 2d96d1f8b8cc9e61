using System.Text.Json;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace BrowserTech.Browser.Tests.Pages;

/// <summary>
/// axe-core, put into a page once and asked several times. The package's own way to run it loads it anew each time and brings
/// back everything that passed, which for this many pages takes minutes.
/// </summary>
internal static class Axe
{
    private static readonly string Script = new BundledAxeScriptProvider().GetScript();

    /// <summary>Puts it into the page, and into the frames that have a page.</summary>
    public static async Task BringAsync(IPage page)
    {
        foreach (var frame in Framed(page)) await frame.EvaluateAsync(Script + ";null");
    }

    /// <summary>What it finds, one line for each element. Every rule, or those named.</summary>
    public static async Task<IReadOnlyList<string>> AskAsync(IPage page, params string[] rules)
    {
        var found = new List<string>();
        foreach (var frame in Framed(page))
            found.AddRange(JsonSerializer.Deserialize<string[]>(await frame.EvaluateAsync<string>(Ask, rules))!);
        return found;
    }

    private static IEnumerable<IFrame> Framed(IPage page) => page.Frames.Where(frame => frame.Url.StartsWith("http", StringComparison.Ordinal));

    private const string Ask = """
        async (rules) => {
          const options = { iframes: false, resultTypes: ['violations'] };
          if (rules.length) options.runOnly = { type: 'rule', values: rules };
          const { violations } = await axe.run(document, options);
          return JSON.stringify(violations.flatMap(({ id, help, nodes }) =>
            nodes.map(({ target, any }) => `${id} at ${target.join(' ')}: ${any[0]?.message ?? help}`)));
        }
        """;
}
