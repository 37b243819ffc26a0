using System.Net;
using PayOnce.Exporters.Api;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Exporters.Api;

/// <summary>An organisation's integration must not become a way into the operator's own network.</summary>
public sealed class EndpointRulesTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("10.0.0.1", "a private network's address")]
    [InlineData("172.16.0.1", "a private network's address")]
    [InlineData("172.31.255.255", "a private network's address")]
    [InlineData("192.168.1.1", "a private network's address")]
    [InlineData("100.64.0.1", "an address of a provider's inner network")]
    [InlineData("127.0.0.1", "this machine itself")]
    [InlineData("127.255.0.1", "this machine itself")]
    [InlineData("169.254.169.254", "a link-local address")]
    [InlineData("0.0.0.0", "an address of no host")]
    [InlineData("224.0.0.1", "a multicast address")]
    [InlineData("239.255.255.255", "a multicast address")]
    [InlineData("255.255.255.255", "an address that is reserved")]
    [InlineData("240.0.0.1", "an address that is reserved")]
    [InlineData("192.0.2.1", "an address that is reserved")]
    [InlineData("198.18.0.1", "a private network's address")]
    [InlineData("::1", "this machine itself")]
    [InlineData("::", "an address of no host")]
    [InlineData("::7f00:1", "an IPv4 address inside an IPv6 address")]
    [InlineData("::ffff:127.0.0.1", "this machine itself")]
    [InlineData("::ffff:10.1.2.3", "a private network's address")]
    [InlineData("::ffff:8.8.8.8", "an IPv4 address inside an IPv6 address")]
    [InlineData("64:ff9b::a00:1", "a private network's address")]
    [InlineData("64:ff9b:1::a00:1", "a private network's address")]
    [InlineData("2002:7f00:1::", "an IPv4 address inside an IPv6 address")]
    [InlineData("2001:0:7f00:1::", "an address that is reserved")]
    [InlineData("2001:db8::1", "an address that is reserved")]
    [InlineData("fc00::1", "a private network's address")]
    [InlineData("fd12:3456::1", "a private network's address")]
    [InlineData("fe80::1", "a link-local address")]
    [InlineData("fec0::1", "a private network's address")]
    [InlineData("ff02::1", "a multicast address")]
    [InlineData("4000::1", "an address that is reserved")]
    public void An_address_that_is_not_public_is_refused_without_being_told(string address, string kind)
    {
        Assert.Equal(
            $"books.example leads to {kind}, which PayOnce does not connect to unless its operator allows it with PAYONCE_ALLOW_ENDPOINTS.",
            Rules(null).Refusal("books.example", IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.1")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.1")]
    [InlineData("192.0.1.1")]
    [InlineData("2606:4700::1111")]
    [InlineData("64:ff9b::808:808")]
    public void A_public_address_is_not_refused(string address) => Assert.Null(Rules(null).Refusal("books.example", IPAddress.Parse(address)));

    [Theory]
    [InlineData("books.example", "10.0.0.5", true)]
    [InlineData("BOOKS.example.", "10.0.0.5", true)]
    [InlineData("evil.books.example", "10.0.0.5", false)]
    [InlineData("other.example", "10.1.2.3", true)]
    [InlineData("other.example", "::ffff:10.1.2.3", true)]
    [InlineData("other.example", "10.2.0.1", false)]
    [InlineData("other.example", "192.168.7.7", true)]
    [InlineData("other.example", "192.168.7.8", false)]
    [InlineData("other.example", "fd00::5", true)]
    [InlineData("localhost", "127.0.0.1", false)]
    public void The_operator_allows_names_networks_and_single_addresses(string host, string address, bool allowed) =>
        Assert.Equal(allowed, Rules("books.example, 10.1.0.0/16,192.168.7.7 ,, fd00::/8").Refusal(host, IPAddress.Parse(address)) is null);

    [Theory]
    [InlineData("*", "*")]
    [InlineData("10.0.0.0/33", "10.0.0.0/33")]
    [InlineData("https://books.example", "https://books.example")]
    public void What_is_no_name_address_or_network_is_no_allowance(string allowed, string value)
    {
        var (rules, problems) = EndpointRules.Parse("books.example," + allowed, loopback: false);
        Assert.Null(rules);
        Assert.Equal((EndpointRules.Variable, value), (Assert.Single(problems).Field, problems[0].Value));
    }

    [Theory]
    [InlineData("localhost", "127.0.0.1", true)]
    [InlineData("localhost", "::1", true)]
    [InlineData("127.0.0.1", "127.0.0.1", true)]
    [InlineData("[::1]", "::1", true)]
    [InlineData("books.example", "127.0.0.1", false)]
    [InlineData("localhost", "10.0.0.1", false)]
    [InlineData("localhost.books.example", "127.0.0.1", false)]
    public void With_an_embedded_database_only_a_name_that_plainly_says_so_leads_to_this_machine(string host, string address, bool allowed) =>
        Assert.Equal(allowed, EndpointRules.Parse(null, loopback: true).Rules!.Refusal(host, IPAddress.Parse(address)) is null);

    [Theory]
    [InlineData("https://localhost:{0}/")]
    [InlineData("https://localhost.:{0}/")]
    [InlineData("https://127.0.0.1:{0}/")]
    [InlineData("https://127.1:{0}/")]
    [InlineData("https://2130706433:{0}/")]
    [InlineData("https://0x7f.0.0.1:{0}/")]
    [InlineData("https://017700000001:{0}/")]
    [InlineData("https://[::ffff:127.0.0.1]:{0}/")]
    [InlineData("http://127.0.0.1:{0}/")]
    public async Task However_this_machine_is_spelt_it_is_not_reached(string address)
    {
        await using var server = RawServer.Answering(RawServer.Answer("200 OK"));
        var answer = await SendAsync(Rules(null), string.Format(null, address, server.Port));
        Assert.Equal(WireClass.NotProcessed, answer.Class);
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task The_address_that_is_judged_is_the_one_that_is_connected_to()
    {
        await using var server = RawServer.Answering("");
        var resolved = 0;
        // Asked twice, a hostile name server would first name a public address.
        var rules = EndpointRules.Parse(null, loopback: true, (_, _) => Task.FromResult<IPAddress[]>([resolved++ > 0 ? IPAddress.Parse("198.51.100.1") : IPAddress.Loopback])).Rules!;
        var answer = await SendAsync(rules, $"https://books.example:{server.Port}/");
        Assert.Equal(WireClass.NotProcessed, answer.Class);
        Assert.Contains("books.example leads to this machine itself", answer.Error, StringComparison.Ordinal);
        Assert.Equal((1, 0), (resolved, server.Connections));
    }

    [Fact]
    public async Task Of_several_addresses_only_those_allowed_are_tried()
    {
        await using var server = new RawServer(connection =>
        {
            connection.Reset();
            return Task.CompletedTask;
        });
        var rules = EndpointRules.Parse("127.0.0.1", loopback: false, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.IPv6Loopback, IPAddress.Loopback])).Rules!;
        await SendAsync(rules, $"https://books.example:{server.Port}/");
        Assert.Equal(1, server.Connections);
    }

    private static async Task<WireAnswer> SendAsync(EndpointRules rules, string address)
    {
        using var http = new HttpMessageInvoker(AccountingHandler.Create(rules));
        return await new AccountingClient(http, new ManualTime()).SendAsync(new HttpRequestMessage(HttpMethod.Post, address), TimeSpan.FromSeconds(30), Cancel);
    }

    private static EndpointRules Rules(string? allowed) => EndpointRules.Parse(allowed, loopback: false).Rules!;
}
