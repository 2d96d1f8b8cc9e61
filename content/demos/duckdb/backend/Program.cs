using System.Diagnostics;
using BrowserTech.Demos.DuckDb.City;
using BrowserTech.Demos.DuckDb.Native;

var gen = new TripGenerator();
var watch = Stopwatch.StartNew();
Directory.CreateDirectory(args[0]);
for (var part = 0; part < int.Parse(args[1]); part++)
{
    var a = watch.ElapsedMilliseconds;
    var trips = gen.Make(part, 1_000_000);
    var b = watch.ElapsedMilliseconds;
    TripFile.Write(Path.Combine(args[0], $"{part:00}.db"), trips);
    Console.WriteLine($"{part} {b - a} {watch.ElapsedMilliseconds - b} {new FileInfo(Path.Combine(args[0], $"{part:00}.db")).Length}");
}
TripFile.WriteCity(Path.Combine(args[0], "city.db"));
using var db = new DuckDatabase(null);
using var c = db.Connect();
c.Execute($"attach '{args[0]}/00.db' as p (read_only); attach '{args[0]}/01.db' as q (read_only); attach '{args[0]}/city.db' as c (read_only); create view trips as from p.trips union all from q.trips");
foreach (var sql in new[] { "select bike, rider, count(*) n, avg(metres) m, avg(seconds) s from trips group by all", "describe trips", "select hour(started), count(*) from trips group by 1 order by 1" })
{
    watch.Restart();
    using var s = c.Begin(sql);
    Console.WriteLine(string.Join(",", s.Schema.FieldsList.Select(f => f.Name + ":" + f.DataType)));
    while (s.Next() is { } batch) Console.WriteLine(batch.Length);
    Console.WriteLine(watch.ElapsedMilliseconds + " ms");
}
