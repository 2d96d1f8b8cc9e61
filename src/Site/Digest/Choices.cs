using BrowserTech.Newsletter.Subscriptions;
using BrowserTech.Site.Content;

namespace BrowserTech.Site.Digest;

/// <summary>Reads the cities and topics of a form. What is no longer on the form is left out: it was chosen on an old page.</summary>
internal static class Choices
{
    public static (ChoiceSet Cities, ChoiceSet Topics) Read(IFormCollection form, ContentSnapshot content) => (
        ChoiceSet.Of(form["city"].OfType<string>().Where(text => Slug<Chapter>.TryParse(text, out var slug) && content.Chapters.ContainsKey(slug))),
        ChoiceSet.Of(form["topic"].OfType<string>().Where(text => content.Site.Topics.Any(topic => topic.Slug.Value == text))));
}
