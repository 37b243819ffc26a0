using PayOnce.Sandbox.Dynamics;

namespace PayOnce.Tests.Sandbox.Dynamics;

/// <summary>Reading: sign-in, filters, pages, and replicas that lag behind.</summary>
public sealed class QueryTests
{
    [Fact]
    public async Task Only_a_token_of_the_applications_own_opens_anything_and_only_while_it_lasts()
    {
        await using var tenant = await BcTenant.StartAsync();
        var (status, body) = await tenant.SignInAsync("wrong");
        Assert.Equal((401, "invalid_client"), (status, (string)body["error"]!));

        Assert.Equal(200, (await tenant.GetAsync("vendors")).Status);
        (await tenant.SendAsync("GET", BcTenant.Root + "companies", null, ("Authorization", "Bearer other"))).IsRefused("Authentication_InvalidCredentials", status: 401);
        tenant.Clock.Advance(TimeSpan.FromHours(1));
        (await tenant.GetAsync("vendors")).IsRefused("Authentication_InvalidCredentials", status: 401);
    }

    [Fact]
    public async Task Another_company_and_another_path_are_not_there()
    {
        await using var tenant = await BcTenant.StartAsync();
        (await tenant.SendAsync("GET", $"{BcTenant.Root}companies({Guid.Empty})/vendors", null)).IsRefused("Internal_CompanyNotFound", status: 404);
        (await tenant.SendAsync("GET", $"{BcTenant.Root}companies(x)/vendors", null)).IsRefused("Application_InvalidGUID");
        (await tenant.GetAsync("vendorLedgerEntries")).IsRefused("BadRequest_ResourceNotFound", status: 404);
        Assert.Equal("CRONUS Norge", (string)(await tenant.SendAsync("GET", BcTenant.Root + "companies", null)).Value[0]!["name"]!);
    }

    [Theory]
    [InlineData("number eq 'V1'", 1)]
    [InlineData("number eq 'v1'", 1)]
    [InlineData("number eq 'V1' or number eq 'O''BRIEN'", 2)]
    [InlineData("(number eq 'V1' or number eq 'V2') and blocked eq ' '", 2)]
    [InlineData("blocked eq '_x0020_'", 3)]
    [InlineData("number ne 'V1'", 2)]
    [InlineData("number gt 'V1'", 1)]
    [InlineData("startswith(number,'V')", 2)]
    [InlineData("lastModifiedDateTime gt 2020-01-01T00:00:00Z", 3)]
    [InlineData("number eq 'V1'&$schemaversion=2.1", 1)]
    [InlineData("number in ('V1', 'V2', 'V3')&$schemaversion=2.1", 2)]
    public async Task A_filter_finds_what_it_says(string filter, int found)
    {
        await using var tenant = await BcTenant.StartAsync(new BcOptions { Vendors = ["V1", "V2", "O'BRIEN"] });
        Assert.Equal(found, (await tenant.GetAsync($"vendors?$filter={filter}")).Value.Count);
    }

    [Theory]
    [InlineData("number eq 'V1' or displayName eq 'V2'", "BadRequest_MethodNotImplemented")]
    [InlineData("number in ('V1')", "BadRequest_MethodNotImplemented")]
    [InlineData("numbr eq 'V1'", "BadRequest")]
    [InlineData("number eq V1", "BadRequest")]
    [InlineData("number eq 'V1", "BadRequest")]
    [InlineData("number like 'V1'", "BadRequest")]
    [InlineData("number eq 'V1' and", "BadRequest")]
    public async Task A_filter_that_is_not_taken_is_refused_and_not_ignored(string filter, string code)
    {
        await using var tenant = await BcTenant.StartAsync();
        (await tenant.GetAsync($"vendors?$filter={filter}")).IsRefused(code);
    }

    [Fact]
    public async Task A_long_list_comes_in_pages_that_name_the_next()
    {
        await using var tenant = await BcTenant.StartAsync(new BcOptions { Vendors = ["V1", "V2", "V3", "V4", "V5"], PageSize = 2 });
        var numbers = new List<string>();
        var pages = 0;
        for (string? path = BcTenant.Root + $"companies({new BcOptions().Company})/vendors?$filter=number ne 'V3'&$orderby=number desc"; path is not null; pages++)
        {
            var page = await tenant.SendAsync("GET", path, null);
            numbers.AddRange(page.Value.Select(vendor => (string)vendor!["number"]!));
            path = (string?)page.Body["@odata.nextLink"];
        }
        Assert.Equal(["V5", "V4", "V2", "V1"], numbers);
        Assert.Equal(2, pages);
    }

    [Fact]
    public async Task A_read_lags_behind_unless_it_says_what_it_is_for()
    {
        await using var tenant = await BcTenant.StartAsync(new BcOptions { Vendors = ["V1"], ReadLag = TimeSpan.FromSeconds(10) });
        await tenant.DraftAsync();

        Assert.Empty((await tenant.GetAsync("purchaseInvoices")).Value);
        Assert.Single((await tenant.GetAsync("purchaseInvoices", ("Data-Access-Intent", "ReadWrite"))).Value);
        tenant.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Single((await tenant.GetAsync("purchaseInvoices")).Value);
    }

    [Fact]
    public async Task An_application_may_lack_the_right_to_read_the_ledger()
    {
        await using var tenant = await BcTenant.StartAsync(new BcOptions { MayReadLedger = false });
        (await tenant.GetAsync("generalLedgerEntries")).IsRefused("Authorization_RequestDenied", status: 403);
    }
}
