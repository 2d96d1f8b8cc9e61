using System.Diagnostics;
using BrowserTech.Newsletter.Delivery;
using BrowserTech.Newsletter.Tests.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BrowserTech.Newsletter.Tests.Delivery;

/// <summary>
/// A process of its own that sends what is due, to be killed: this test program, started again. It drains the queue when it starts and
/// whenever it reads a line, and says so when it has; it ends when its input does, so it never outlives the test.
/// </summary>
internal sealed class SenderProcess : IDisposable
{
    public const string Command = "send";
    private const string Drained = "drained";
    private readonly Process _process;

    private SenderProcess(Process process) => _process = process;

    public static SenderProcess Start(Database kind, string connection, int port, int connections) => new(Process.Start(
        new ProcessStartInfo(Environment.ProcessPath!, [Command, $"{kind}", connection, $"{port}", $"{connections}"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,

            // It lives for seconds, most of them spent compiling: do not measure the code, and optimise it early.
            Environment = { ["DOTNET_TieredPGO"] = "0", ["DOTNET_TC_CallCountingDelayMs"] = "A" },
        })!);

    /// <summary>Tells it to look again.</summary>
    public Task WakeAsync() => _process.StandardInput.WriteLineAsync();

    /// <summary>Waits until it has emptied the queue.</summary>
    public async Task WaitUntilDrainedAsync()
    {
        var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(Drained, line);
    }

    /// <summary>SIGKILL, and the wait for its end.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }

    /// <summary>What the started process does.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var kind = Enum.Parse<Database>(args[0]);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IDataProtectionProvider, EphemeralDataProtectionProvider>();
        services.AddSingleton<IDbContextFactory<TestDb>>(new Factory(TestDatabase.Options(kind, args[1])));
        services.AddNewsletter<TestDb>(options =>
        {
            options.Identity = TestHub.Identity;
            options.Smtp = new SmtpOptions { Host = "127.0.0.1", Port = int.Parse(args[2]), Tls = SmtpTls.None };
            options.Connections = int.Parse(args[3]);
        });
        await using var all = services.BuildServiceProvider();
        var pump = all.GetRequiredService<DeliveryPump>();
        using var woken = new SemaphoreSlim(1);
        _ = Task.Run(() => ReadInput(woken));
        while (true)
        {
            await woken.WaitAsync();
            await pump.DrainAsync();
            await Console.Out.WriteLineAsync(pump.Trouble ?? Drained);
        }
    }

    /// <summary>Its input ends with the test, however that ends: then it goes at once, whatever it is doing.</summary>
    private static void ReadInput(SemaphoreSlim woken)
    {
        while (Console.In.ReadLine() is not null) woken.Release();
        Environment.Exit(0);
    }

    private sealed class Factory(DbContextOptions<TestDb> options) : IDbContextFactory<TestDb>
    {
        public TestDb CreateDbContext() => new(options);
    }
}
