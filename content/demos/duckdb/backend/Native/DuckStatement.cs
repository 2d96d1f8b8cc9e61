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

    private readonly nint _options;
    private DuckResult _result;

    private DuckStatement(DuckResult result)
    {
        _result = result;
        _options = Duck.ArrowOptions(ref _result);
        Schema = ReadSchema();
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
                    while (statement.Next() is { } batch) batch.Dispose();
                }
            }
        }
        finally
        {
            Duck.DestroyExtracted(ref statements);
        }
    }

    /// <summary>The next rows, at most 2048; null after the last.</summary>
    /// <exception cref="DuckException">It failed on the way, or was interrupted.</exception>
    public RecordBatch? Next()
    {
        var chunk = Duck.FetchChunk(_result);
        if (chunk == 0)
        {
            return Duck.Text(Duck.ResultError(ref _result)) is { Length: > 0 } ? throw ErrorOf(ref _result) : null;
        }

        try
        {
            if (Duck.ChunkSize(chunk) == 0) return null;
            // Imported by Apache.Arrow, which releases it with the batch.
            CArrowArray array;
            Check(Duck.ChunkToArrow(_options, chunk, &array));
            return CArrowArrayImporter.ImportRecordBatch(&array, Schema);
        }
        finally
        {
            Duck.DestroyChunk(ref chunk);
        }
    }

    public void Dispose()
    {
        var options = _options;
        Duck.DestroyArrowOptions(ref options);
        Duck.DestroyResult(ref _result);
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
        var count = Duck.ColumnCount(ref _result);
        var types = new nint[count];
        var names = new nint[count];
        for (var i = 0UL; i < count; i++)
        {
            types[(int)i] = Duck.ColumnType(ref _result, i);
            names[(int)i] = Duck.ColumnName(ref _result, i);
        }

        try
        {
            CArrowSchema schema;
            fixed (nint* firstType = types, firstName = names) Check(Duck.ToArrowSchema(_options, firstType, firstName, count, &schema));
            return CArrowSchemaImporter.ImportSchema(&schema);
        }
        finally
        {
            foreach (ref var type in types.AsSpan()) Duck.DestroyType(ref type);
        }
    }

    private static void Check(nint error)
    {
        if (error == 0) return;
        var message = Duck.HasError(error) ? Duck.Text(Duck.ErrorMessage(error)) : null;
        Duck.DestroyErrorData(ref error);
        if (message is not null) throw new DuckException(message);
    }
}
