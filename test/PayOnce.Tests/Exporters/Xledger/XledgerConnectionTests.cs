using PayOnce.Exporters.Api;
using PayOnce.Sandbox.Xledger;

namespace PayOnce.Tests.Exporters.Xledger;

/// <summary>"Test connection" says what is wrong, and leaves nothing behind.</summary>
public sealed class XledgerConnectionTests
{
    [Fact]
    public async Task Everything_is_as_it_should_be_and_nothing_was_left_there()
    {
        await using var scene = await XledgerScene.StartAsync(api: ""","xledger":{"owner":"1001"}""");
        var checks = await scene.Api.TestConnectionAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["sign-in", "entity", "accounts", "right to import", "read-back of imports", "read-back of the ledger"], checks.Select(check => check.What));
        Assert.All(checks, check => Assert.Null(check.Trouble));
        Assert.Empty(scene.Xledger.Bookings);
    }

    [Fact]
    public async Task A_wrong_token_is_said_without_the_token()
    {
        await using var scene = await XledgerScene.StartAsync(token: "not-the-token");
        var check = Assert.Single(await scene.Api.TestConnectionAsync(TestContext.Current.CancellationToken));
        Assert.Equal("sign-in", check.What);
        Assert.Contains("api token", check.Trouble, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("not-the-token", check.Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accounts_and_entities_that_do_not_exist_are_named()
    {
        await using var scene = await XledgerScene.StartAsync(new XledgerOptions { Accounts = ["2400", "7100", "7140"], Entities = ["10"] }, api: ""","xledger":{"owner":"1001"}""");
        var troubles = (await scene.Api.TestConnectionAsync(TestContext.Current.CancellationToken)).Where(check => check.Trouble is not null).ToList();
        Assert.Equal(["entity", "accounts"], troubles.Select(check => check.What));
        Assert.Contains("1001", troubles[0].Trouble, StringComparison.Ordinal);
        Assert.Contains("5330, 5500, 7150, 7199", troubles[1].Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_that_can_only_be_asked_by_time_is_good_enough()
    {
        await using var scene = await XledgerScene.StartAsync(new XledgerOptions { FiltersInvoiceNumber = false });
        Assert.All(await scene.Api.TestConnectionAsync(TestContext.Current.CancellationToken), check => Assert.Null(check.Trouble));
    }

    [Fact]
    public async Task Nobody_there_is_said()
    {
        var scene = await XledgerScene.StartAsync();
        await scene.Host.DisposeAsync();
        var check = Assert.Single(await scene.Api.TestConnectionAsync(TestContext.Current.CancellationToken));
        Assert.Equal("sign-in", check.What);
        Assert.NotNull(check.Trouble);
        await scene.DisposeAsync();
    }
}
