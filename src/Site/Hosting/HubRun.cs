namespace BrowserTech.Site.Hosting;

/// <summary>From the start of the hub to its end.</summary>
public static class HubRun
{
    private static readonly TimeSpan LongestRetreat = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Starts the hub and returns when it was told to stop and has. A start that fails, say at a port that is taken, first stops what had begun:
    /// the framework would take the services away from under jobs that run already, and each would complain in its own words beside the one
    /// sentence that says what is the matter.
    /// </summary>
    /// <exception cref="Exception">What the start failed with.</exception>
    public static async Task RunHubAsync(this WebApplication app)
    {
        await using var _ = app;
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await RetreatAsync(app);
            throw;
        }

        await app.WaitForShutdownAsync();
    }

    private static async Task RetreatAsync(WebApplication app)
    {
        using var longest = new CancellationTokenSource(LongestRetreat);
        try
        {
            await app.StopAsync(longest.Token);
        }
        catch (Exception)
        {
            // Half of it never began. Why the start failed is what counts, and that is on its way.
        }
    }
}
