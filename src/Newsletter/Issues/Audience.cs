using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using BrowserTech.Newsletter.Subscriptions;

namespace BrowserTech.Newsletter.Issues;

/// <summary>
/// Who gets an issue: the confirmed, where cities and topics meet. An issue without cities is for every city; a person who chose
/// none wants all. The rule is stated twice, for one person and as SQL for everybody at once; a property test holds them together.
/// </summary>
public static class Audience
{
    /// <summary>Whether this person gets an issue for these cities and topics.</summary>
    public static bool Includes(SubscriberState state, ChoiceSet cities, ChoiceSet topics, ChoiceSet issueCities, ChoiceSet issueTopics) =>
        state == SubscriberState.Confirmed && cities.Meets(issueCities) && topics.Meets(issueTopics);

    /// <summary>
    /// The same for everybody at once: <paramref name="head"/>, which ends in <c>FROM subscribers s</c>, the condition, and
    /// <paramref name="tail"/>. Only our own words are in the text; slugs are parameters, after the given ones.
    /// </summary>
    internal static FormattableString Query(
        string head, ChoiceSet issueCities, ChoiceSet issueTopics, string tail, params IEnumerable<object> headParameters)
    {
        var parameters = headParameters.ToList();
        var sql = new StringBuilder(head).Append(" WHERE s.state = 'confirmed'");
        Append("cities", issueCities);
        Append("topics", issueTopics);
        return FormattableStringFactory.Create(sql.Append(tail).ToString(), [.. parameters]);

        void Append(string column, ChoiceSet wanted)
        {
            if (wanted.IsEverything) return;
            sql.Append(CultureInfo.InvariantCulture, $" AND (s.{column} = ''");
            foreach (var slug in wanted.Slugs)
            {
                sql.Append(CultureInfo.InvariantCulture, $" OR s.{column} LIKE {{{parameters.Count}}}");
                parameters.Add($"%|{slug}|%");
            }

            sql.Append(')');
        }
    }
}
