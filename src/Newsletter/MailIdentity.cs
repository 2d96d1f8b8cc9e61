using BrowserTech.Newsletter.Subscriptions;

namespace BrowserTech.Newsletter;

/// <summary>Who writes: what recipients see as sender, and the addresses that links in mails lead to.</summary>
public sealed record MailIdentity
{
    /// <summary>The name in the From line, the head of each mail and the subject's brackets.</summary>
    public string SiteName { get; init; } = "";

    /// <summary>Where the site is reached by everyone: absolute, http or https, such as <c>https://browsertech.example/</c>.</summary>
    public Uri? PublicAddress { get; init; }

    /// <summary>The sender's address.</summary>
    public string From { get; init; } = "";

    /// <summary>Where answers go; null to the sender.</summary>
    public string? ReplyTo { get; init; }

    /// <summary>The domain in List-Id and Message-ID; null the host of <see cref="PublicAddress"/>.</summary>
    public string? ListDomain { get; init; }

    /// <summary>A mailbox that takes unsubscribe requests by mail, named second in List-Unsubscribe; null none.</summary>
    public string? UnsubscribeMailbox { get; init; }

    /// <summary>One line on who is responsible and where to write to, at the foot of every mail; null none.</summary>
    public string? PostalLine { get; init; }

    /// <summary>The domain for List-Id and Message-ID.</summary>
    internal string Domain => ListDomain ?? Address.IdnHost;

    /// <summary>The public address, ending in a slash.</summary>
    internal Uri Address => PublicAddress!.AbsoluteUri.EndsWith('/') ? PublicAddress : new Uri(PublicAddress.AbsoluteUri + "/");

    /// <summary>An absolute address on the site: <c>At("digest/12")</c>.</summary>
    public Uri At(string path) => new(Address, path.TrimStart('/'));

    /// <summary>What is wrong, in words for whoever wrote the configuration.</summary>
    internal IEnumerable<string> Problems()
    {
        if (PersonName.Clean(SiteName) is not { } name || name != SiteName.Trim())
            yield return "SiteName: the name of the site is missing or has a line break in it.";
        if (PublicAddress is not { IsAbsoluteUri: true, Scheme: "http" or "https", Query: "", Fragment: "" })
            yield return "PublicAddress: give the address people reach the site at, like https://browsertech.example/.";
        foreach (var (key, value) in new[]
            { ("From", From), ("ReplyTo", ReplyTo), ("UnsubscribeMailbox", UnsubscribeMailbox) })
        {
            if ((value is not null || key == "From") && !IsMailbox(value))
                yield return $"{key}: \"{value}\" is not an e-mail address.";
        }

        if (ListDomain is { } domain && Uri.CheckHostName(domain) != UriHostNameType.Dns)
            yield return $"ListDomain: \"{domain}\" is not a domain name.";
    }

    /// <summary>As strict as for people, but a name without a dot is fine: <c>digest@localhost</c> on a developer's machine.</summary>
    private static bool IsMailbox(string? address) =>
        EmailAddress.TryParse(address, out _, out _) || EmailAddress.TryParse(address + ".localhost", out _, out _);
}
