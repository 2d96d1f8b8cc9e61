using System.Net.Sockets;
using System.Text;

namespace BrowserTech.Newsletter.Tests.Storage;

public sealed class FixtureTests
{
    [Fact]
    public async Task The_sink_keeps_what_it_accepts_and_refuses_what_it_is_told_to()
    {
        await using var sink = await SmtpSink.StartAsync();
        await using var refusing = await SmtpSink.StartAsync("-r", "RCPT");

        Assert.StartsWith("250", await SendAsync(sink.Port), StringComparison.Ordinal);
        Assert.StartsWith("450", await SendAsync(refusing.Port), StringComparison.Ordinal);

        await sink.WaitForMailsAsync(1);
        var mail = Assert.Single(await sink.ReadMailsAsync());
        Assert.Equal("a@example.org", mail.From);
        Assert.Equal(["b@example.org"], mail.To);
        Assert.Contains("Hello.", Encoding.UTF8.GetString(mail.Raw), StringComparison.Ordinal);
        Assert.Empty(await refusing.ReadMailsAsync());
    }

    private static async Task<string> SendAsync(int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port);
        using var reader = new StreamReader(client.GetStream());
        var reply = await reader.ReadLineAsync();
        foreach (var line in (string[])["HELO x", "MAIL FROM:<a@example.org>", "RCPT TO:<b@example.org>", "DATA", "Subject: x\r\n\r\nHello.\r\n."])
        {
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"));
            reply = await reader.ReadLineAsync();
            if (reply is null or ['4' or '5', ..]) break;
        }

        return reply ?? "";
    }
}
