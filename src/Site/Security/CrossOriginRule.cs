namespace BrowserTech.Site.Security;

/// <summary>
/// Decides whether a request that may change something comes from one of our own pages. It needs no cookie and no
/// token in the form: browsers say where a request comes from in <c>Sec-Fetch-Site</c>, and older ones in
/// <c>Origin</c>. The rules are those of Go 1.25's <c>http.CrossOriginProtection</c>, with the configured public
/// origin beside the request's own host, since a proxy may rewrite <c>Host</c>. They hold only while safe methods
/// change nothing, which is a rule of this site. .NET 11 brings the same check; this type then becomes its adapter.
/// </summary>
public static class CrossOriginRule
{
    public enum Verdict
    {
        /// <summary>GET, HEAD or OPTIONS.</summary>
        SafeMethod,
        SameOrigin,

        /// <summary>Neither header: a mail provider, curl, another server. It carries nobody's authority but its token's.</summary>
        NotABrowser,
        CrossOrigin,
    }

    /// <param name="secFetchSite">The header's value, or null where it is absent.</param>
    /// <param name="origin">The header's value, or null where it is absent.</param>
    /// <param name="ownOrigin">Scheme, host and port the request was sent to.</param>
    /// <param name="publicOrigin">The site's configured public origin.</param>
    public static Verdict Decide(string method, string? secFetchSite, string? origin, string ownOrigin, string publicOrigin)
    {
        if (IsSafe(method)) return Verdict.SafeMethod;
        if (!string.IsNullOrEmpty(secFetchSite))
        {
            // 'same-site' is refused too: a demo's page is another origin of the same site.
            return secFetchSite is "same-origin" or "none" ? Verdict.SameOrigin : Verdict.CrossOrigin;
        }

        if (string.IsNullOrEmpty(origin)) return Verdict.NotABrowser;
        return Same(origin, ownOrigin) || Same(origin, publicOrigin) ? Verdict.SameOrigin : Verdict.CrossOrigin;
    }

    /// <summary>True for the methods that change nothing.</summary>
    public static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    private static bool Same(string origin, string other) => string.Equals(origin, other, StringComparison.OrdinalIgnoreCase);
}
