namespace BrowserTech.Browser.Tests.Browsing;

internal static class Report
{
    /// <summary>Fails with every finding in full: one at a time, each would cost a run.</summary>
    public static void AssertNone(IEnumerable<string> findings)
    {
        var all = findings.Distinct().ToList();
        if (all.Count > 0) Assert.Fail($"{all.Count} found:\n{string.Join('\n', all)}");
    }
}
