using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using BrowserTech.Newsletter;
using BrowserTech.Playground;
using BrowserTech.Site.Security;

namespace BrowserTech.Site.Hosting;

/// <summary>
/// Looks at every setting of ours before anything is made of it. The binder would answer a word where a number belongs with a stack trace, and a
/// misspelt name with silence. What a setting may be is what its property says: its type, and its <see cref="RangeAttribute"/>.
/// </summary>
public static class SettingsCheck
{
    /// <summary>The sections that are ours, and what each is read into.</summary>
    public static readonly IReadOnlyDictionary<string, Type> Sections = new Dictionary<string, Type>
    {
        ["Hub"] = typeof(HubOptions), ["Playground"] = typeof(PlaygroundOptions), ["Mail"] = typeof(NewsletterOptions), ["RateLimits"] = typeof(RateLimitOptions),
    };

    /// <summary>Settings of a section, by their names with colons, that can be set from outside.</summary>
    public static IEnumerable<(string Name, PropertyInfo Property)> Settings(string within, Type type) =>
        type.GetProperties().Where(property => property.CanWrite || IsList(property.PropertyType)).Where(property => property.PropertyType != typeof(MailIdentity))
            .SelectMany(property => IsSection(property.PropertyType)
                ? Settings($"{within}:{property.Name}", property.PropertyType)
                : [($"{within}:{property.Name}", property)]);

    /// <returns>What stops the start, and what may not: each a sentence.</returns>
    public static (IReadOnlyList<string> Mistakes, IReadOnlyList<string> Warnings) Look(IConfiguration configuration)
    {
        List<string> mistakes = [], warnings = [];
        foreach (var (section, type) in Sections)
        {
            var known = Settings(section, type).ToDictionary(each => each.Name, each => each.Property, StringComparer.OrdinalIgnoreCase);
            foreach (var (name, value) in configuration.GetSection(section).AsEnumerable())
            {
                if (value is null) continue;
                if (known.TryGetValue(name, out var property))
                {
                    if (Mistake(property.PropertyType, property.GetCustomAttribute<RangeAttribute>(), value) is { } wanted)
                        mistakes.Add($"{Named(name)} is '{value}'. It must be {wanted}.");
                }
                else if (!(known.TryGetValue(Above(name), out var list) && IsList(list.PropertyType)))
                {
                    warnings.Add($"{Named(name)} is no setting and changes nothing.{Meant(name, known.Keys)} All settings are in docs/operating.md.");
                }
            }
        }

        return (mistakes, warnings);
    }

    /// <summary>What it must be; null where it is that.</summary>
    private static string? Mistake(Type type, RangeAttribute? range, string value)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(bool)) return bool.TryParse(value, out _) ? null : "true or false";
        if (type.IsEnum)
            return Enum.GetNames(type).Contains(value, StringComparer.OrdinalIgnoreCase) ? null : $"one of {string.Join(", ", Enum.GetNames(type))}";
        if (type == typeof(int))
        {
            var (least, most) = range is null ? (0, int.MaxValue) : ((int)range.Minimum, (int)range.Maximum);
            return int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
                ? null : $"a whole number from {least} to {most}";
        }

        return IsList(type) && value.Length > 0 ? "a list: the name with :0 (in the environment __0), :1 and so on after it" : null;
    }

    private static string Named(string name) => $"The setting {name} (in the environment {name.Replace(":", "__", StringComparison.Ordinal)})";

    private static string Above(string name) => name.LastIndexOf(':') is > 0 and var colon ? name[..colon] : name;

    private static bool IsList(Type type) => type.IsGenericType && type.IsAssignableTo(typeof(IEnumerable<string>));

    private static bool IsSection(Type type) => type.IsClass && type != typeof(string) && !IsList(type);

    private static string Meant(string name, IEnumerable<string> known)
    {
        var nearest = known.MinBy(each => Distance(each, name));
        return nearest is not null && Distance(nearest, name) <= 3 ? $" Was {nearest} meant?" : "";
    }

    /// <summary>Letters to be changed, added or left out to make one of the other.</summary>
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var same = char.ToUpperInvariant(one[i - 1]) == char.ToUpperInvariant(other[j - 1]);
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (same ? 0 : 1)));
            }
        }

        return row[^1];
    }
}
