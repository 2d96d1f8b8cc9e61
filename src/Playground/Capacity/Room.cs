using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Catalog;

namespace BrowserTech.Playground.Capacity;

/// <summary>What one backend takes up while it lives.</summary>
/// <param name="OfService">Backends of the service that may be alive at once, where it says so itself.</param>
/// <param name="Client">Who asked for it: an address, or an account.</param>
/// <param name="ByAccount">An account asks for many people, so what one address may have does not bound it.</param>
public sealed record Place(AccountName Account, ServiceName Service, int? OfService, string Client, bool ByAccount)
{
    public static Place Of(ServiceDefinition service, Caller caller) =>
        new(service.Account, service.Name, service.Limits.MaxBackends, caller.Client, caller.ByAccount);
}

/// <summary>How many places are taken now: in all, of the service, for the client.</summary>
public sealed record Occupancy(int All, int OfService, int OfClient);

/// <summary>A limit that is reached, in words for the person who pressed Run.</summary>
[GenerateSerializer, Immutable]
public sealed record NoRoom([property: Id(0)] string Kind, [property: Id(1)] string Message)
{
    /// <summary>Whether waiting helps: a place is free again when somebody leaves.</summary>
    public bool Passes => Kind.StartsWith("too_many", StringComparison.Ordinal);
}

/// <summary>The rule of the caps.</summary>
public static class Room
{
    public static NoRoom? Judge(Occupancy now, PlaygroundOptions limits, Place wanted)
    {
        if (!wanted.ByAccount && now.OfClient >= limits.MaxBackendsPerClient)
            return new NoRoom("too_many_for_client", $"{now.OfClient} processes are already running for your address. "
                + "Close one of the tabs that run a demo, then try again.");
        var ofService = Math.Min(wanted.OfService ?? int.MaxValue, limits.MaxBackendsPerService);
        if (now.OfService >= ofService)
            return new NoRoom("too_many_for_service", $"All {ofService} places of this demo are taken. "
                + "One is free again as soon as somebody closes their tab.");
        if (now.All >= limits.MaxBackends)
            return new NoRoom("too_many", $"All {limits.MaxBackends} places on this server are taken. "
                + "One is free again as soon as somebody closes their tab.");
        return null;
    }
}
