using BrowserTech.Newsletter.Outbox;
using BrowserTech.Newsletter.Writing;
using BrowserTech.Site.Content;

namespace BrowserTech.Site.Organize;

/// <summary>Parameters of a sign-in mail: whose it is.</summary>
public sealed record SignInMail(string Organizer)
{
    public static readonly MailKind Kind = new("organizer-sign-in");
}

/// <summary>Writes the mail with an organiser's link. The link is made when the mail is written, so none is ever stored.</summary>
public sealed class SignInMailTemplate(OrganizerSession session, ContentStore content, MailWriter writer) : MailTemplate<SignInMail>(SignInMail.Kind)
{
    protected override ValueTask<MailContent> WriteAsync(OutboxMail mail, SignInMail parameters, CancellationToken cancellationToken) =>
        ValueTask.FromResult(writer.Write(new TransactionalMail
        {
            Subject = $"Sign in to {content.Current.Site.Name}",
            Heading = "Your link to the organisers' pages",
            Paragraphs = ["It works once, in the next half hour, and signs in the browser you open it in for twelve hours."],
            Button = new MailButton("Sign in", new Uri(session.LinkFor(parameters.Organizer, OrganizerSession.MailedLinkLifetime))),
            SmallPrint = ["If it was not you who asked, ignore this mail: nobody can sign in without it."],
        }));
}
