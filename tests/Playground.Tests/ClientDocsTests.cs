using System.Text.RegularExpressions;

namespace BrowserTech.Playground.Tests;

public sealed partial class ClientDocsTests
{
    [Fact]
    public async Task Every_declaration_of_the_client_is_named_where_it_is_said_how_to_get_them()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "BrowserTech.sln"))) folder = folder.Parent!;
        var page = await File.ReadAllTextAsync(Path.Combine(folder.FullName, "docs", "session-backends.md"));
        var named = Names().Match(page).Groups[1].Value.Split(',').Order(StringComparer.Ordinal);
        var there = Directory.EnumerateFiles(Path.Combine(folder.FullName, "src", "Playground", "client"), "*.d.ts")
            .Select(file => Path.GetFileName(file)[..^".d.ts".Length]).Order(StringComparer.Ordinal);
        Assert.Equal(there, named);
    }

    [GeneratedRegex(@"/client/\{([a-z,-]+)\}\.d\.ts")]
    private static partial Regex Names();
}
