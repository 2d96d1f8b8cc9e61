using BrowserTech.Newsletter;
using BrowserTech.Newsletter.Delivery;
using BrowserTech.Newsletter.Issues;
using BrowserTech.Newsletter.Subscriptions;
using BrowserTech.Site.Content;
using BrowserTech.Site.Hosting;
using BrowserTech.Site.Storage;
using Microsoft.Extensions.Options;

namespace BrowserTech.Site.Digest;

/// <summary>The newsletter, with this site's issues, identity and pages.</summary>
public static class DigestSetup
{
    public static IServiceCollection AddDigest(this IServiceCollection services, HubOptions hub, IConfiguration configuration)
    {
        services.AddSingleton<IIssueSource, ContentIssues>();
        services.AddNewsletter<HubDb>(options =>
        {
            options.MailFolder = hub.DataPath("mail");
            configuration.GetSection("Mail").Bind(options);
        });
        services.AddOptions<NewsletterOptions>().Configure<ContentStore, PublicAddress>((options, content, address) =>
        {
            var site = content.Current.Site;
            options.Identity = new MailIdentity
            {
                SiteName = site.Name,
                PublicAddress = new Uri(address.Origin),
                From = site.MailFrom,
                ReplyTo = site.MailReplyTo,
                PostalLine = site.PostalAddress,
            };
        });
        return services;
    }

    public static void MapDigest(this WebApplication app)
    {
        // The page at the same address could be posted to as well: this endpoint answers first.
        app.MapOneClickUnsubscribe().RequireRateLimiting(Security.RateLimits.Forms).WithOrder(-1)
            .WithMetadata(new Security.TokenPageAttribute());
        // Without a mail server mails are files: show them where no stranger can look.
        if (app.Environment.IsDevelopment() && app.Services.GetRequiredService<IOptions<NewsletterOptions>>().Value.Smtp is null) app.MapMailFolder();
    }
}
