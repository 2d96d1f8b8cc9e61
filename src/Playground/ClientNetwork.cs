using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace BrowserTech.Playground;

/// <summary>
/// What counts as one client wherever something is counted: an IPv4 address, or an IPv6 network of 64 bits, because one
/// machine has a whole one and can take another address in it for each request.
/// </summary>
public static class ClientNetwork
{
    /// <summary>The key under which the client of a request is counted; one for all whose address is not known.</summary>
    public static string Of(HttpContext context) => Of(context.Connection.RemoteIpAddress);

    public static string Of(IPAddress? address)
    {
        if (address is null) return "unknown";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address.ToString();
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new IPAddress(bytes) + "/64";
    }
}
