using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Metadata.Conventions;

namespace BrowserTech.Newsletter.Storage;

/// <summary>
/// Names tables and columns in snake_case, which needs no quoting on PostgreSQL: SQL written by hand is the same on both databases.
/// A table is named after its set (<c>OutboxMails</c> is <c>outbox_mails</c>); a name given explicitly stays as it is. It runs when the model is complete, so it also
/// covers what a derived context adds; indexes and keys take their names from these.
/// </summary>
public sealed class SnakeCaseNames : IModelFinalizingConvention
{
    /// <inheritdoc/>
    public void ProcessModelFinalizing(
        IConventionModelBuilder modelBuilder, IConventionContext<IConventionModelBuilder> context)
    {
        foreach (var entity in modelBuilder.Metadata.GetEntityTypes())
        {
            if (entity.GetTableName() is { } table) entity.Builder.ToTable(Of(table));
            foreach (var property in entity.GetDeclaredProperties())
                property.Builder.HasColumnName(Of(property.GetColumnName()));
        }
    }

    /// <summary><c>LeaseUntil</c> becomes <c>lease_until</c>; a name already in snake_case stays.</summary>
    public static string Of(string name)
    {
        var snake = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            var startsWord = char.IsUpper(name[i]) && i > 0 && name[i - 1] != '_'
                && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            if (startsWord) snake.Append('_');
            snake.Append(char.ToLowerInvariant(name[i]));
        }

        return snake.ToString();
    }
}
