using DuckDB.NET.Data;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BrowserTech.Site.Hosting;

/// <summary>Why the hub cannot start, in one sentence for whoever typed the command.</summary>
public sealed class StartFailure(string reason) : Exception(reason)
{
    /// <summary>The sentence for an exception at start; null where it is a fault of ours, which deserves its stack trace.</summary>
    public static string? Explain(Exception exception, HubOptions? options)
    {
        var data = options?.DataPath() ?? "the data folder";
        return exception switch
        {
            StartFailure => exception.Message,
            OptionsValidationException invalid => string.Join(Environment.NewLine, invalid.Failures),
            DirectoryNotFoundException when exception.Message.StartsWith("The content folder", StringComparison.Ordinal) => exception.Message,
            DuckDBException when exception.Message.Contains("lock", StringComparison.OrdinalIgnoreCase) =>
                $"Another hub is using {data}. Stop it, or name another folder with --data.",
            SqliteException or DuckDBException => $"The databases in {data} cannot be opened: {exception.Message}",
            NpgsqlException => $"PostgreSQL cannot be used: {exception.Message}",
            UnauthorizedAccessException => $"The hub may not write where it has to: {exception.Message}",
            FormatException or UriFormatException => $"An address is not valid: {exception.Message} Give one such as --urls http://localhost:5080.",
            IOException when exception.Message.StartsWith("Failed to bind", StringComparison.Ordinal) =>
                $"{exception.Message.TrimEnd('.')}. Choose another port with --urls http://localhost:PORT.",
            IOException => $"The hub cannot use its data folder {data}: {exception.Message}",
            InvalidOperationException when exception.InnerException is { } inner => Explain(inner, options),
            InvalidOperationException when exception.Message.StartsWith("Hub:", StringComparison.Ordinal) => exception.Message,
            _ => null,
        };
    }
}
