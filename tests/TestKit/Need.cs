using Xunit;

namespace BrowserTech.TestKit;

/// <summary>
/// What a test needs from the machine. Where it is missing the test is skipped by name with the reason; under
/// <c>CI=true</c> a skip is a failure, because CI promises that every test ran.
/// </summary>
public static class Need
{
    private static readonly bool IsCi =
        string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>The full path of the first program found among <paramref name="names"/> (names or absolute paths).</summary>
    public static string Program(string package, params string[] names)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Concat(["/usr/sbin", "/usr/local/sbin", "/sbin", "/usr/lib/postfix/sbin"]);
        foreach (var name in names)
        {
            if (Path.IsPathRooted(name))
            {
                if (File.Exists(name)) return name;
                continue;
            }

            foreach (var folder in folders)
            {
                var path = Path.Combine(folder, name);
                if (File.Exists(path)) return path;
            }
        }

        throw Missing($"{names[0]} is not installed (Debian package {package})");
    }

    /// <summary>Something the machine must allow, or be, besides having programs.</summary>
    public static void That(bool holds, string reason)
    {
        if (!holds) throw Missing(reason);
    }

    private static InvalidOperationException Missing(string reason)
    {
        if (IsCi) Assert.Fail(reason);
        Assert.Skip(reason);
        return new InvalidOperationException(reason);
    }
}
