using System.Net;
using System.Net.Sockets;
using BrowserTech.Site.Tests.Accounts;

namespace BrowserTech.Site.Tests;

/// <summary>A hub that cannot start says why in one sentence, and that is all it says about it.</summary>
public sealed class FailedStartTests(AccountHub hub)
{
    [Fact]
    public async Task A_port_that_is_taken_is_one_sentence()
    {
        var data = Directory.CreateTempSubdirectory("failed-start-");
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        try
        {
            await FailsAsync($"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}", data.FullName, "address already in use. Choose another port");
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    [Fact]
    public Task A_data_folder_that_another_hub_uses_is_one_sentence() =>
        FailsAsync("http://127.0.0.1:0", hub.Hub.DataFolder, $"Another hub is using {hub.Hub.DataFolder}.");

    private async Task FailsAsync(string address, string data, string reason)
    {
        var said = await SiteCommand.RunAsync("--urls", address, "--data", data, "--content", hub.Content.Root);
        Assert.Equal(1, said.ExitCode);
        Assert.Contains(reason, Assert.Single(said.Errors.Trim().Split('\n')), StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", said.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("fail:", said.Output, StringComparison.Ordinal);
    }
}
