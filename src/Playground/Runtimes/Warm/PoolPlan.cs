using BrowserTech.Playground.Catalog;

namespace BrowserTech.Playground.Runtimes.Warm;

/// <summary>What is kept of one service.</summary>
/// <param name="Ahead">How far started.</param>
/// <param name="Count">How many, from 1.</param>
public readonly record struct PoolTarget(Ahead Ahead, int Count);

/// <summary>What is kept of each service, within what the hub may keep in all.</summary>
public static class PoolPlan
{
    /// <summary>
    /// Each service gets the warm processes it asks for, one at a time in turn, until the budget is spent: when there is not enough, a service that
    /// asks for much does not leave the others cold. Of the services that get none, one sandbox each is kept ready, in order,
    /// until that budget is spent too.
    /// </summary>
    /// <param name="services">In the order in which they are served.</param>
    /// <param name="programs">Warm processes in all, from 0.</param>
    /// <param name="sandboxes">Ready sandboxes in all, from 0.</param>
    public static IReadOnlyDictionary<(AccountName, ServiceName), PoolTarget> Targets(
        IReadOnlyCollection<ServiceDefinition> services, int programs, int sandboxes)
    {
        var targets = new Dictionary<(AccountName, ServiceName), PoolTarget>();
        for (var round = 1; programs > 0 && services.Any(service => service.Warm >= round); round++)
        {
            foreach (var service in services.Where(service => service.Warm >= round).Take(programs))
            {
                programs--;
                targets[(service.Account, service.Name)] = new PoolTarget(Ahead.Program, round);
            }
        }

        foreach (var name in services.Select(service => (service.Account, service.Name)).Where(name => !targets.ContainsKey(name)).Take(sandboxes).ToList())
            targets[name] = new PoolTarget(Ahead.Sandbox, 1);
        return targets;
    }
}
