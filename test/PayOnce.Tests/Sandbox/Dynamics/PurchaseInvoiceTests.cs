using PayOnce.Sandbox.Dynamics;

namespace PayOnce.Tests.Sandbox.Dynamics;

/// <summary>What Microsoft's documentation and the API's source say of purchase invoices, and what a client trips over.</summary>
public sealed class PurchaseInvoiceTests
{
    [Fact]
    public async Task Equal_drafts_are_taken_and_only_posting_refuses_the_second()
    {
        await using var tenant = await BcTenant.StartAsync();
        var first = await tenant.DraftAsync();
        var second = await tenant.DraftAsync();
        var ofAnother = await tenant.DraftAsync(vendor: "V2");

        Assert.Equal(204, (await tenant.PostAsync($"purchaseInvoices({first})/Microsoft.NAV.post")).Status);
        (await tenant.PostAsync($"purchaseInvoices({second})/Microsoft.NAV.post")).IsRefused("Application_DialogException", "Purchase Invoice KEY already exists for this vendor.");
        Assert.Equal(204, (await tenant.PostAsync($"purchaseInvoices({ofAnother})/Microsoft.NAV.post")).Status);

        Assert.Equal(["draft", "posted", "posted"], tenant.StandIn.Bookings.Select(booking => booking.Kind).Order());
    }

    [Fact]
    public async Task The_id_survives_posting_and_the_number_does_not()
    {
        await using var tenant = await BcTenant.StartAsync();
        var id = await tenant.DraftAsync();
        var draft = await tenant.GetAsync($"purchaseInvoices({id})");

        var posted = await tenant.PostAsync($"purchaseInvoices({id})/Microsoft.NAV.POST");
        Assert.Equal((204, "{}"), (posted.Status, posted.Body.ToJsonString()));

        var invoice = await tenant.GetAsync($"purchaseInvoices({id})?$select=id,number,status");
        Assert.Equal("Draft", (string)draft.Body["status"]!);
        Assert.Equal("Open", (string)invoice.Body["status"]!);
        Assert.NotEqual((string)draft.Body["number"]!, (string)invoice.Body["number"]!);
        Assert.NotEqual(draft.ETag, invoice.ETag);
        Assert.Null(invoice.Body["vendorNumber"]);
        (await tenant.PostAsync($"purchaseInvoices({id})/Microsoft.NAV.post")).IsRefused("Application_DialogException", "The action can be applied to a draft invoice only.");
    }

    [Theory]
    [InlineData("""{"vendorInvoiceNumber":"K"}""", "Application_DialogException", "A \"vendorNumber\" or a \"vendorID\" must be provided.")]
    [InlineData("""{"vendorNumber":"NOBODY"}""", "Application_DialogException", "The vendor cannot be found.")]
    [InlineData("""{"vendorNumber":"V1","number":"1"}""", "BadRequest_InvalidOperation", "Control 'number' is read-only.")]
    [InlineData("""{"vendorNumber":"V1","claimId":"1"}""", "BadRequest", "does not exist on type")]
    [InlineData("""{"vendorNumber":"V1","vendorInvoiceNumber":"123456789012345678901234567890123456"}""", "Application_StringExceededLength", "is 36, but it must be less than or equal to 35")]
    [InlineData("""{"vendorNumber":"V1","postingDate":"31.01.2026"}""", "BadRequest", "Edm.Date")]
    [InlineData("""{"vendorNumber":"V1","purchaseInvoiceLines":[{"lineType":"Account","lineObjectNumber":"9999"}]}""", "Application_DialogException", "Account does not exist.")]
    [InlineData("""{"vendorNumber":"V1","purchaseInvoiceLines":[{"lineObjectNumber":"7100","lineType":"Account"}]}""", "Internal_InvalidTableRelation", "7100")]
    [InlineData("""{"vendorNumber":"V1","purchaseInvoiceLines":[{"lineType":"Account","lineObjectNumber":"7100","dimensionSetLines":[{"code":"AVDELING","valueCode":"PARIS"}]}]}""", "Application_DialogException", "The \"valueCode\" does not match")]
    [InlineData("{", "BadRequest", "not valid JSON")]
    public async Task What_cannot_be_created_is_refused_as_a_whole_in_its_own_words(string body, string code, string message)
    {
        await using var tenant = await BcTenant.StartAsync();

        (await tenant.PostAsync("purchaseInvoices", body)).IsRefused(code, message);

        Assert.Empty(tenant.StandIn.Bookings);
    }

