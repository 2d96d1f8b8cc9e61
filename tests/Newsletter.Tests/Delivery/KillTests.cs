using BrowserTech.Newsletter.Tests.Storage;
using MimeKit;

namespace BrowserTech.Newsletter.Tests.Delivery;

/// <summary>The guarantee of delivery, against SIGKILL: nobody is missed, and at most one mail per connection comes twice.</summary>
public sealed class KillTests
{
    private const int People = 2000;
    private const int Connections = 4;

    [Fact]
    public Task Killed_ten_times_while_sending_2000_mails_from_SQLite() => KillAsync(Database.Sqlite, rounds: 10);

    [Fact]
    public Task Killed_three_times_while_sending_2000_mails_from_PostgreSQL() => KillAsync(Database.Postgres, rounds: 3);

    private static async Task KillAsync(Database kind, int rounds)
    {
        await using var sink = await SmtpSink.StartAsync();
        await using var hub = await TestHub.CreateAsync(kind);
        await hub.AddSubscribersAsync(People);
        var seeded = new Random(20261123);
        var sender = SenderProcess.Start(kind, hub.ConnectionString, sink.Port, Connections);
        try
        {
            await sender.WaitUntilDrainedAsync();
            for (var round = 1; round <= rounds; round++)
            {
                hub.Issues.Add(TestHub.Issue(round));
                await hub.Sending.StartAsync(round, "test");

                await sender.WakeAsync();
                await sink.WaitForMailsAsync(seeded.Next(1, People - 100));
                await sender.KillAsync();
                Assert.True(sink.Count < People, "the kill came too late to be one during the send");

                sender.Dispose();
                sender = SenderProcess.Start(kind, hub.ConnectionString, sink.Port, Connections);
                await sender.WaitUntilDrainedAsync();
                await AssertDeliveredAsync(sink, round);
            }
        }
        finally
        {
            sender.Dispose();
        }
    }

    private static async Task AssertDeliveredAsync(SmtpSink sink, int round)
    {
        var mails = await sink.TakeMailsAsync();
        var byPerson = mails.GroupBy(mail => mail.To.Single()).ToList();
        var twice = byPerson.Where(person => person.Count() > 1).ToList();

        Assert.Equal(People, byPerson.Count);
        Assert.InRange(mails.Count - People, 0, Connections);
        Assert.All(twice, person => Assert.Single(person.Select(MessageIdOf).Distinct()));
        TestContext.Current.SendDiagnosticMessage($"round {round}: {mails.Count} mails, {twice.Count} twice");
    }

    private static string MessageIdOf(ReceivedMail mail)
    {
        using var raw = new MemoryStream(mail.Raw);
        return MimeMessage.Load(raw).MessageId ?? "";
    }
}
