using PayOnce.App.Server;

namespace PayOnce.App.Tests.Server;

/// <summary>The link for the first user, as it is printed at the start, can be opened.</summary>
public sealed class PublicAddressTests
{
    [Theory]
    [InlineData("http://0.0.0.0:5080", "http://127.0.0.1:5080")]
    [InlineData("http://[::]:5080", "http://127.0.0.1:5080")]
    [InlineData("https://0.0.0.0", "https://127.0.0.1")]
    [InlineData("http://127.0.0.1:5080", "http://127.0.0.1:5080")]
    [InlineData("http://[::1]:5080", "http://[::1]:5080")]
    [InlineData("http://pay.example.org:80", "http://pay.example.org")]
    public void A_server_that_listens_everywhere_is_opened_at_this_machine(string listening, string opened) =>
        Assert.Equal(opened, PublicAddress.AtHome(new ServerOptions(), listening));

    [Fact]
    public void The_address_that_the_operator_names_stands_over_the_one_listened_on() =>
        Assert.Equal("https://pay.example.org", PublicAddress.AtHome(new ServerOptions { PublicUrl = new Uri("https://pay.example.org") }, "http://0.0.0.0:5080"));
}
