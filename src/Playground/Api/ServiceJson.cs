using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Catalog;

namespace BrowserTech.Playground.Api;

/// <summary>What checking a token answers.</summary>
internal sealed record AuthResponse(string Status, IReadOnlyList<string> Accounts, bool IsAdmin);

internal sealed record ServiceListResponse(IReadOnlyList<string> Services);

/// <summary>A service, with Jamsocket's names. There are no images here, so what is told of them is null or says so.</summary>
/// <param name="CreatedAt">When what it runs was last changed.</param>
/// <param name="LastSpawnedAt">As far as this hub remembers; null when it does not.</param>
/// <param name="LifetimeLimitSeconds">The most a call may ask for.</param>
/// <param name="MaxIdleSeconds">The most a call may ask for.</param>
internal sealed record ServiceResponse(
    string Name, string AccountName, DateTimeOffset CreatedAt, DateTimeOffset? LastSpawnedAt, DateTimeOffset? LastImageUploadTime,
    string? LastImageDigest, string ImageName, IReadOnlyList<EnvironmentResponse> Environments,
    string Title, bool Public, double LifetimeLimitSeconds, double MaxIdleSeconds, long MemoryLimitBytes, int RunningBackends);

internal sealed record EnvironmentResponse(
    string Name, string ImageTag, string Cluster, DateTimeOffset CreatedAt, DateTimeOffset? LastSpawnedAt);

internal sealed record ImageListResponse(IReadOnlyList<string> Images);

/// <summary>How services are written in the API.</summary>
internal static class ServiceJson
{
    /// <summary>The one environment each service has.</summary>
    public const string Environment = "default";

    /// <summary>The one cluster there is.</summary>
    public const string Cluster = "default";

    /// <summary>Stands where Jamsocket names an image: a service here is a program in a folder.</summary>
    public const string NoImage = "none";

    public static ServiceResponse From(ServiceDefinition service, IReadOnlyList<BackendView> known)
    {
        var created = Changed(service.BackendFolder);
        var own = known.Where(backend => backend.Account == service.Account && backend.Service == service.Name).ToList();
        DateTimeOffset? spawned = own.Count == 0 ? null : own.Max(backend => backend.CreatedAt);
        return new ServiceResponse(
            service.Name.Value, service.Account.Value, created, spawned, LastImageUploadTime: null, LastImageDigest: null, NoImage,
            [new EnvironmentResponse(Environment, NoImage, Cluster, created, spawned)],
            service.Title, service.Public, service.Limits.Lifetime.TotalSeconds, service.Limits.Grace.TotalSeconds,
            service.Limits.MemoryBytes, own.Count(backend => !backend.Ended));
    }

    // A folder that is not there has the year 1601, which is a date like any other to who shows it.
    private static DateTimeOffset Changed(string folder) => new(Directory.GetLastWriteTimeUtc(folder), TimeSpan.Zero);
}
