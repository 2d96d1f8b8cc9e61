using BrowserTech.Newsletter.Storage;
using BrowserTech.Site.Storage;

namespace BrowserTech.Site.Hosting;

/// <summary>Whether the hub can do its work, for whatever sends it requests.</summary>
internal static class HubHealth
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    public static async Task<IResult> Ready(IStore<HubDb> store, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        try
        {
            return await store.ReadAsync((db, cancel) => db.Database.CanConnectAsync(cancel), limit.Token)
                ? Results.Text("ok")
                : Results.Text("the database does not answer", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Results.Text($"the database did not answer within {Limit.TotalSeconds} s", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
