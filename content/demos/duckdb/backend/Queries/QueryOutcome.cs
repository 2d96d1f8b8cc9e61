namespace BrowserTech.Demos.DuckDb.Queries;

/// <summary>How a query ended.</summary>
/// <param name="Failure">cancelled, time, memory, disk or query; null where it was answered.</param>
/// <param name="Message">Why, for the person who asked; null where it was answered.</param>
/// <param name="Rows">Sent.</param>
/// <param name="Bytes">Sent, of Arrow.</param>
/// <param name="Cut">rows or bytes: there was more than is sent; null where all was.</param>
/// <param name="First">From its begin to its first rows.</param>
/// <param name="Elapsed">From its begin to its end.</param>
/// <param name="PeakMemory">Bytes the process had resident, at most.</param>
public sealed record QueryOutcome(
    string? Failure, string? Message, long Rows, long Bytes, string? Cut, TimeSpan First, TimeSpan Elapsed, long PeakMemory);
