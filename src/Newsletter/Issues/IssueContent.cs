using BrowserTech.Newsletter.Subscriptions;

namespace BrowserTech.Newsletter.Issues;

/// <summary>One issue of the digest as its author wrote it.</summary>
/// <param name="Number">1, 2, 3 …; part of the subject, the address and the list of what was sent.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Summary">One sentence: the line mail programs show beside the subject.</param>
/// <param name="Markdown">The text. Relative links are taken from the public address.</param>
/// <param name="Date">The day printed on it.</param>
/// <param name="SendAt">When it goes out by itself; null only by hand.</param>
/// <param name="Cities">Only for people who want one of these; none means all.</param>
/// <param name="Topics">Only for people who want one of these; none means all.</param>
public sealed record IssueContent(
    int Number,
    string Title,
    string Summary,
    string Markdown,
    DateOnly Date,
    DateTimeOffset? SendAt,
    IReadOnlyList<string> Cities,
    IReadOnlyList<string> Topics)
{
    /// <summary>The cities as a set.</summary>
    internal ChoiceSet CitySet => ChoiceSet.Of(Cities);

    /// <summary>The topics as a set.</summary>
    internal ChoiceSet TopicSet => ChoiceSet.Of(Topics);
}

/// <summary>Where issues come from: the application reads them from its content.</summary>
public interface IIssueSource
{
    /// <summary>Every issue there is, in any order.</summary>
    IReadOnlyList<IssueContent> Issues { get; }
}
