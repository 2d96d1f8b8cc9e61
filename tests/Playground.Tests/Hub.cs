using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text.Json;
using BrowserTech.Playground.Accounts;
using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Catalog;
using BrowserTech.Playground.Runtimes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BrowserTech.Playground.Tests;

/// <summary>A hub as a site would host it, on a free port, with services that start the test backend.</summary>
public sealed class Hub : IAsyncDisposable, IServiceCatalog, IAccountTokens
{
    private const string BackendProgram = "BrowserTech.Playground.Tests.Backend.dll";

    private static readonly string Artifacts =
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", ".."));

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<ServiceName, ServiceDefinition> _services = new();
    private readonly ConcurrentDictionary<AccountToken, AccountName> _tokens = new();
    private int _named;
    private readonly DirectoryInfo _data;
    private readonly bool _ownsData;

    private Hub(WebApplicationBuilder builder, DirectoryInfo data, bool ownsData)
    {
        (_data, _ownsData) = (data, ownsData);
        builder.Services.AddSingleton<IServiceCatalog>(this);
        builder.Services.AddSingleton<IAccountTokens>(this);
        _app = builder.Build();
    }

    public static AccountName Account { get; } = AccountName.Parse("browsertech");

    public Uri Origin { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    public IServiceProvider Services => _app.Services;

    public BackendRegistry Registry => Services.GetRequiredService<BackendRegistry>();

    public IEnumerable<ServiceDefinition> All => _services.Values;

    public static async Task<Hub> Start(
        Dictionary<string, string?>? settings = null, DirectoryInfo? data = null, Action<IServiceCollection>? configure = null)
    {
        var folder = data ?? Directory.CreateTempSubdirectory("playground-tests-");
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Playground:AllowUnconfined"] = "true",
            ["Playground:MaxBackendsPerClient"] = "100",
            ["Playground:ReadySandboxes"] = "0", // so that it is known how a process was started
            ["Playground:ConnectsPerMinute"] = "10000",
            ["Playground:CallsPerMinute"] = "10000",
        });
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        builder.Services.AddPlayground(builder.Configuration.GetSection("Playground"), folder.FullName);
        configure?.Invoke(builder.Services);

