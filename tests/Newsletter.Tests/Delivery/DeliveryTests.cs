using BrowserTech.Newsletter.Delivery;
using BrowserTech.Newsletter.Outbox;
using BrowserTech.Newsletter.Storage;
using BrowserTech.Newsletter.Tests.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;

namespace BrowserTech.Newsletter.Tests.Delivery;

public sealed class DeliveryTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Theory, OnBothDatabases]
    public async Task A_mail_refused_for_now_is_sent_when_the_server_takes_it_again(Database kind)
    {
        var port = FreePort.Take();
        await using var hub = await TestHub.CreateAsync(kind, configure: options => options.Smtp = Smtp(port));
        await hub.EnqueueAsync("ada@example.org");

        await using (await SmtpSink.StartOnAsync(port, "-r", "RCPT", "-b", "450 4.2.1 mailbox busy"))
            await hub.Pump.DrainAsync();
        var waiting = Assert.Single(await hub.OutboxAsync());
        Assert.Equal((MailState.Pending, 1), (waiting.State, waiting.Attempts));
        Assert.Contains("mailbox busy", waiting.LastReply, StringComparison.Ordinal);
        Assert.Equal(hub.Clock.GetUtcNow().AddMinutes(1), waiting.NextAttemptAt);

        await using var sink = await SmtpSink.StartOnAsync(port);
        await hub.Pump.DrainAsync();
        Assert.Equal(0, sink.Count);
        hub.Clock.Advance(TimeSpan.FromMinutes(1));
        await hub.Pump.DrainAsync();

        var sent = Assert.Single(await hub.OutboxAsync());
        Assert.Equal((MailState.Sent, hub.Clock.GetUtcNow()), (sent.State, sent.SentAt));
        var mail = Assert.Single(await sink.ReadMailsAsync());
        Assert.Equal(["ada@example.org"], mail.To);
        Assert.Equal("digest@browsertech.example", mail.From);
        Assert.Equal(sent.MessageId, Message(mail).MessageId);
    }

    [Theory]
    [InlineData("MAIL")]
    [InlineData("RCPT")]
    [InlineData("DATA")]
    [InlineData(".")]
    public async Task A_mail_refused_for_good_fails_with_the_servers_words_and_is_not_tried_again(string command)
    {
        await using var sink = await SmtpSink.StartAsync("-f", command, "-B", "550 5.1.1 no such user");
        await using var hub = await TestHub.CreateAsync(Database.Sqlite, sink);
        await hub.EnqueueAsync("ada@example.org");

        await hub.Pump.DrainAsync();
        hub.Clock.Advance(TimeSpan.FromDays(3));
        await hub.Pump.DrainAsync();

        var mail = Assert.Single(await hub.OutboxAsync());
        Assert.Equal((MailState.Failed, 1), (mail.State, mail.Attempts));
        Assert.Contains("no such user", mail.LastReply, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MAIL")]
    [InlineData("RCPT")]
    [InlineData("DATA")]
    [InlineData(".")]
    public async Task A_mail_refused_for_now_at_any_command_waits_its_turn(string command)
    {
        await using var sink = await SmtpSink.StartAsync("-r", command);
        await using var hub = await TestHub.CreateAsync(Database.Sqlite, sink);
        await hub.EnqueueAsync("ada@example.org");

        for (var hour = 0; hour < 50; hour++)
        {
            await hub.Pump.DrainAsync();
            hub.Clock.Advance(TimeSpan.FromHours(1));
        }

        var mail = Assert.Single(await hub.OutboxAsync());
        Assert.Equal(MailState.Failed, mail.State);
        Assert.InRange(mail.Attempts, 10, 20);
    }

    [Theory]
    [InlineData("MAIL", false)]
    [InlineData("RCPT", false)]
    [InlineData("DATA", false)]
    [InlineData(".", true)]
    public async Task A_server_that_hangs_up_puts_the_mail_off_and_it_is_known_whether_it_may_have_been_taken(
        string command, bool mayHaveBeenTaken)
    {
        await using var sink = await SmtpSink.StartAsync("-q", command);
        await using var hub = await TestHub.CreateAsync(Database.Sqlite, sink);
        await hub.EnqueueAsync("ada@example.org");

        await hub.Pump.DrainAsync();

        var mail = Assert.Single(await hub.OutboxAsync());
        Assert.Equal((MailState.Pending, 1), (mail.State, mail.Attempts));
        Assert.Equal(mayHaveBeenTaken, mail.LastReply!.Contains("handed over", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_says_421_and_hangs_up_is_a_refusal_for_now()
    {
        await using var sink = await SmtpSink.StartAsync("-Q", "MAIL");
        await using var hub = await TestHub.CreateAsync(Database.Sqlite, sink);
        await hub.EnqueueAsync("ada@example.org");

        await hub.Pump.DrainAsync();

        var mail = Assert.Single(await hub.OutboxAsync());
        Assert.Equal(MailState.Pending, mail.State);
        Assert.Contains("421", mail.LastReply, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task While_no_server_answers_mails_wait_untouched_and_organisers_are_told(Database kind)
    {
        var port = FreePort.Take();
        await using var hub = await TestHub.CreateAsync(kind, configure: options => options.Smtp = Smtp(port));
        for (var i = 0; i < 20; i++) await hub.EnqueueAsync($"a{i}@example.org");

        await hub.Pump.DrainAsync();
        Assert.Contains($"127.0.0.1:{port}", hub.Pump.Trouble, StringComparison.Ordinal);
        Assert.All(await hub.OutboxAsync(), mail => Assert.Equal(
            (MailState.Pending, 0, null), (mail.State, mail.Attempts, mail.LeaseBy)));

        await using var sink = await SmtpSink.StartOnAsync(port);
        await hub.Pump.DrainAsync();
        Assert.Null(hub.Pump.Trouble);
        Assert.Equal(20, sink.Count);
    }

    [Fact]
    public async Task A_connection_is_replaced_after_the_number_of_mails_that_a_server_allows()
    {
        await using var sink = await SmtpSink.StartAsync();
        await using var hub = await TestHub.CreateAsync(Database.Sqlite, sink,
            options => options.Smtp = options.Smtp! with { MailsPerConnection = 3 });
        for (var i = 0; i < 20; i++) await hub.EnqueueAsync($"a{i}@example.org");

        await hub.Pump.DrainAsync();

        Assert.Equal(20, (await sink.ReadMailsAsync()).Select(mail => mail.To.Single()).Distinct().Count());
    }

    [Theory, OnBothDatabases]
    public async Task Two_pumps_on_one_database_send_each_mail_once(Database kind)
    {
        await using var sink = await SmtpSink.StartAsync();
        await using var hub = await TestHub.CreateAsync(kind, sink);
        await hub.AddSubscribersAsync(300);
        hub.Issues.Add(TestHub.Issue(1));
        await hub.Sending.StartAsync(1, "test");
        using var other = ActivatorUtilities.CreateInstance<DeliveryPump>(
            hub.Services, ActivatorUtilities.CreateInstance<DeliveryQueue>(hub.Services));

        await Task.WhenAll(Task.Run(() => hub.Pump.DrainAsync()), Task.Run(() => other.DrainAsync()));

        var mails = await sink.ReadMailsAsync();
        Assert.Equal(300, mails.Count);
        Assert.Equal(300, mails.Select(mail => mail.To.Single()).Distinct().Count());
    }

    [Theory, OnBothDatabases]
    public async Task What_a_lost_run_held_is_taken_up_when_its_lease_ends_and_not_before(Database kind)
    {
        await using var hub = await TestHub.CreateAsync(kind);
        await hub.EnqueueAsync("ada@example.org");
        var elsewhere = ActivatorUtilities.CreateInstance<DeliveryQueue>(hub.Services);
        Assert.Single(await elsewhere.ClaimAsync(10, CancellationToken.None));

        hub.Clock.Advance(DeliveryQueue.Lease - TimeSpan.FromSeconds(1));
        Assert.Equal(0, await hub.Pump.DrainAsync());
        hub.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(1, await hub.Pump.DrainAsync());
    }

    [Theory, OnBothDatabases]
    public async Task What_a_dead_run_of_this_machine_held_is_taken_up_at_once(Database kind)
    {
        await using var hub = await TestHub.CreateAsync(kind);
        await hub.EnqueueAsync("ada@example.org");
        await hub.Queue.ClaimAsync(10, CancellationToken.None);
        var parts = hub.Queue.Run.Value.Split('/');
        var dead = $"{parts[0]}/{parts[1]}/1/{parts[3]}"; // this process number, but another start
        await hub.Store.ChangeAsync((db, cancel) => db.OutboxMails
            .ExecuteUpdateAsync(row => row.SetProperty(mail => mail.LeaseBy, dead), cancel));

        Assert.Equal(1, await hub.Pump.DrainAsync());
        Assert.Equal(MailState.Sent, Assert.Single(await hub.OutboxAsync()).State);
    }

    [Fact]
    public void A_run_is_dead_only_if_it_can_be_known()
    {
        var run = RunId.New().Value;
        var parts = run.Split('/');

        Assert.False(RunId.IsDead(run));
        Assert.False(RunId.IsDead($"another machine/{parts[1]}/{parts[2]}/{parts[3]}"));
        Assert.False(RunId.IsDead("nonsense"));
        Assert.True(RunId.IsDead($"{parts[0]}/{int.MaxValue}/{parts[2]}/{parts[3]}"));
        Assert.True(RunId.IsDead($"{parts[0]}/{parts[1]}/0/{parts[3]}"));
    }

    [Fact]
    public async Task A_template_that_fails_puts_its_mail_off_and_no_other()
    {
        await using var hub = await TestHub.CreateAsync(Database.Sqlite);
        var template = hub.Services.GetRequiredService<PlainTemplate>();
        template.IsBroken = true;
        await hub.EnqueueAsync("ada@example.org");
        await hub.Subscriptions.SubscribeAsync(Newsletter.Subscriptions.EmailAddress.Parse("bob@example.org"), default, default);

        await hub.Pump.DrainAsync();
        Assert.Equal("bob@example.org", Assert.Single(await hub.ReadMailsAsync()).To.Mailboxes.Single().Address);
        Assert.Contains("the template is broken", (await hub.OutboxAsync())[0].LastReply, StringComparison.Ordinal);

        template.IsBroken = false;
        hub.Clock.Advance(TimeSpan.FromMinutes(1));
        await hub.Pump.DrainAsync();
        Assert.Equal(2, (await hub.ReadMailsAsync()).Count);
    }

    [Theory, OnBothDatabases]
    public async Task Somebody_who_just_pressed_a_button_is_not_kept_waiting_by_an_issue(Database kind)
    {
        await using var hub = await TestHub.CreateAsync(kind);
        await hub.AddSubscribersAsync(20);
        hub.Issues.Add(TestHub.Issue(1));
        await hub.Sending.StartAsync(1, "test");
        hub.Clock.Advance(TimeSpan.FromSeconds(1));
        await hub.EnqueueAsync("ada@example.org");

        var first = await hub.Queue.ClaimAsync(1, CancellationToken.None);

        Assert.Equal("ada@example.org", Assert.Single(first).RecipientAddress);
    }

    [Fact]
    public async Task A_committed_mail_wakes_the_pump_and_stopping_finishes_what_is_being_handed_over()
    {
        await using var sink = await SmtpSink.StartAsync("-w", "1"); // a second before each answer to DATA
        await using var hub = await TestHub.CreateAsync(Database.Sqlite, sink, options => options.Connections = 1);
        using var stop = new CancellationTokenSource();
        var running = Task.Run(() => hub.Pump.RunAsync(stop.Token));

        for (var i = 0; i < 5; i++) await hub.EnqueueAsync($"a{i}@example.org");
        await sink.WaitForMailsAsync(1, Limit);
        await stop.CancelAsync();
        await running.WaitAsync(Limit);

        var states = (await hub.OutboxAsync()).Select(mail => mail.State).ToList();
        Assert.Equal((await sink.ReadMailsAsync()).Count, states.Count(state => state == MailState.Sent));
        Assert.InRange(states.Count(state => state == MailState.Sent), 1, 2);
        Assert.DoesNotContain(MailState.Sending, states);
    }

    [Fact]
    public async Task The_mail_folder_holds_whole_files_that_sort_by_time_and_a_repeat_replaces_itself()
    {
        await using var hub = await TestHub.CreateAsync(Database.Sqlite);
        await hub.EnqueueAsync("b/x/etc@example.org", subject: "first");
        hub.Clock.Advance(TimeSpan.FromSeconds(1));
        await hub.EnqueueAsync("a@example.org", subject: "second");
        await hub.Pump.DrainAsync();
        await hub.Store.ChangeAsync((db, cancel) => db.OutboxMails
            .ExecuteUpdateAsync(row => row.SetProperty(mail => mail.State, MailState.Pending), cancel));
        await hub.Pump.DrainAsync();

        Assert.Equal(["first", "second"], (await hub.ReadMailsAsync()).Select(mail => mail.Subject));
    }

    private static SmtpOptions Smtp(int port) => new() { Host = "127.0.0.1", Port = port, Tls = SmtpTls.None };

    private static MimeMessage Message(ReceivedMail mail)
    {
        using var raw = new MemoryStream(mail.Raw);
        return MimeMessage.Load(raw);
    }
}
