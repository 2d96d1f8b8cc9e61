using BrowserTech.Newsletter.Delivery;
using BrowserTech.Newsletter.Tests.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BrowserTech.Newsletter.Tests;

public sealed class OptionsTests
{
    [Fact]
    public void Everything_wrong_with_the_options_is_said_at_once_and_by_name()
    {
        var problems = ProblemsOf(options =>
        {
            options.Identity = new MailIdentity { SiteName = "Two\nlines", From = "nobody", ListDomain = "a b" };
            options.Smtp = new SmtpOptions { Host = "", Port = 0, User = "ada" };
            options.Connections = 0;
        });

        foreach (var name in (string[])["SiteName", "PublicAddress", "From", "ListDomain", "Smtp.Host", "Smtp.Port", "Password", "Connections"])
            Assert.Contains(problems, problem => problem.Contains(name, StringComparison.Ordinal));
    }

    [Fact]
    public void A_developers_machine_needs_no_server_and_no_domain() => Assert.Empty(ProblemsOf(options =>
        options.Identity = new MailIdentity
        {
            SiteName = "BrowserTech",
            PublicAddress = new Uri("http://localhost:5080"),
            From = "digest@localhost",
        }));

    [Theory]
    [InlineData("https://example.org", "https://example.org/digest")]
    [InlineData("https://example.org/hub", "https://example.org/hub/digest")]
    [InlineData("https://example.org/hub/", "https://example.org/hub/digest")]
    public void Addresses_start_at_the_public_address_whether_or_not_it_ends_in_a_slash(string address, string expected) =>
        Assert.Equal(expected, new MailIdentity { PublicAddress = new Uri(address) }.At("/digest").AbsoluteUri);

    private static IReadOnlyList<string> ProblemsOf(Action<NewsletterOptions> configure)
    {
        using var services = new ServiceCollection().AddNewsletter<TestDb>(configure).BuildServiceProvider();
        try
        {
            _ = services.GetRequiredService<IOptions<NewsletterOptions>>().Value;
            return [];
        }
        catch (OptionsValidationException invalid)
        {
            return [.. invalid.Failures];
        }
    }
}
