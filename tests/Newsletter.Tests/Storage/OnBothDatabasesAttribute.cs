using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace BrowserTech.Newsletter.Tests.Storage;

/// <summary>Runs a theory once on SQLite and once on PostgreSQL.</summary>
internal sealed class OnBothDatabasesAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(
        MethodInfo testMethod, DisposalTracker disposalTracker) =>
        ValueTask.FromResult<IReadOnlyCollection<ITheoryDataRow>>(
            [new TheoryDataRow(Database.Sqlite), new TheoryDataRow(Database.Postgres)]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
