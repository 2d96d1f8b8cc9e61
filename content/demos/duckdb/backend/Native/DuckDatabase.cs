namespace BrowserTech.Demos.DuckDb.Native;

/// <summary>DuckDB in this process: in memory, or a file.</summary>
public sealed class DuckDatabase : IDisposable
{
    private nint _handle;

    /// <param name="path">A file, made where there is none; null: in memory.</param>
    /// <param name="settings">As <c>SET</c> takes them.</param>
    /// <exception cref="DuckException">It cannot be opened, and why.</exception>
    public DuckDatabase(string? path, params (string Name, string Value)[] settings)
    {
        if (Duck.CreateConfig(out var config) == Duck.Error) throw new DuckException("DuckDB could not make a configuration.");
        try
        {
            foreach (var (name, value) in settings)
            {
                if (Duck.SetConfig(config, name, value) == Duck.Error) throw new DuckException($"DuckDB has no setting {name} that can be {value}.");
            }

            if (Duck.Open(path, out _handle, config, out var error) != Duck.Error) return;
            var message = Duck.Text(error) ?? "DuckDB could not be opened.";
            Duck.Free(error);
            throw new DuckException(message);
        }
        finally
        {
            Duck.DestroyConfig(ref config);
        }
    }

    public static string Version => Duck.Text(Duck.Version()) ?? "";

    public DuckConnection Connect() =>
        Duck.Connect(_handle, out var connection) == Duck.Error ? throw new DuckException("DuckDB could not connect.") : new DuckConnection(connection);

    public void Dispose() => Duck.Close(ref _handle);
}