        var hub = new Hub(builder, folder, ownsData: data is null);
        hub._app.UsePlayground();
        hub._app.UseRouting();
        hub._app.UseRateLimiter();
        hub._app.MapPlayground();
        hub._app.MapGet("/", () => "the site");
        await hub._app.StartAsync();
        hub.Origin = new Uri("http://localhost:" + new Uri(hub._app.Urls.First()).Port);
        hub.Http = hub.NewClient();
        return hub;
    }

    public static string TestBackendFolder { get; } =
        Path.Combine(Artifacts, "bin", "Playground.Tests.Backend", new DirectoryInfo(AppContext.BaseDirectory).Name);

    public static string DemoBackendFolder { get; } = Path.Combine(Artifacts, "demos-debug", "session-backend");

    /// <summary>Adds a service that starts the test backend in a mode.</summary>
    public string Service(string mode, ServiceLimits? limits = null, Func<ServiceDefinition, ServiceDefinition>? change = null)
    {
        var service = new ServiceDefinition
        {
            Account = Account,
            Name = ServiceName.Parse($"s{Interlocked.Increment(ref _named)}"),
            Title = mode,
            BackendFolder = TestBackendFolder,
            Command = ["dotnet", BackendProgram, .. mode.Split(' ')],
            Limits = limits ?? new ServiceLimits { Grace = TimeSpan.FromSeconds(1) },
            Public = true,
            Trusted = true,
        };
        service = change?.Invoke(service) ?? service;
        _services[service.Name] = service;
        return service.Name.Value;
    }

    /// <summary>As an author does who edits a demo while the hub runs.</summary>
    public void Change(string service, Func<ServiceDefinition, ServiceDefinition> change)
    {
        var name = ServiceName.Parse(service);
        _services[name] = change(_services[name]);
    }

    public ServiceDefinition? Find(AccountName account, ServiceName service) =>
        _services.GetValueOrDefault(service) is { } found && found.Account == account ? found : null;

    /// <summary>A token of the account whose services these are, or of another one.</summary>
    public AccountToken NewToken(string? account = null)
    {
        var token = AccountToken.New();
        _tokens[token] = account is null ? Account : AccountName.Parse(account);
        return token;
    }

    public void Revoke(AccountToken token) => _tokens.TryRemove(token, out _);

    public ValueTask<AccountName?> AccountOf(AccountToken token, CancellationToken cancel) =>
        ValueTask.FromResult<AccountName?>(_tokens.TryGetValue(token, out var account) ? account : null);

    /// <summary>A client that calls with a bearer token: of an account, or any text.</summary>
    public HttpClient With(string bearer)
    {
        var http = NewClient();
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer " + bearer);
        return http;
    }

    /// <summary>A client that acts for the account whose services these are.</summary>
    public HttpClient AsAccount() => With(NewToken().Value);

    /// <summary>A client for which every <c>*.localhost</c> is this machine, as it is for a browser.</summary>
    public HttpClient NewClient() => new(new NoCookies { InnerHandler = Handler() }) { BaseAddress = Origin };

    private static SocketsHttpHandler Handler() => new()
    {
        UseCookies = false,
        AllowAutoRedirect = false,
        ConnectCallback = async (context, cancel) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };

    public Task<HttpResponseMessage> Post(string service, object? body = null) => Post(Http, service, body);

    private static Task<HttpResponseMessage> Post(HttpClient http, string service, object? body) =>
        http.PostAsJsonAsync($"/v2/service/{Account}/{service}/connect", body ?? new { });

    public Task<Connected> Connect(string service, object? body = null) => Connect(Http, service, body);

    /// <summary>As the account's own server does it, which may say who the holder is.</summary>
    public async Task<Connected> ConnectAsAccount(string service, object body)
    {
        using var account = AsAccount();
        return await Connect(account, service, body);
    }

    private static async Task<Connected> Connect(HttpClient http, string service, object? body)
    {
        using var response = await Post(http, service, body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonSerializer.Deserialize<Connected>(text, JsonSerializerOptions.Web)
            ?? throw new InvalidOperationException(text);
    }

    public async Task<JsonElement> Status(string id) => await Http.GetFromJsonAsync<JsonElement>($"/v2/backend/{id}/status");

    /// <summary>The backend's private folder, as this machine sees it.</summary>
    public string FolderOf(Connected backend) =>
        Path.Combine(Services.GetRequiredService<RunFolder>().Root, backend.BackendId);

    /// <summary>Opens a WebSocket to the backend and waits until it is open.</summary>
    public Task<ClientWebSocket> Open(Connected backend) => Open(backend.Url);

    public async Task<ClientWebSocket> Open(string url, params (string Name, string Value)[] headers)
    {
        var socket = new ClientWebSocket();
        foreach (var (name, value) in headers) socket.Options.SetRequestHeader(name, value);
        await socket.ConnectAsync(new UriBuilder(url) { Scheme = "ws" }.Uri, NewInvoker(), Limit.Token);
        return socket;
    }

    /// <summary>Null, in truth, for one that has ended.</summary>
    public LiveBackend Live(Connected backend) => Registry.Find(BackendId.Parse(backend.BackendId))!;

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        if (_ownsData) _data.Delete(recursive: true);
    }

    /// <summary>Every wait of a test ends with this at the latest.</summary>
    public static CancellationTokenSource Limit => new(TimeSpan.FromSeconds(60));

    private static HttpMessageInvoker NewInvoker() => new(Handler());

    /// <summary>Every answer in every test, refusals included, is looked at: none may set a cookie.</summary>
    private sealed class NoCookies : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            Assert.False(response.Headers.Contains("Set-Cookie"), $"{request.RequestUri} set a cookie");
            return response;
        }
    }
}

/// <summary>What connect answers, as a client of Jamsocket's names reads it.</summary>
public sealed record Connected
{
    [System.Text.Json.Serialization.JsonPropertyName("backend_id")]
    public required string BackendId { get; init; }

    public required bool Spawned { get; init; }

    public required string Status { get; init; }

    public required string Token { get; init; }

    public required string Url { get; init; }

    [System.Text.Json.Serialization.JsonPropertyName("path_url")]
    public required string PathUrl { get; init; }

    [System.Text.Json.Serialization.JsonPropertyName("secret_token")]
    public required string SecretToken { get; init; }

    [System.Text.Json.Serialization.JsonPropertyName("ready_url")]
    public required string ReadyUrl { get; init; }

    [System.Text.Json.Serialization.JsonPropertyName("fencing_token")]
    public required string FencingToken { get; init; }
}
