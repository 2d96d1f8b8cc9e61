using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Proxy;

namespace BrowserTech.Playground.Tests;

public sealed class AccessTokenProxyTests
{
    private static readonly ConnectionToken Token = ConnectionToken.New();

    [Theory]
    [InlineData("?token=T", "", true)]
    [InlineData("?a=1&token=T&b=%2F", "?a=1&b=%2F", true)]
    [InlineData("?TOKEN=T&%74oken=T&x", "?x", true)]
    [InlineData("?token=%63T", "?token=%63T", false)]
    [InlineData("?tokens=1&b", "?tokens=1&b", false)]
    [InlineData("?token=mine&x=1", "?token=mine&x=1", false)]
    [InlineData("?", "?", false)]
    public void The_token_is_cut_out_of_the_query_however_it_is_written_and_the_rest_stays_as_it_was(string query, string rest, bool found)
    {
        query = query.Replace("T", Token.Value, StringComparison.Ordinal).Replace(Token.Value + "OKEN", "TOKEN", StringComparison.Ordinal);
        Assert.Equal(found, AccessToken.TakeFrom(ref query) == Token);
        Assert.Equal(rest.Replace("T", Token.Value, StringComparison.Ordinal), query);
    }
}
