using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using BrowserTech.Playground.Catalog;
using BrowserTech.Playground.Demos;
using BrowserTech.Playground.Runtimes.Warm;
using Microsoft.Extensions.DependencyInjection;

namespace BrowserTech.Playground.Tests;

public sealed class DemoOriginTests(SharedHub shared)
{
    private static readonly string DemoSource = FindDemo();

    private Hub Hub => shared.Hub;

    [Fact]
    public async Task A_demo_serves_its_page_the_client_and_where_the_api_is()
    {
        var demo = Demo();
        using var page = await Hub.Http.GetAsync(Address(demo, "/"));
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        Assert.Contains("A process for this tab", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var client = await Hub.Http.GetAsync(Address(demo, "/client/playground.js"));
        Assert.Equal("text/javascript", client.Content.Headers.ContentType!.MediaType);

        var config = await Hub.Http.GetFromJsonAsync<JsonElement>(Address(demo, "/config.json"));
        Assert.Equal($"http://localhost:{Hub.Origin.Port}", config.GetProperty("api").GetString());
        Assert.Equal(Hub.Account.Value, config.GetProperty("account").GetString());
        Assert.Equal(demo, config.GetProperty("service").GetString());
    }

    [Fact]
    public async Task Its_policy_lets_the_page_talk_to_the_hub_and_only_the_site_frame_it()
    {
        using var page = await Hub.Http.GetAsync(Address(Demo(), "/"));
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        var port = Hub.Origin.Port;
        Assert.Contains("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains($"connect-src 'self' http://localhost:{port} ws://localhost:{port} http://*.play.localhost:{port} ws://*.play.localhost:{port};",
            policy, StringComparison.Ordinal);
        Assert.Contains($"frame-ancestors http://localhost:{port}", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("'unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("same-origin", page.Headers.GetValues("Cross-Origin-Resource-Policy").Single());
    }

    [Fact]
    public async Task Only_pages_of_origins_that_are_named_may_show_it_besides_the_site()
    {
        await using var hub = await Hub.Start(new Dictionary<string, string?> { ["Playground:DemoEmbedders:0"] = "https://talks.example" });
        var demo = hub.Service("serve", change: each => each with { ClientFolder = DemoFolder.Client(DemoSource) });
        using var page = await hub.Http.GetAsync(new Uri($"http://{demo}.demo.localhost:{hub.Origin.Port}/"));
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.EndsWith($"frame-ancestors http://localhost:{hub.Origin.Port} http://127.0.0.1:{hub.Origin.Port} https://talks.example", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_has_not_changed_is_not_sent_again()
    {
        var demo = Demo();
        using var first = await Hub.Http.GetAsync(Address(demo, "/style.css"));
        using var again = new HttpRequestMessage(HttpMethod.Get, Address(demo, "/style.css"));
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await Hub.Http.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Theory]
    [InlineData("/../demo.md")]
    [InlineData("/%2e%2e/demo.md")]
    [InlineData("/..%2fdemo.md")]
    [InlineData("/client/../../demo.md")]
    [InlineData("/client/..%2f..%2fBrowserTech.Playground.dll")]
    [InlineData("/.secret")]
    [InlineData("//etc/passwd")]
    [InlineData("/link.txt")]
    [InlineData("/up/demo.md")]
    [InlineData("/sub/around/demo.md")]
    [InlineData("/behind.md")]
    [InlineData("/nothing.js")]
    public async Task A_path_that_leads_out_of_the_clients_folder_is_not_found(string path)
    {
        var folder = Directory.CreateTempSubdirectory("demo-");
        var client = folder.CreateSubdirectory("client").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "demo.md"), "secret");
        await File.WriteAllTextAsync(Path.Combine(client, "index.html"), "page");
        await File.WriteAllTextAsync(Path.Combine(client, ".secret"), "secret");
        File.CreateSymbolicLink(Path.Combine(client, "link.txt"), Path.Combine(folder.FullName, "demo.md"));
        Directory.CreateSymbolicLink(Path.Combine(client, "up"), folder.FullName);
        Directory.CreateSymbolicLink(Path.Combine(folder.CreateSubdirectory("client/sub").FullName, "around"), "../../client/up");
        var far = folder.CreateSubdirectory("far/deep").FullName;
        Directory.CreateSymbolicLink(Path.Combine(client, "far"), far);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "far", "behind.md"), "secret");
        File.CreateSymbolicLink(Path.Combine(client, "behind.md"), "far/../behind.md");
        var demo = Hub.Service("serve", change: each => each with { ClientFolder = DemoFolder.Client(folder.FullName) });

        // HttpClient would tidy the path before sending it.
        using var raw = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await raw.ConnectAsync(IPAddress.Loopback, Hub.Origin.Port);
        await raw.SendAsync(Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: {demo}.demo.localhost:{Hub.Origin.Port}\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(new NetworkStream(raw));
        var answer = await reader.ReadToEndAsync().Soon();
        Assert.StartsWith("HTTP/1.1 404", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", answer, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_demo_without_a_page_or_whose_page_has_gone_says_so()
    {
        var folder = Directory.CreateTempSubdirectory("demo-");
        var client = Path.Combine(folder.FullName, "client");
        var never = Hub.Service("serve", change: each => each with { ClientFolder = DemoFolder.Client(folder.FullName) });
        var gone = Hub.Service("serve", change: each => each with { ClientFolder = client });
        foreach (var (demo, path) in new[] { (never, "/"), (gone, "/"), (gone, "/demo.js"), (gone, "/config.json") })
        {
            using var answer = await Hub.Http.GetAsync(Address(demo, path));
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.Equal("This demo has no page: its client/index.html is missing.", await answer.Content.ReadAsStringAsync());
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Links_that_stay_inside_the_clients_folder_are_followed()
    {
        var folder = Directory.CreateTempSubdirectory("demo-");
        var client = folder.CreateSubdirectory("client").FullName;
        await File.WriteAllTextAsync(Path.Combine(client, "index.html"), "page");
        await File.WriteAllTextAsync(Path.Combine(folder.CreateSubdirectory("client/v2").FullName, "a.txt"), "here");
        Directory.CreateSymbolicLink(Path.Combine(client, "latest"), "v2");
        var demo = Hub.Service("serve", change: each => each with { ClientFolder = DemoFolder.Client(folder.FullName) });
        Assert.Equal("here", await Hub.Http.GetStringAsync(Address(demo, "/latest/a.txt")));
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Neither_host_ever_reaches_the_site()
    {
        Assert.Equal("the site", await Hub.Http.GetStringAsync("/"));
        foreach (var host in new[] { "nothing.demo.localhost", "nothing.play.localhost", "a.b.demo.localhost", ".demo.localhost" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/");
            request.Headers.TryAddWithoutValidation("Host", $"{host}:{Hub.Origin.Port}");
            using var response = await Hub.Http.SendAsync(request);
            Assert.True(response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.BadRequest);
        }

        using var post = await Hub.Http.PostAsync(Address(Demo(), "/"), null);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
    }

    [Fact]
    public async Task The_first_demo_tells_what_it_is_and_sends_back_what_it_is_sent()
    {
        var backend = await Hub.Connect(Demo());
        using var socket = await Hub.Open(backend);
        var tick = JsonDocument.Parse(await Receive(socket)).RootElement;
        Assert.Equal("tick", tick.GetProperty("type").GetString());
        Assert.Equal(backend.BackendId, tick.GetProperty("backendId").GetString());
        Assert.Equal(backend.FencingToken, tick.GetProperty("fencingToken").GetString());
        Assert.True(tick.GetProperty("rssBytes").GetInt64() > 1_000_000);
        await socket.SendAsync("""{"type":"ping","n":7}"""u8.ToArray(), WebSocketMessageType.Text, true, Hub.Limit.Token);
        string answer;
        do answer = await Receive(socket);
        while (!answer.Contains("ping", StringComparison.Ordinal));
        Assert.Equal("""{"type":"ping","n":7}""", answer);
    }

    [Fact]
    public async Task The_first_demo_kept_warm_knows_who_it_is_as_soon_as_somebody_has_it()
    {
        await using var hub = await Hub.Start();
        var demo = hub.Service("serve", change: each => each with { BackendFolder = Hub.DemoBackendFolder, Command = ["./backend"], Warm = 1 });
        var pools = hub.Services.GetRequiredService<WarmPools>();
        while (true)
        {
            var changed = pools.Changed;
            if (pools.Ready(Runtimes.Ahead.Program).GetValueOrDefault((Hub.Account, ServiceName.Parse(demo))) == 1) break;
            await changed.Soon();
        }

        var warm = Assert.Single(pools.Waiting).Figures()!.Pid;
        var backend = await hub.Connect(demo, new { key = "a room" });
        using var socket = await hub.Open(backend);
        var tick = JsonDocument.Parse(await Receive(socket)).RootElement;
        Assert.Equal(backend.BackendId, tick.GetProperty("backendId").GetString());
        Assert.Equal(backend.FencingToken, tick.GetProperty("fencingToken").GetString());
        Assert.Equal(warm, hub.Live(backend).View().Process!.Pid);
    }

    [Fact]
    public void What_the_build_made_for_a_service_is_run_instead_of_its_source()
    {
        var artifacts = Directory.CreateTempSubdirectory("artifacts-");
        var program = artifacts.CreateSubdirectory("bin/Site/release").FullName;
        Assert.Null(DemoFolder.BackendsBuiltBeside(program));
        var built = artifacts.CreateSubdirectory("demos/with-build").FullName;
        Assert.Equal(Path.GetDirectoryName(built), DemoFolder.BackendsBuiltBeside(program));
        // One that is debugged has its own: it never runs what a hub beside it serves.
        Assert.Null(DemoFolder.BackendsBuiltBeside(artifacts.CreateSubdirectory("bin/Site/debug").FullName));

        ServiceDefinition Named(string name) => new()
        {
            Account = Hub.Account, Name = ServiceName.Parse(name), Title = "", BackendFolder = "/source", Command = ["x"],
        };
        Assert.Equal(built, DemoFolder.Backend(Named("with-build"), DemoFolder.BackendsBuiltBeside(program)));
        Assert.Equal("/source", DemoFolder.Backend(Named("script"), DemoFolder.BackendsBuiltBeside(program)));
        artifacts.Delete(recursive: true);
    }

    private string Demo() => Hub.Service("serve", change: each => each with
    {
        ClientFolder = DemoFolder.Client(DemoSource),
        BackendFolder = Hub.DemoBackendFolder,
        Command = ["./backend"],
    });

    private Uri Address(string demo, string path) => new($"http://{demo}.demo.localhost:{Hub.Origin.Port}{path}");

    private static async Task<string> Receive(ClientWebSocket socket)
    {
        var buffer = new byte[4096];
        var received = await socket.ReceiveAsync(buffer, Hub.Limit.Token);
        return Encoding.UTF8.GetString(buffer, 0, received.Count);
    }

    /// <summary>The repository is the first folder above the tests that has content.</summary>
    private static string FindDemo()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var demo = Path.Combine(folder.FullName, "content", "demos", "session-backend");
            if (Directory.Exists(demo)) return demo;
        }

        throw new DirectoryNotFoundException("content/demos/session-backend");
    }
}
