using BrowserTech.Benchmarks;
using BrowserTech.Benchmarks.Demos;
using BrowserTech.Benchmarks.Grid;
using BrowserTech.Benchmarks.Sessions;

// ./bench NAME [--json FILE]: a table of ours, a peer in the same run, and the ratio; each part as soon as it is measured.
(string Name, Func<Task<IReadOnlyList<Figure>>> Run)[] benches =
[
    ("pages", PagesBench.RunAsync),
    ("demos", DemosBench.RunAsync),
    ("duckdb", DuckDbBench.RunAsync),
    ("grid", GridBench.RunAsync),
    ("sessions-warm", SessionsBench.WarmAsync),
    ("sessions-start", SessionsBench.StartAsync),
    ("sessions-end", SessionsBench.EndAsync),
    ("sessions-proxy", ProxyBench.RunAsync),
    ("sessions-idle", SessionsBench.IdleAsync),
    ("sessions-cycles", SessionsBench.CyclesAsync),
];
var wanted = args is [var name, ..] ? benches.Where(each => each.Name == name || each.Name.StartsWith(name + '-', StringComparison.Ordinal)).ToArray() : [];
if (wanted.Length == 0)
{
    Console.Error.WriteLine($"./bench NAME [--json FILE], where NAME is one of: sessions, {string.Join(", ", benches.Select(each => each.Name))}");
    return 2;
}

var figures = new List<Figure>();
Table.PrintHead();
foreach (var bench in wanted)
{
    var part = await bench.Run();
    Table.Print(part);
    figures.AddRange(part);
}

if (args is [_, "--json", var file]) await Table.WriteAsync(figures, file);
return 0;
