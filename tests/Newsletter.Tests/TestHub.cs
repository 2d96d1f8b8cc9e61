using BrowserTech.Newsletter.Delivery;
using BrowserTech.Newsletter.Issues;
using BrowserTech.Newsletter.Links;
using BrowserTech.Newsletter.Outbox;
using BrowserTech.Newsletter.Reports;
using BrowserTech.Newsletter.Storage;
using BrowserTech.Newsletter.Subscriptions;
using BrowserTech.Newsletter.Tests.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MimeKit;

namespace BrowserTech.Newsletter.Tests;

/// <summary>The newsletter as an application composes it, on a fresh database, with a clock that stands still.</summary>
internal sealed class TestHub : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly DirectoryInfo _mails;
    private readonly ServiceProvider _services;

    private TestHub(TestDatabase database, DirectoryInfo mails, ServiceProvider services) =>
        (_database, _mails, _services) = (database, mails, services);

    public FakeTimeProvider Clock => _services.GetRequiredService<FakeTimeProvider>();
    public IStore<NewsletterDb> Store => _services.GetRequiredService<IStore<NewsletterDb>>();
    public DigestSubscriptions Subscriptions => _services.GetRequiredService<DigestSubscriptions>();
    public DigestLinks Links => _services.GetRequiredService<DigestLinks>();
    public SignedLinks SignedLinks => _services.GetRequiredService<SignedLinks>();
    public IssueSending Sending => _services.GetRequiredService<IssueSending>();
    public NewsletterReports Reports => _services.GetRequiredService<NewsletterReports>();
    public DeliveryPump Pump => _services.GetRequiredService<DeliveryPump>();
    public DeliveryQueue Queue => _services.GetRequiredService<DeliveryQueue>();
    public IServiceProvider Services => _services;

    public string ConnectionString => _database.ConnectionString;

    public List<IssueContent> Issues => _services.GetRequiredService<Shelf>().Issues;

    /// <summary>The connections of a sink, or a folder without one.</summary>
    public static async Task<TestHub> CreateAsync(
        Database kind, SmtpSink? sink = null, Action<NewsletterOptions>? configure = null,
        Action<IServiceCollection>? add = null)
    {
        var database = await TestDatabase.CreateAsync(kind);
        var mails = Directory.CreateTempSubdirectory("newsletter-mails-");
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 5, 0, 0, TimeSpan.Zero));
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(clock).AddSingleton<TimeProvider>(clock);
        services.AddSingleton<IDataProtectionProvider, EphemeralDataProtectionProvider>();
        services.AddSingleton<IDbContextFactory<TestDb>>(database);
        services.AddSingleton<Shelf>().AddSingleton<IIssueSource>(all => all.GetRequiredService<Shelf>());
        services.AddNewsletter<TestDb>(options =>
        {
            options.Identity = Identity;
            options.MailFolder = mails.FullName;
            options.Smtp = sink is null ? null : new SmtpOptions { Host = "127.0.0.1", Port = sink.Port, Tls = SmtpTls.None };
            configure?.Invoke(options);
        });
        services.AddSingleton<PlainTemplate>().AddSingleton<IMailTemplate>(all => all.GetRequiredService<PlainTemplate>());
        add?.Invoke(services);
        return new TestHub(database, mails, services.BuildServiceProvider());
    }

    public static MailIdentity Identity { get; } = new()
    {
        SiteName = "BrowserTech",
        PublicAddress = new Uri("https://browsertech.example/"),
        From = "digest@browsertech.example",
        ReplyTo = "hello@browsertech.example",
        UnsubscribeMailbox = "leave@browsertech.example",
        PostalLine = "BrowserTech community, hello@browsertech.example",
    };

    public static IssueContent Issue(int number, string markdown = "Hello *everyone*.") => new(
        number, "Pixels on tap", "What a server can draw for you.", markdown, new DateOnly(2026, 11, 23), null, [], []);

    /// <summary>Subscribes an address and confirms it by the link in its mail, as a person does.</summary>
    public async Task<SubscriptionView> JoinAsync(string address, ChoiceSet cities = default, ChoiceSet topics = default)
    {
        await Subscriptions.SubscribeAsync(EmailAddress.Parse(address), cities, topics);
        await Pump.DrainAsync();
        var mail = (await ReadMailsAsync()).Last(mail => mail.To.Mailboxes.Single().Address == address);
        var answer = await Subscriptions.ConfirmAsync(TokenIn(mail, "/digest/confirm/"));
        Assert.Equal(LinkOutcome.Done, answer.Outcome);
        return answer.Subscription!;
    }

    /// <summary>Puts confirmed subscribers <c>s0@example.org</c>, <c>s1@</c>… straight into the table.</summary>
    public Task AddSubscribersAsync(int count) => Store.ChangeAsync((db, _) =>
    {
        db.Subscribers.AddRange(Enumerable.Range(0, count).Select(i => new Subscriber
        {
            Email = $"s{i}@example.org",
            NormalizedEmail = $"s{i}@example.org",
            State = SubscriberState.Confirmed,
            OptIn = 1,
            Created = Clock.GetUtcNow(),
            ConfirmedAt = Clock.GetUtcNow(),
        }));
        return Task.CompletedTask;
    });

    /// <summary>Writes a mail with a plain template of the test.</summary>
    public Task EnqueueAsync(string address, string? name = null, string subject = "Hello") => Store.ChangeAsync((db, _) =>
    {
        db.Enqueue(PlainTemplate.Plain, EmailAddress.Parse(address), name, new PlainTemplate.Words(subject), Clock.GetUtcNow());
        return Task.CompletedTask;
    });

    public Task<List<OutboxMail>> OutboxAsync() =>
        Store.ReadAsync((db, cancel) => db.OutboxMails.OrderBy(mail => mail.Id).ToListAsync(cancel));

    public Task<Subscriber> SubscriberAsync(string address) => Store.ReadAsync((db, cancel) =>
        db.Subscribers.SingleAsync(row => row.NormalizedEmail == address, cancel));

    /// <summary>What the mail folder holds, oldest first.</summary>
    public async Task<List<MimeMessage>> ReadMailsAsync()
    {
        var mails = new List<MimeMessage>();
        foreach (var file in _mails.EnumerateFiles("*.eml").OrderBy(file => file.Name, StringComparer.Ordinal))
            mails.Add(await MimeMessage.LoadAsync(file.FullName));
        return mails;
    }

    /// <summary>The token behind the first link in the text part that leads to this path.</summary>
    public static string TokenIn(MimeMessage mail, string path)
    {
        var text = mail.TextBody ?? "";
        var start = text.IndexOf(path, StringComparison.Ordinal);
        Assert.True(start >= 0, $"no link to {path} in:\n{text}");
        return new string([.. text[(start + path.Length)..].TakeWhile(letter => !char.IsWhiteSpace(letter))]);
    }

    internal sealed class Shelf : IIssueSource
    {
        public List<IssueContent> Issues { get; } = [];

        IReadOnlyList<IssueContent> IIssueSource.Issues => Issues;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _database.DisposeAsync();
        _mails.Delete(recursive: true);
    }
}
