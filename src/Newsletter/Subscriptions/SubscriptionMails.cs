using BrowserTech.Newsletter.Links;
using BrowserTech.Newsletter.Outbox;
using BrowserTech.Newsletter.Writing;

namespace BrowserTech.Newsletter.Subscriptions;

/// <summary>
/// The three mails that answer somebody who typed an address. None carries List-Unsubscribe: nothing is subscribed yet, or the mail is an
/// answer and not the list.
/// </summary>
public static class SubscriptionMails
{
    /// <summary>Asks for confirmation.</summary>
    public static readonly MailKind Confirm = new("digest-confirm");

    /// <summary>Somebody subscribed an address that is subscribed.</summary>
    public static readonly MailKind Already = new("digest-already");

    /// <summary>The manage link that was asked for.</summary>
    public static readonly MailKind Manage = new("digest-manage");

    /// <summary>What the three need beside the subscriber's number.</summary>
    internal sealed record Parameters(int OptIn);

    internal sealed class ConfirmTemplate(DigestLinks links, MailWriter writer) : MailTemplate<Parameters>(Confirm)
    {
        protected override ValueTask<MailContent> WriteAsync(
            OutboxMail mail, Parameters parameters, CancellationToken cancellationToken) =>
            ValueTask.FromResult(writer.Write(new TransactionalMail
            {
                Subject = $"Confirm your subscription to the {writer.SiteName} digest",
                Heading = "One click and the digest is yours",
                Paragraphs =
                [
                    $"Someone, probably you, asked to send the {writer.SiteName} digest to {mail.RecipientAddress}.",
                    "Press the button on the page that opens, and the next issue comes to you.",
                ],
                Button = new("Confirm the subscription", links.Confirm(SubscriberOf(mail), parameters.OptIn)),
                SmallPrint =
                [
                    "If it was not you, do nothing: without a confirmation nothing is sent.",
                    $"The link works for {DigestLinks.ConfirmLifetime.TotalDays:0} days.",
                ],
                IsAutomatic = true,
            }));
    }

    internal sealed class AlreadyTemplate(DigestLinks links, MailWriter writer) : MailTemplate<Parameters>(Already)
    {
        protected override ValueTask<MailContent> WriteAsync(
            OutboxMail mail, Parameters parameters, CancellationToken cancellationToken) =>
            ValueTask.FromResult(writer.Write(new TransactionalMail
            {
                Subject = $"You already get the {writer.SiteName} digest",
                Heading = "You are already subscribed",
                Paragraphs =
                [
                    $"Someone, probably you, subscribed {mail.RecipientAddress} again. Nothing was changed.",
                    "To change your cities and topics, or to leave, use this link.",
                ],
                Button = new("Show my subscription", links.Manage(SubscriberOf(mail))),
                SmallPrint = ["If it was not you, there is nothing to do."],
                IsAutomatic = true,
            }));
    }

    internal sealed class ManageTemplate(DigestLinks links, MailWriter writer) : MailTemplate<Parameters>(Manage)
    {
        protected override ValueTask<MailContent> WriteAsync(
            OutboxMail mail, Parameters parameters, CancellationToken cancellationToken) =>
            ValueTask.FromResult(writer.Write(new TransactionalMail
            {
                Subject = $"Your {writer.SiteName} digest subscription",
                Heading = "Your subscription",
                Paragraphs = ["Here is the link you asked for: change your cities and topics, or leave."],
                Button = new("Show my subscription", links.Manage(SubscriberOf(mail))),
                SmallPrint =
                [
                    "Whoever has this link can change the subscription, so do not pass it on.",
                    $"It works for {DigestLinks.ManageLifetime.TotalDays:0} days.",
                ],
                IsAutomatic = true,
            }));
    }

    private static SubscriberId SubscriberOf(OutboxMail mail) => new(mail.SubscriberId
        ?? throw new InvalidOperationException($"mail {mail.Id} ({mail.Kind}) has no subscriber"));
}