    [Fact]
    public async Task A_write_needs_the_etag_that_was_read_and_a_posted_invoice_is_not_deleted()
    {
        await using var tenant = await BcTenant.StartAsync(new BcOptions { Vendors = ["V1"], ChangedStatus = 412 });
        var id = await tenant.DraftAsync();
        var read = await tenant.GetAsync($"purchaseInvoices({id})");

        (await tenant.DeleteAsync($"purchaseInvoices({id})", null)).IsRefused("BadRequest_InvalidToken");
        Assert.Equal(200, (await tenant.PatchAsync($"purchaseInvoices({id})", """{"dueDate":"2026-03-31"}""", read.ETag)).Status);
        (await tenant.DeleteAsync($"purchaseInvoices({id})", read.ETag)).IsRefused("Request_EntityChanged", status: 412);
        Assert.Equal(204, (await tenant.PostAsync($"purchaseInvoices({id})/Microsoft.NAV.post")).Status);
        (await tenant.DeleteAsync($"purchaseInvoices({id})", "*")).IsRefused("Application_DialogException");

        Assert.Single(tenant.StandIn.Bookings);
    }

    [Fact]
    public async Task Lines_are_found_under_their_invoice_only()
    {
        await using var tenant = await BcTenant.StartAsync();
        var id = await tenant.DraftAsync();

        (await tenant.GetAsync("purchaseInvoiceLines")).IsRefused("Application_DialogException");
        var line = Assert.Single((await tenant.GetAsync($"purchaseInvoices({id})/purchaseInvoiceLines")).Value)!;
        Assert.Equal("12.50", line["amountIncludingTax"]!.ToJsonString());
    }

    [Fact]
    public async Task An_accounts_default_dimension_is_there_already_and_can_only_be_changed()
    {
        await using var tenant = await BcTenant.StartAsync(new BcOptions { Vendors = ["V1"], DefaultDimensions = new Dictionary<string, (string, string)> { ["7100"] = ("AVDELING", "BERGEN") } });
        const string Dimension = """{"code":"AVDELING","valueCode":"OSLO"}""";

        (await tenant.PostAsync("purchaseInvoices", $$"""{"vendorNumber":"V1","purchaseInvoiceLines":[{"lineType":"Account","lineObjectNumber":"7100","dimensionSetLines":[{{Dimension}}]}]}"""))
            .IsRefused("Application_DialogException", "The dimension set line already exists.");

        var id = await tenant.DraftAsync();
        var line = (string)(await tenant.GetAsync($"purchaseInvoices({id})/purchaseInvoiceLines")).Value[0]!["id"]!;
        var set = $"purchaseInvoices({id})/purchaseInvoiceLines({line})/dimensionSetLines";
        (await tenant.PostAsync(set, Dimension)).IsRefused("Application_DialogException", "already exists");
        var there = Assert.Single((await tenant.GetAsync(set)).Value)!;
        Assert.Equal("BERGEN", (string)there["valueCode"]!);
        Assert.Equal(200, (await tenant.PatchAsync($"{set}({(string)there["id"]!})", """{"valueCode":"OSLO"}""", "*")).Status);
        Assert.Equal("OSLO", (string)(await tenant.GetAsync(set)).Value[0]!["valueCode"]!);
    }

    [Theory]
    [InlineData("All", "blocked")]
    [InlineData("", "range of allowed posting dates")]
    public async Task Posting_checks_what_creating_does_not(string blocked, string message)
    {
        await using var tenant = await BcTenant.StartAsync(new BcOptions { PostingFrom = blocked.Length == 0 ? new DateOnly(2030, 1, 1) : null });
        Assert.Equal(201, (await tenant.PostAsync("vendors", $$"""{"number":"V1","displayName":"Kari","blocked":"{{(blocked.Length == 0 ? " " : blocked)}}"}""")).Status);
        var id = await tenant.DraftAsync();

        (await tenant.PostAsync($"purchaseInvoices({id})/Microsoft.NAV.post")).IsRefused("Application_DialogException", message);

        Assert.Equal("Draft", (string)(await tenant.GetAsync($"purchaseInvoices({id})")).Body["status"]!);
    }

    [Fact]
    public async Task A_vendors_number_is_its_key()
    {
        await using var tenant = await BcTenant.StartAsync(new BcOptions { SameKeyStatus = 409 });
        Assert.Equal(201, (await tenant.PostAsync("vendors", """{"number":"v9","displayName":"Kari"}""")).Status);
        (await tenant.PostAsync("vendors", """{"number":"V9","displayName":"Ola"}""")).IsRefused("Internal_EntityWithSameKeyExists", status: 409);
    }
}
