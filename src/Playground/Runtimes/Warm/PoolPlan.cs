using BrowserTech.Playground.Catalog;

namespace BrowserTech.Playground.Runtimes.Warm;

/// <summary>How many processes of each service are kept warm, within what the hub may keep in all.</summary>
public static class PoolPlan
{
    /// <summary>
    /// Each service gets what it asks for, one process at a time in turn, until the budget is spent: when there is not enough, a service that
    /// asks for much does not leave the others cold.
    /// </summary>
    /// <param name="services">In the order in which they are served.</param>
    /// <param name="budget">Processes in all, from 0.</param>
    public static IReadOnlyDictionary<(AccountName, ServiceName), int> Targets(IEnumerable<ServiceDefinition> services, int budget)
    {
        var wanted = services.Where(service => service.Warm > 0).ToList();
        var targets = new Dictionary<(AccountName, ServiceName), int>();
        for (var round = 1; budget > 0 && wanted.Exists(service => service.Warm >= round); round++)
        {
            foreach (var service in wanted.Where(service => service.Warm >= round))
            {
                if (budget-- <= 0) return targets;
                targets[(service.Account, service.Name)] = round;
            }
        }

        return targets;
    }
}
