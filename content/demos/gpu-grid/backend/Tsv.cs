using System.Text;

namespace BrowserTech.Demos.GpuGrid;

/// <summary>A row as text, as it is copied.</summary>
internal static class Tsv
{
    public static void Append(StringBuilder text, in LogRow row)
    {
        Span<char> message = stackalloc char[Template.MaxText];
        var length = row.Message(message);
        var template = row.Template;
        text.Append(row.Id + 1).Append('\t')
            .Append($"{DateTimeOffset.FromUnixTimeMilliseconds(row.Time):yyyy-MM-ddTHH:mm:ss.fff}Z").Append('\t')
            .Append(Catalogue.Stations[row.Station]).Append('\t')
            .Append(Catalogue.Systems[template.System]).Append('\t')
            .Append(Catalogue.Levels[(int)template.Level]).Append('\t')
            .Append(message[..length]).Append('\t')
            .Append($"{row.Micros / 1000.0:0.###} ms").Append('\t')
            .Append($"{row.Signal / 10.0:0.0} dB").Append('\n');
    }
}
