using System.Globalization;
using System.Text.Json;

namespace BrowserTech.Benchmarks;

/// <summary>One line of a benchmark: ours against a peer, or against a limit we set ourselves.</summary>
public sealed record Figure(string Name, string Unit, double Ours, double Peer, string PeerName)
{
    public double Ratio => Peer == 0 ? 0 : Ours / Peer;
}

/// <summary>Shows figures to people and writes them for programs.</summary>
public static class Table
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    public static void PrintHead() => Console.WriteLine($"{"figure",-44} {"unit",-6} {"ours",10} {"peer",10}  {"ratio",5}  peer is");

    public static void Print(IEnumerable<Figure> figures)
    {
        foreach (var f in figures)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{f.Name,-44} {f.Unit,-6} {f.Ours,10:#,0.##} {f.Peer,10:#,0.##}  {f.Ratio,5:0.00}  {f.PeerName}"));
    }

    public static Task WriteAsync(IReadOnlyList<Figure> figures, string file) =>
        File.WriteAllTextAsync(file, JsonSerializer.Serialize(
            figures.Select(f => new { figure = f.Name, unit = f.Unit, ours = f.Ours, peer = f.Peer, peer_name = f.PeerName, ratio = Math.Round(f.Ratio, 3) }), Json));
}
