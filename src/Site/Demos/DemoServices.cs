using BrowserTech.Playground.Catalog;
using BrowserTech.Playground.Demos;
using BrowserTech.Site.Content;

namespace BrowserTech.Site.Demos;

/// <summary>The demos of <c>content/demos</c> as services of the playground. Public: whoever reads a talk may press Run.</summary>
public sealed class DemoServices(ContentStore content) : IServiceCatalog
{
    private volatile Known? _known;

    private sealed record Known(ContentSnapshot Of, Dictionary<ServiceName, ServiceDefinition> Services);

    public IEnumerable<ServiceDefinition> All => Services().Values;

    public ServiceDefinition? Find(AccountName account, ServiceName service) =>
        Services().TryGetValue(service, out var found) && found.Account == account ? found : null;

    private Dictionary<ServiceName, ServiceDefinition> Services()
    {
        var snapshot = content.Current;
        if (_known is { } known && ReferenceEquals(known.Of, snapshot)) return known.Services;
        var services = new Dictionary<ServiceName, ServiceDefinition>();
        if (AccountName.TryParse(snapshot.Site.Account, out var account))
        {
            foreach (var demo in snapshot.Demos.Values)
                if (ServiceName.TryParse(demo.Slug.Value, out var name)) services[name] = Definition(account, name, demo);
        }

        _known = new Known(snapshot, services);
        return services;
    }

    private static ServiceDefinition Definition(AccountName account, ServiceName name, Demo demo) => new()
    {
        Account = account,
        Name = name,
        Title = demo.Title,
        BackendFolder = Path.Combine(demo.Folder, "backend"),
        ClientFolder = DemoFolder.Client(demo.Folder),
        Command = demo.Backend.Command,
        Environment = demo.Backend.Environment,
        Public = true,
        Trusted = true, // it came with the repository's content, through review
        Limits = new ServiceLimits
        {
            Lifetime = TimeSpan.FromSeconds(demo.Backend.LifetimeSeconds),
            Grace = TimeSpan.FromSeconds(demo.Backend.GraceSeconds),
            Inactivity = demo.Backend.IdleSeconds is { } idle ? TimeSpan.FromSeconds(idle) : null,
            MemoryBytes = demo.Backend.MemoryMegabytes * 1024L * 1024,
            Cpus = demo.Backend.Cpus,
            TmpBytes = demo.Backend.TmpMegabytes * 1024L * 1024,
            Pids = demo.Backend.MaxProcesses,
        },
        Gpu = demo.Backend.Gpu,
        Warm = demo.Backend.Warm,
    };
}
