namespace BrowserTech.Demos.DuckDb.Native;

/// <summary>One connection: one statement at a time. Only <see cref="Interrupt"/> and <see cref="Progress"/> may be called by other threads meanwhile.</summary>
public sealed class DuckConnection : IDisposable
{
    private nint _handle;

    internal DuckConnection(nint handle) => _handle = handle;

    internal nint Handle => _handle;

    /// <summary>Rows scanned so far by the statement that runs, as far as the engine can tell; 0 when none runs.</summary>
    public (double Percentage, long Rows) Progress
    {
        get
        {
            var progress = Duck.Progress(_handle);
            return (progress.Percentage, (long)progress.RowsProcessed);
        }
    }

    /// <summary>The statement that runs fails soon, with <see cref="DuckErrorKind.Interrupted"/>.</summary>
    public void Interrupt() => Duck.Interrupt(_handle);

    /// <summary>Statements whose answer nobody reads.</summary>
    /// <exception cref="DuckException">It failed, and why.</exception>
    public void Execute(string sql)
    {
        var failed = Duck.Query(_handle, sql, out var result) == Duck.Error;
        var error = failed ? DuckStatement.ErrorOf(ref result) : null;
        Duck.DestroyResult(ref result);
        if (error is not null) throw error;
    }

    /// <summary>Ends the transaction that is open, if one is, and undoes it. False: none was.</summary>
    public bool RollBack()
    {
        try
        {
            Execute("ROLLBACK");
            return true;
        }
        catch (DuckException)
        {
            return false;
        }
    }

    /// <summary>Begins a query: its rows are computed as they are read.</summary>
    /// <param name="sql">One or several statements; the last one's answer is read, those before are run here.</param>
    /// <exception cref="DuckException">A mistake in the query, or it failed.</exception>
    public DuckStatement Begin(string sql) => DuckStatement.Begin(this, sql);

    public void Dispose() => Duck.Disconnect(ref _handle);
}
