using System.Net;
using System.Net.Sockets;

namespace PayOnce.Exporters.Api;

/// <summary>
/// Which addresses a request may go to. Whoever may set an organisation's integration must not be able to reach into the
/// operator's own network with it, so after the name was resolved only public addresses are connected to, unless the operator
/// allows others. The address that is judged is the one that is connected to: a name that changes its answer gains nothing.
/// </summary>
public sealed class EndpointRules
{
    /// <summary>The environment variable with what else is allowed: host names, addresses and networks such as <c>10.1.0.0/16</c>, with commas.</summary>
    public const string Variable = "PAYONCE_ALLOW_ENDPOINTS";

    private readonly List<string> hosts = [];
    private readonly List<IPNetwork> networks = [];
    private readonly bool loopback;

    private EndpointRules(bool loopback) => this.loopback = loopback;

    /// <summary>How a name is resolved; the tests' own names are nowhere else.</summary>
    internal Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>The rules for a value of the variable, or what is wrong with it.</summary>
    /// <param name="loopback">
    /// Whether an address that plainly names this machine itself (<c>localhost</c>, <c>127.0.0.1</c>, <c>[::1]</c>) may be
    /// reached without being allowed: so with an embedded database, where whoever sets the integration sits at the machine anyway,
    /// and not where several organisations share one.
    /// </param>
    public static (EndpointRules? Rules, IReadOnlyList<Problem> Problems) Parse(string? allowed, bool loopback) => Parse(allowed, loopback, null);

    internal static (EndpointRules? Rules, IReadOnlyList<Problem> Problems) Parse(string? allowed, bool loopback, Func<string, CancellationToken, Task<IPAddress[]>>? resolve)
    {
        var rules = resolve is null ? new EndpointRules(loopback) : new EndpointRules(loopback) { Resolve = resolve };
        var problems = new List<Problem>();
        foreach (var entry in (allowed ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (IPAddress.TryParse(entry, out var address)) rules.networks.Add(new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128));
            else if (IPNetwork.TryParse(entry, out var network)) rules.networks.Add(network);
            else if (Uri.CheckHostName(entry) == UriHostNameType.Dns) rules.hosts.Add(Plain(entry));
            else problems.Add(new Problem("must be a host name, an address, or a network such as 10.1.0.0/16") { Field = Variable, Value = Problem.Printable(entry) });
        }
        return problems.Count == 0 ? (rules, problems) : (null, problems);
    }

    /// <summary>Why a name's address may not be connected to; null if it may. The address itself is not told: the operator's network is nobody's business.</summary>
    public string? Refusal(string host, IPAddress address)
    {
        if (AddressKinds.Special(address) is not { } kind) return null;
        var name = Plain(host);
        if (hosts.Contains(name, StringComparer.Ordinal)) return null;
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (networks.Exists(network => network.Contains(plain))) return null;
        if (loopback && IPAddress.IsLoopback(plain) && NamesThisMachine(name)) return null;
        return $"{Problem.Printable(name)} leads to {kind}, which PayOnce does not connect to unless its operator allows it with {Variable}.";
    }

    /// <summary>Whether a host's name says by itself that it is this machine, so that nothing need be encrypted on the way.</summary>
    internal static bool NamesThisMachine(string host)
    {
        var name = Plain(host);
        return name == "localhost" || (IPAddress.TryParse(name, out var literal) && IPAddress.IsLoopback(literal));
    }

    /// <summary>Connects to the first address of the name that the rules allow and that answers.</summary>
    internal async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var host = context.DnsEndPoint.Host.Trim('[', ']');
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await Resolve(host, cancel);
        Exception? last = null;
        foreach (var address in addresses)
        {
            if (Refusal(host, address) is { } refusal)
            {
                last ??= new EndpointRefusedException(refusal);
                continue;
            }
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, context.DnsEndPoint.Port), cancel);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (Exception fault)
            {
                socket.Dispose();
                if (fault is not SocketException) throw;
                last = fault;
            }
        }
        throw last ?? new SocketException((int)SocketError.HostNotFound);
    }

    private static string Plain(string host) => host.Trim('[', ']').TrimEnd('.').ToLowerInvariant();
}

/// <summary>No connection was tried: the rules forbid it.</summary>
public sealed class EndpointRefusedException(string message) : IOException(message);
