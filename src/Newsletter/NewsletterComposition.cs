using BrowserTech.Newsletter.Delivery;
using BrowserTech.Newsletter.Issues;
using BrowserTech.Newsletter.Links;
using BrowserTech.Newsletter.Outbox;
using BrowserTech.Newsletter.Reports;
using BrowserTech.Newsletter.Storage;
using BrowserTech.Newsletter.Subscriptions;
using BrowserTech.Newsletter.Writing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace BrowserTech.Newsletter;

/// <summary>Putting the newsletter into an application.</summary>
public static class NewsletterComposition
{
    /// <summary>
    /// Adds everything that leaves as mail. The application provides an <c>IDbContextFactory</c> of its own context, data
    /// protection, and if it has issues an <see cref="IIssueSource"/>; it may add further <see cref="IMailTemplate"/>s.
    /// </summary>
    /// <typeparam name="TDb">The application's context.</typeparam>
    public static IServiceCollection AddNewsletter<TDb>(
        this IServiceCollection services, Action<NewsletterOptions>? configure = null)
        where TDb : NewsletterDb
    {
        services.AddOptions<NewsletterOptions>().ValidateOnStart();
        if (configure is not null) services.Configure(configure);
        services.AddSingleton<IValidateOptions<NewsletterOptions>, NewsletterOptionsCheck>();
        services.TryAddSingleton(TimeProvider.System);

        services.AddSingleton<OutboxSignal>();
        services.AddSingleton<IOutboxSignal>(all => all.GetRequiredService<OutboxSignal>());
        services.AddSingleton<IStore<TDb>, Store<TDb>>();
        services.AddSingleton<IStore<NewsletterDb>>(all => all.GetRequiredService<IStore<TDb>>());

        services.AddSingleton<SignedLinks>();
        services.AddSingleton<DigestLinks>();
        services.AddSingleton<DigestSubscriptions>();
        services.AddSingleton<NewsletterReports>();
        services.TryAddSingleton<IIssueSource, NoIssues>();
        services.AddSingleton<IssueSending>();

        services.AddSingleton<MailWriter>();
        services.AddSingleton<MailComposer>();
        services.AddSingleton<IMailTemplate, DigestTemplate>();
        services.AddSingleton<IMailTemplate, SubscriptionMails.ConfirmTemplate>();
        services.AddSingleton<IMailTemplate, SubscriptionMails.AlreadyTemplate>();
        services.AddSingleton<IMailTemplate, SubscriptionMails.ManageTemplate>();

        services.AddSingleton<DeliveryQueue>();
        services.AddSingleton<IMailTransport>(all => all.GetRequiredService<IOptions<NewsletterOptions>>().Value.Smtp is null
            ? ActivatorUtilities.CreateInstance<MailFolderTransport>(all)
            : ActivatorUtilities.CreateInstance<SmtpTransport>(all));
        services.AddSingleton<DeliveryPump>();
        services.AddHostedService<DeliveryHost>();
        return services;
    }

    private sealed class NoIssues : IIssueSource
    {
        public IReadOnlyList<IssueContent> Issues => [];
    }

    private sealed class DeliveryHost(DeliveryPump pump, IOptions<NewsletterOptions> options) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
            options.Value.RunDelivery ? pump.RunAsync(stoppingToken) : Task.CompletedTask;
    }
}
