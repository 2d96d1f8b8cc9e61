using System.Globalization;
using System.Text.Json;

namespace BrowserTech.Site.Analytics;

/// <summary>
/// The body of <c>POST /api/event</c>, read by Plausible's rules (plausible/docs, events-api.md, and the behaviour of
/// its ingestion): JSON whatever the content type says, short and long names, generous about types, strict about
/// what it needs.
/// </summary>
public sealed record EventRequest(
    string Name,
    Uri Address,
    IReadOnlyList<string> Domains,
    string? Referrer,
    IReadOnlyDictionary<string, string> Properties,
    bool HashRouting,
    bool Interactive,
    byte ScrollDepth,
    uint EngagedMilliseconds)
{
    public const int MaxBodyBytes = 1_000_000;
    private const int MaxAddressBytes = 2_000;
    private const int MaxProperties = 30;

    // Thirty of the longest would be 70 kB an event; what comes after this much is left out.
    private const int MaxPropertyCharacters = 6_000;

    /// <summary>The request, or what is wrong with it by field.</summary>
    public static (EventRequest? Request, Dictionary<string, string[]>? Errors) Read(ReadOnlyMemory<byte> body)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 32 });
        }
        catch (JsonException)
        {
            return (null, Error("request", "Unable to parse request body as json. Please check the request body"));
        }

        using (document)
        {
            try
            {
                if (document.RootElement.ValueKind == JsonValueKind.Object) return Read(document.RootElement);
            }
            catch (InvalidOperationException)
            {
                // A text with half a surrogate pair, or bytes that are no UTF-8: it parses, and cannot be read.
            }

            return (null, Error("request", "Unable to parse request body as json. Please check the request body"));
        }
    }

    private static (EventRequest?, Dictionary<string, string[]>?) Read(JsonElement json)
    {
        var errors = new Dictionary<string, string[]>();
        var name = Text(json, "n", "name") ?? "";
        if (string.IsNullOrWhiteSpace(name)) errors["event_name"] = ["can't be blank"];
        else if (name.Length > 120) errors["event_name"] = ["should be at most 120 character(s)"];

        var address = AddressOf(json, errors);
        var domains = DomainsOf(json, address, errors);
        var properties = PropertiesOf(json, errors);
        var depth = ScrollDepthOf(Element(json, "sd"));
        var engaged = EngagedOf(Element(json, "e"));
        if (name == "engagement" && depth is 255 && engaged is null && errors.Count == 0)
            errors["scroll_depth"] = ["engagement event requires a valid integer value for at least one of 'sd' or 'e' fields"];
        if (errors.Count > 0) return (null, errors);

        var referrer = Text(json, "r", "referrer");
        return (new EventRequest(
            name,
            address!,
            domains,
            referrer is { Length: > 2000 } ? referrer[..2000] : referrer,
            properties,
            HashRouting: Element(json, "h") is { ValueKind: JsonValueKind.Number } h && h.TryGetInt32(out var hash) ? hash == 1 : IsTrue(Element(json, "h", "hashMode")),
            Interactive: Element(json, "i", "interactive") is not { ValueKind: JsonValueKind.False },
            depth,
            engaged ?? 0), null);
    }

    /// <summary>The path as it is counted: decoded, without query, with the fragment where the site routes by it.</summary>
    public string Path
    {
        get
        {
            var path = Uri.UnescapeDataString(Address.AbsolutePath).TrimEnd();
            if (HashRouting) path += Address.Fragment;
            return path.Length == 0 ? "/" : path;
        }
    }

    /// <summary>Host without <c>www.</c>; <c>(none)</c> where the address has none.</summary>
    public string Hostname => Address.Host.Length == 0 ? "(none)" : TrafficSource.WithoutWww(Address.Host);

    private static Uri? AddressOf(JsonElement json, Dictionary<string, string[]> errors)
    {
        var text = Text(json, "u", "url");
        if (string.IsNullOrEmpty(text)) errors["url"] = ["is required"];
        else if (System.Text.Encoding.UTF8.GetByteCount(text) > MaxAddressBytes) errors["url"] = ["must be 2,000 bytes or less"];
        else if (!Uri.TryCreate(text, UriKind.Absolute, out var uri)) errors["url"] = ["is not a valid url"];
        else if (uri.Scheme == "data") errors["url"] = ["scheme is not allowed"];
        else return uri;
        return null;
    }

    private static IReadOnlyList<string> DomainsOf(JsonElement json, Uri? address, Dictionary<string, string[]> errors)
    {
        var text = Text(json, "d", "domain");
        if (text is null) return address is { Host.Length: > 0 } ? [TrafficSource.WithoutWww(address.Host)] : [];
        var domains = text.Split(',').Select(d => TrafficSource.WithoutWww(d.Trim())).Where(d => d.Length > 0).Distinct().ToList();
        if (domains.Count == 0) errors["domain"] = ["can't be blank"];
        return domains;
    }

    private static Dictionary<string, string> PropertiesOf(JsonElement json, Dictionary<string, string[]> errors)
    {
        var properties = new Dictionary<string, string>();
        var total = 0;
        if (Element(json, "m", "meta", "p", "props") is not { } element) return properties;
        if (element.ValueKind == JsonValueKind.String)
        {
            // Older trackers send the object as text.
            try
            {
                using var inner = JsonDocument.Parse(element.GetString() ?? "");
                element = inner.RootElement.Clone();
            }
            catch (JsonException)
            {
                return properties;
            }
        }

        if (element.ValueKind != JsonValueKind.Object) return properties;
        foreach (var property in element.EnumerateObject())
        {
            if (properties.Count == MaxProperties || total > MaxPropertyCharacters) break;
            if (Scalar(property.Value) is not { } value || string.IsNullOrWhiteSpace(value)) continue;
            if (property.Name.Length > 300 || value.Length > 2000) errors["props"] = ["keys should have at most 300 bytes and values 2000 bytes"];
            else properties[property.Name] = value;
            total += property.Name.Length + value.Length;
        }

        return properties;
    }

    private static byte ScrollDepthOf(JsonElement? element) =>
        Integer(element) is { } depth and >= 0 ? (byte)Math.Min(depth, 100) : (byte)255;

    private static uint? EngagedOf(JsonElement? element) => element is null
        ? null
        : Integer(element) is { } milliseconds and >= 0 && milliseconds < 30L * 24 * 3600 * 1000 ? (uint)milliseconds : 0;

    private static long? Integer(JsonElement? element) => element switch
    {
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out var value) => value,
        { ValueKind: JsonValueKind.String } text when long.TryParse(text.GetString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) => value,
        _ => null,
    };

    private static bool IsTrue(JsonElement? element) => element is { ValueKind: JsonValueKind.True };

    private static JsonElement? Element(JsonElement json, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (json.TryGetProperty(name, out var element) && element.ValueKind != JsonValueKind.Null) return element;
        return null;
    }

    private static string? Text(JsonElement json, params ReadOnlySpan<string> names) => Element(json, names) is { } element ? Scalar(element) : null;

    private static string? Scalar(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => element.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };

    private static Dictionary<string, string[]> Error(string field, string reason) => new() { [field] = [reason] };
}
