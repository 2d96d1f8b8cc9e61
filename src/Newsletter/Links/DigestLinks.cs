using System.Globalization;
using BrowserTech.Newsletter.Subscriptions;
using Microsoft.Extensions.Options;

namespace BrowserTech.Newsletter.Links;

/// <summary>
/// The links that digest mails carry. Leaving works for ever and from any old mail; a link that shows and changes choices ends after
/// two months (a page offers a fresh one by mail), a confirmation after a week.
/// </summary>
public sealed class DigestLinks(SignedLinks links, IOptions<NewsletterOptions> options, TimeProvider clock)
{
    /// <summary>How long a confirmation link works.</summary>
    public static readonly TimeSpan ConfirmLifetime = TimeSpan.FromDays(7);

    /// <summary>How long a manage link works.</summary>
    public static readonly TimeSpan ManageLifetime = TimeSpan.FromDays(60);

    private static readonly LinkPurpose ConfirmPurpose = new("digest-confirm");
    private static readonly LinkPurpose ManagePurpose = new("digest-manage");
    private static readonly LinkPurpose UnsubscribePurpose = new("digest-unsubscribe");

    private MailIdentity Identity => options.Value.Identity;

    /// <summary>To the page whose button confirms this request to join.</summary>
    public Uri Confirm(SubscriberId subscriber, int optIn) => Identity.At("digest/confirm/" + links.Create(
        ConfirmPurpose, $"{subscriber.Value}.{optIn}", clock.GetUtcNow() + ConfirmLifetime));

    /// <summary>To the page with the person's choices.</summary>
    public Uri Manage(SubscriberId subscriber) => Identity.At("digest/manage/" + links.Create(
        ManagePurpose, $"{subscriber.Value}", clock.GetUtcNow() + ManageLifetime));

    /// <summary>GET is a page with a button; POST leaves (RFC 8058).</summary>
    public Uri Unsubscribe(SubscriberId subscriber) => Identity.At("digest/unsubscribe/" + links.Create(
        UnsubscribePurpose, $"{subscriber.Value}", null));

    /// <summary>An issue on the web.</summary>
    public Uri Issue(int number) => Identity.At($"digest/{number}");

    /// <summary>All issues on the web.</summary>
    public Uri Archive => Identity.At("digest");

    internal LinkState ReadConfirm(string? token, out SubscriberId subscriber, out int optIn)
    {
        (subscriber, optIn) = (default, 0);
        var state = links.Read(ConfirmPurpose, token, out var subject);
        if (state != LinkState.Valid) return state;
        var parts = subject!.Split('.');
        if (parts.Length != 2 || !TryNumber(parts[0], out subscriber)
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out optIn))
            return LinkState.Invalid;
        return LinkState.Valid;
    }

    internal LinkState ReadManage(string? token, out SubscriberId subscriber) =>
        ReadNumber(ManagePurpose, token, out subscriber);

    internal LinkState ReadUnsubscribe(string? token, out SubscriberId subscriber) =>
        ReadNumber(UnsubscribePurpose, token, out subscriber);

    private LinkState ReadNumber(LinkPurpose purpose, string? token, out SubscriberId subscriber)
    {
        subscriber = default;
        var state = links.Read(purpose, token, out var subject);
        return state == LinkState.Valid && !TryNumber(subject!, out subscriber) ? LinkState.Invalid : state;
    }

    private static bool TryNumber(string text, out SubscriberId subscriber)
    {
        var isNumber = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id);
        subscriber = new SubscriberId(id);
        return isNumber;
    }
}
