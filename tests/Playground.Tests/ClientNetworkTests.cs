using System.Net;

namespace BrowserTech.Playground.Tests;

public sealed class ClientNetworkTests
{
    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2:ffff::", "2001:db8:1:2::/64")]
    public void A_client_is_an_IPv4_address_or_a_whole_IPv6_network(string address, string client) =>
        Assert.Equal(client, ClientNetwork.Of(IPAddress.Parse(address)));

    [Fact]
    public void Clients_without_an_address_share_one_count() => Assert.Equal("unknown", ClientNetwork.Of((IPAddress?)null));
}
