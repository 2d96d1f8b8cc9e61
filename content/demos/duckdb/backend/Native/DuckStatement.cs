using Apache.Arrow;
using Apache.Arrow.C;

namespace BrowserTech.Demos.DuckDb.Native;

/// <summary>A query whose rows are computed as they are read, in Arrow's layout. Not safe for two threads.</summary>
public sealed unsafe class DuckStatement : IDisposable
{
    // DUCKDB_ERROR_OUT_OF_MEMORY and DUCKDB_ERROR_INTERRUPT of duckdb_error_type.
    private const int OutOfMemory = 33;
    private const int Interrupted = 29;

    // DUCKDB_STATEMENT_TYPE_DETACH: the one statement that takes the data away and that no setting of the engine refuses.
    private const int Detach = 26;

    private nint _options;
    private nint[] _types = [];
    private DuckResult _result;
    private DuckRows? _rows;

    private DuckStatement(DuckResult result)
    {
        _result = result;
        try
        {
            _options = Duck.ArrowOptions(ref _result);
            _types = [.. Enumerable.Range(0, (int)Duck.ColumnCount(ref _result)).Select(column => Duck.ColumnType(ref _result, (ulong)column))];
            Schema = ReadSchema();
        }
        catch
        {
            // Nobody gets it, and so nobody lets go of it: the whole database would stay open behind it.
            Dispose();
            throw;
        }
    }

    public Schema Schema { get; }

    internal static DuckStatement Begin(DuckConnection connection, string sql)
    {
        var count = Duck.ExtractStatements(connection.Handle, sql, out var statements);
        try
        {
            if (count == 0) throw new DuckException(Duck.Text(Duck.ExtractError(statements)) is { Length: > 0 } error ? error : "There is no statement in it.");
            for (var index = 0UL; ; index++)
            {
                var statement = Run(connection, statements, index);
                if (index + 1 == count) return statement;
                using (statement)
                {
                    // Run to its end, for what it does.
                    while (statement.Fitting(0) is not null) statement.Let();
                }
            }
        }
        finally
        {
            Duck.DestroyExtracted(ref statements);
        }
    }

    /// <summary>
    /// How many of the next rows have no more than so many bytes: 0 where the first alone has more, null where there are none left. They are measured where the
    /// engine has them, so that nothing is copied that is too large to be sent.
    /// </summary>
    /// <exception cref="DuckException">It failed on the way, or was interrupted.</exception>
    public int? Fitting(long bytes)
    {
        if (_rows is { IsEmpty: true }) Let();
        if (_rows is null)
        {
            var chunk = Duck.FetchChunk(_result);
            if (chunk == 0) return Duck.Text(Duck.ResultError(ref _result)) is { Length: > 0 } ? throw ErrorOf(ref _result) : null;
            _rows = new DuckRows(chunk, _types);
            if (_rows.IsEmpty) return null;
        }

        return _rows.Fitting(bytes);
    }

    /// <summary>So many of the next rows.</summary>
    /// <param name="rows">At least one, at most as many as <see cref="Fitting"/> counts of any number of bytes.</param>
    /// <exception cref="DuckException">They cannot be sent as Arrow, and why.</exception>
    public RecordBatch Take(int rows)
    {
        var chunk = _rows!.Take(rows, out var isCopy);
        try
        {
            // Imported by Apache.Arrow, which releases it with the batch.
            CArrowArray array;
            Check(Duck.ChunkToArrow(_options, chunk, &array));
            return CArrowArrayImporter.ImportRecordBatch(&array, Schema);
        }
        finally
        {
            if (isCopy) Duck.DestroyChunk(ref chunk);
        }
    }

    public void Dispose()
    {
        Let();
        foreach (ref var type in _types.AsSpan()) Duck.DestroyType(ref type);
        _types = [];
        Duck.DestroyArrowOptions(ref _options);
        Duck.DestroyResult(ref _result);
    }

    private void Let()
    {
        _rows?.Dispose();
        _rows = null;
    }

    internal static DuckException ErrorOf(ref DuckResult result)
    {
        var kind = Duck.ResultErrorType(ref result) switch
        {
            OutOfMemory => DuckErrorKind.OutOfMemory,
            Interrupted => DuckErrorKind.Interrupted,
            _ => DuckErrorKind.Other,
        };
        return new DuckException(Duck.Text(Duck.ResultError(ref result)) ?? "DuckDB did not say why.", kind);
    }

    private static DuckStatement Run(DuckConnection connection, nint statements, ulong index)
    {
        var (prepared, pending) = ((nint)0, (nint)0);
        try
        {
            if (Duck.PrepareExtracted(connection.Handle, statements, index, out prepared) == Duck.Error)
                throw new DuckException(Duck.Text(Duck.PrepareError(prepared)) ?? "DuckDB could not prepare it.");
            if (Duck.StatementType(prepared) == Detach) throw new DuckException("What is attached here stays attached.");
            if (Duck.PendingStreaming(prepared, out pending) == Duck.Error)
                throw new DuckException(Duck.Text(Duck.PendingError(pending)) ?? "DuckDB could not begin it.");
            var failed = Duck.ExecutePending(pending, out var result) == Duck.Error;
            if (!failed) return new DuckStatement(result);
            var error = ErrorOf(ref result);
            Duck.DestroyResult(ref result);
            throw error;
        }
        finally
        {
            Duck.DestroyPending(ref pending);
            Duck.DestroyPrepare(ref prepared);
        }
    }

    private Schema ReadSchema()
    {
        var names = new nint[_types.Length];
        for (var i = 0; i < names.Length; i++) names[i] = Duck.ColumnName(ref _result, (ulong)i);
        CArrowSchema schema;
        fixed (nint* firstType = _types, firstName = names) Check(Duck.ToArrowSchema(_options, firstType, firstName, (ulong)names.Length, &schema));
        return CArrowSchemaImporter.ImportSchema(&schema);
    }

    private static void Check(nint error)
    {
        if (error == 0) return;
        var message = Duck.HasError(error) ? Duck.Text(Duck.ErrorMessage(error)) : null;
        Duck.DestroyErrorData(ref error);
        if (message is not null) throw new DuckException(message);
    }
}
