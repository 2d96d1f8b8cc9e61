using BrowserTech.Benchmarks;
using BrowserTech.Benchmarks.Sessions;

// ./bench NAME [--json FILE]: a table of ours, a peer in the same run, and the ratio.
var benches = new Dictionary<string, Func<Task<IReadOnlyList<Figure>>>> 
{
    ["pages"] = PagesBench.RunAsync,
    ["sessions"] = SessionsBench.RunAsync,
    ["sessions-warm"] = SessionsBench.WarmAsync,
    ["sessions-start"] = SessionsBench.StartAsync,
    ["sessions-end"] = SessionsBench.EndAsync,
    ["sessions-proxy"] = ProxyBench.RunAsync,
    ["sessions-idle"] = SessionsBench.IdleAsync,
    ["sessions-cycles"] = SessionsBench.CyclesAsync,
};
if (args.Length == 0 || !benches.TryGetValue(args[0], out var bench))
{
    Console.Error.WriteLine($"./bench NAME [--json FILE], where NAME is one of: {string.Join(", ", benches.Keys)}");
    return 2;
}

var figures = await bench();
Table.Print(figures);
if (args is [_, "--json", var file]) await Table.WriteAsync(figures, file);
return 0;
