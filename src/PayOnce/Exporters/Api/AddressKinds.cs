using System.Net;
using System.Net.Sockets;

namespace PayOnce.Exporters.Api;

/// <summary>
/// Tells a public address from all others, by the IANA registries of special-purpose addresses (RFC 6890 and its successors) as
/// they stood in 2026.
/// </summary>
internal static class AddressKinds
{
    private const string ThisMachine = "this machine itself";
    private const string Private = "a private network's address";
    private const string LinkLocal = "a link-local address";
    private const string Multicast = "a multicast address";
    private const string Nowhere = "an address of no host";
    private const string Reserved = "an address that is reserved";
    private const string Wrapped = "an IPv4 address inside an IPv6 address";

    private static readonly (IPNetwork Network, string Kind)[] Version4 =
    [
        (IPNetwork.Parse("0.0.0.0/8"), Nowhere),
        (IPNetwork.Parse("10.0.0.0/8"), Private),
        (IPNetwork.Parse("100.64.0.0/10"), "an address of a provider's inner network"),
        (IPNetwork.Parse("127.0.0.0/8"), ThisMachine),
        (IPNetwork.Parse("169.254.0.0/16"), LinkLocal),
        (IPNetwork.Parse("172.16.0.0/12"), Private),
        (IPNetwork.Parse("192.0.0.0/24"), Reserved),
        (IPNetwork.Parse("192.0.2.0/24"), Reserved),
        (IPNetwork.Parse("192.88.99.0/24"), Reserved),
        (IPNetwork.Parse("192.168.0.0/16"), Private),
        (IPNetwork.Parse("198.18.0.0/15"), Private),
        (IPNetwork.Parse("198.51.100.0/24"), Reserved),
        (IPNetwork.Parse("203.0.113.0/24"), Reserved),
        (IPNetwork.Parse("224.0.0.0/4"), Multicast),
        (IPNetwork.Parse("240.0.0.0/4"), Reserved),
    ];

    // Only 2000::/3 is given out for public use; these stand in it, or have a name of their own outside it.
    private static readonly (IPNetwork Network, string Kind)[] Version6 =
    [
        (IPNetwork.Parse("::1/128"), ThisMachine),
        (IPNetwork.Parse("::/128"), Nowhere),
        (IPNetwork.Parse("::/96"), Wrapped),
        (IPNetwork.Parse("fc00::/7"), Private),
        (IPNetwork.Parse("fec0::/10"), Private),
        (IPNetwork.Parse("64:ff9b:1::/48"), Private),
        (IPNetwork.Parse("fe80::/10"), LinkLocal),
        (IPNetwork.Parse("ff00::/8"), Multicast),
        (IPNetwork.Parse("2001::/23"), Reserved),
        (IPNetwork.Parse("2001:db8::/32"), Reserved),
        (IPNetwork.Parse("2002::/16"), Wrapped),
        (IPNetwork.Parse("3fff::/20"), Reserved),
    ];

    private static readonly IPNetwork Public6 = IPNetwork.Parse("2000::/3");

    // How a network without IPv4 reaches public IPv4 addresses (RFC 6052): as good as the address inside.
    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>What an address is, in words; null if it is public.</summary>
    public static string? Special(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork) return Find(Version4, address);
        // No honest name has such an address; it is a way round rules that look at IPv4 only.
        if (address.IsIPv4MappedToIPv6) return Find(Version4, address.MapToIPv4()) ?? Wrapped;
        if (Translated.Contains(address)) return Find(Version4, new IPAddress(address.GetAddressBytes().AsSpan(12)));
        return Find(Version6, address) ?? (Public6.Contains(address) ? null : Reserved);
    }

    private static string? Find((IPNetwork Network, string Kind)[] table, IPAddress address)
    {
        foreach (var (network, kind) in table)
        {
            if (network.Contains(address)) return kind;
        }
        return null;
    }
}
