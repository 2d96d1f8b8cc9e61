namespace BrowserTech.Demos.DuckDb.Native;

/// <summary>What DuckDB refused, in its own words.</summary>
public sealed class DuckException(string message, DuckErrorKind kind = DuckErrorKind.Other) : Exception(message)
{
    public DuckErrorKind Kind { get; } = kind;
}

/// <summary>Of the C interface's kinds of error, those that mean something other than a mistake in the query.</summary>
public enum DuckErrorKind
{
    Other,
    Interrupted,
    OutOfMemory,
}
