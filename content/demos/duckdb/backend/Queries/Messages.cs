using System.Text.Json;
using System.Text.Json.Serialization;

namespace BrowserTech.Demos.DuckDb.Queries;

/// <summary>What a tab asks for.</summary>
/// <param name="Type">query or cancel.</param>
/// <param name="Id">The query's number, chosen by the tab; it is on everything that is said about it.</param>
/// <param name="Sql">Of a query.</param>
/// <param name="Parts">Of a query: over how many millions of trips.</param>
public sealed record Asked(string? Type, uint Id, string? Sql, int Parts);

/// <summary>The first message: what this engine is and has.</summary>
public sealed record Hello(
    string Type, string Version, int Threads, int MemoryMegabytes, int DiskMegabytes, double Seconds, int Rows, int Parts, int RowsPerPart, long[] PartBytes, long CityBytes);

/// <summary>How far a query is.</summary>
public sealed record Progress(string Type, uint Id, double Percentage, long Memory);

/// <summary>It has not begun: other tabs of this process asked before.</summary>
/// <param name="Ahead">How many queries of theirs come first, with the one that runs.</param>
public sealed record Waiting(string Type, uint Id, int Ahead);

/// <summary>The last message about a query.</summary>
/// <param name="Type">done or failed.</param>
public sealed record Ended(
    string Type, uint Id, string? Failure, string? Message, long Rows, long Bytes, string? Cut, double FirstMs, double ElapsedMs, long Memory);

/// <summary>Written by the compiler: a program that is compiled ahead has no reflection to do it with.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Asked))]
[JsonSerializable(typeof(Hello))]
[JsonSerializable(typeof(Progress))]
[JsonSerializable(typeof(Waiting))]
[JsonSerializable(typeof(Ended))]
public sealed partial class Messages : JsonSerializerContext;
