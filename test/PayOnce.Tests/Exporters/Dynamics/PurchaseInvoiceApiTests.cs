using System.Text;
using PayOnce.Claims;
using PayOnce.Exporters;
using PayOnce.Exporters.Api;
using PayOnce.Exporters.Dynamics;
using PayOnce.Exporters.Settings;
using PayOnce.Guard;
using PayOnce.Sandbox;
using PayOnce.Sandbox.Dynamics;

namespace PayOnce.Tests.Exporters.Dynamics;

public sealed class PurchaseInvoiceApiTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_frozen_bytes_are_the_body_that_creates_the_invoice()
    {
        await using var bench = await DynamicsBench.OpenAsync(change: settings => settings with { Voucher = new VoucherSettings { DueDays = 14 }, Dimensions = [new DimensionSettings("department", "AVDELING", [new("oslo", "OSLO")], false)] });
        var batch = bench.Batch(DynamicsBench.Claim(new Dimension("department", "oslo")));

        Assert.Equal(
            $$"""{"vendorNumber":"V00042","vendorInvoiceNumber":"{{batch.Claims[0].ExportKey}}","invoiceDate":"2026-02-01","postingDate":"2026-02-01","dueDate":"2026-02-15","pricesIncludeTax":true,"purchaseInvoiceLines":[{"lineType":"Account","lineObjectNumber":"7100","description":"travel A-1","unitCost":135.50,"quantity":1,"dimensionSetLines":[{"code":"AVDELING","valueCode":"OSLO"}]},{"lineType":"Account","lineObjectNumber":"7199","description":"travel A-1","unitCost":10.00,"quantity":-1}]}""",
            Encoding.UTF8.GetString(batch.Bytes.Span));
        await bench.Api.SendAsync(batch, Cancel);
        Assert.Equal(batch.Bytes.ToArray(), Assert.Single(bench.Requests, request => request.Method == "POST" && request.Path.EndsWith("/purchaseInvoices", StringComparison.Ordinal)).Body.ToArray());
        Assert.Contains("\"dimensions\":{\"AVDELING\":\"OSLO\"}", bench.StandIn.State()["generalLedgerEntries"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_look_up_asks_the_primary_and_says_who_asks()
    {
        await using var bench = await DynamicsBench.OpenAsync(new BcOptions { EveryVendor = true, ReadLag = TimeSpan.FromHours(1) });

        Assert.Equal("108201", Assert.IsType<ClaimAnswer.Accepted>(await bench.SendAsync()).Acknowledgement);
        Assert.IsType<ReadBackFinding.Present>(await bench.ReadBackAsync());

        Assert.All(bench.Requests.Where(request => request.Method == "GET"), request => Assert.Equal("ReadWrite", request.Headers["data-access-intent"]));
        Assert.Single(bench.Requests, request => request.Path.Contains("/oauth2/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_claimant_without_a_vendor_is_refused_by_name_or_becomes_one()
    {
        await using var refusing = await DynamicsBench.OpenAsync(new BcOptions());
        Assert.Contains("no vendor \"V00042\"", Assert.IsType<ClaimAnswer.Refused>(await refusing.SendAsync()).Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(refusing.Requests, request => request.Method == "POST" && !request.Path.Contains("/oauth2/", StringComparison.Ordinal));

        await using var creating = await DynamicsBench.OpenAsync(new BcOptions { SameKeyStatus = 409 }, createVendors: true);
        creating.Faults.Script(new ScriptedFault(FaultKind.AnswerLost, Path: "POST /v2.0/tenant/sandbox/api/v2.0/companies(824820a2-508c-ed11-aada-000d3a298ab3)/vendors"));
        Assert.IsType<SendAnswer.NotProcessed>(await creating.TryAsync());
        Assert.IsType<ClaimAnswer.Accepted>(await creating.SendAsync());
        Assert.Equal("Kari Nordmann", (string)creating.StandIn.State()["vendors"]![0]!["displayName"]!);
        Assert.Single(creating.Bookings);
    }

    [Fact]
    public async Task A_vendor_is_looked_up_once_for_a_run_and_a_blocked_one_is_named()
    {
        await using var bench = await DynamicsBench.OpenAsync();
        await bench.SendAsync();
        await bench.SendAsync(Examples.Claim("A-2", Examples.Line(100)));
        Assert.Single(bench.Requests, request => request.Path.Contains("/vendors?", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_creation_whose_answer_was_lost_is_not_repeated_but_found_and_posted()
    {
        await using var bench = await DynamicsBench.OpenAsync();
        bench.Faults.Script(new ScriptedFault(FaultKind.AnswerLost, Path: ")/purchaseInvoices", After: 1));

        Assert.IsType<ClaimAnswer.Unknown>(await bench.SendAsync());
        Assert.Equal("draft", Assert.Single(bench.Bookings).Kind);
        Assert.IsType<ClaimAnswer.Unknown>(await bench.SendAsync());
        Assert.Equal(Evidence.Booked, Assert.IsType<ReadBackFinding.Present>(await bench.ReadBackAsync()).Evidence);

        Assert.Equal("posted", Assert.Single(bench.Bookings).Kind);
        Assert.Single(bench.Bodies("/purchaseInvoices"));
    }

    [Fact]
    public async Task Of_two_equal_drafts_the_older_is_posted_and_the_other_deleted()
    {
        await using var bench = await DynamicsBench.OpenAsync();
        bench.Faults.Script(new ScriptedFault(FaultKind.DuplicateDelivery, Path: ")/purchaseInvoices", After: 1), new ScriptedFault(FaultKind.RequestLost, Path: "Microsoft.NAV.post"));
        Assert.IsType<ClaimAnswer.Unknown>(await bench.SendAsync());
        Assert.Equal(["108001", "108002"], bench.Bookings.Select(booking => booking.Reference).Order());

        Assert.IsType<ReadBackFinding.Present>(await bench.ReadBackAsync());

        Assert.Equal("posted", Assert.Single(bench.Bookings).Kind);
        Assert.Single(bench.Requests, request => request.Method == "DELETE");
    }

    [Fact]
    public async Task A_draft_beside_a_posted_invoice_is_deleted_and_never_posted()
    {
        await using var bench = await DynamicsBench.OpenAsync();
        bench.Faults.Script(new ScriptedFault(FaultKind.DuplicateDelivery, Path: ")/purchaseInvoices", After: 1));
        Assert.IsType<ClaimAnswer.Accepted>(await bench.SendAsync());
        Assert.Equal(2, bench.Bookings.Count);

        Assert.Equal("108201", Assert.IsType<ReadBackFinding.Present>(await bench.ReadBackAsync()).Acknowledgement);

        Assert.Equal("posted", Assert.Single(bench.Bookings).Kind);
    }

    [Fact]
    public async Task A_draft_that_a_person_changed_is_theirs_and_is_neither_deleted_nor_posted()
    {
        await using var bench = await DynamicsBench.OpenAsync(post: false);
        await bench.SendAsync();
        bench.StandIn.EditDraft(bench.Batch().Claims[0].ExportKey, 99);

        Assert.Contains("the claim 125.50", Assert.IsType<ReadBackFinding.Conflict>(await bench.ReadBackAsync()).What, StringComparison.Ordinal);

        Assert.Single(bench.Bookings);
        Assert.DoesNotContain(bench.Requests, request => request.Method == "DELETE");
    }

    [Fact]
    public async Task A_key_under_another_vendor_or_in_another_currency_is_a_conflict()
    {
        await using var bench = await DynamicsBench.OpenAsync();
        await bench.SendAsync();

        Assert.Contains("belongs to vendor V00042", Assert.IsType<ReadBackFinding.Conflict>(await bench.ReadBackAsync(claim => claim with { ClaimantId = "V2" })).What, StringComparison.Ordinal);
        Assert.Contains("is in NOK", Assert.IsType<ReadBackFinding.Conflict>(await bench.ReadBackAsync(claim => claim with { Currency = "EUR" })).What, StringComparison.Ordinal);
        Assert.IsType<ReadBackFinding.Present>(await bench.ReadBackAsync(claim => claim with { ClaimantId = "v00042" }));
    }

    [Theory]
    [InlineData("AVDELING", "OSLO")]
    [InlineData("AVDELING", "BERGEN")]
    public async Task A_default_dimension_in_the_way_is_named_and_leaves_nothing(string code, string value)
    {
        await using var bench = await DynamicsBench.OpenAsync(
            new BcOptions { EveryVendor = true, DefaultDimensions = new Dictionary<string, (string, string)> { ["7100"] = (code, value) } },
            change: settings => settings with { Dimensions = [new DimensionSettings("department", "AVDELING", [], PassThrough: true)] });

        var refused = Assert.IsType<ClaimAnswer.Refused>(await bench.SendAsync(DynamicsBench.Claim(new Dimension("department", "OSLO"))));

        Assert.Contains("default dimension", refused.Reason, StringComparison.Ordinal);
        Assert.Empty(bench.Bookings);
    }

    [Fact]
    public async Task A_refused_creation_that_cannot_be_looked_for_afterwards_is_unknown()
    {
        await using var bench = await DynamicsBench.OpenAsync(new BcOptions { EveryVendor = true, Accounts = new Dictionary<string, decimal>() });
        Assert.Contains("Account does not exist.", Assert.IsType<ClaimAnswer.Refused>(await bench.SendAsync()).Reason, StringComparison.Ordinal);

        bench.Faults.Script(new ScriptedFault(FaultKind.ErrorBefore, Path: "GET /v2.0/tenant/sandbox/api/v2.0/companies(824820a2-508c-ed11-aada-000d3a298ab3)/purchaseInvoices", After: 1));
        Assert.IsType<ClaimAnswer.Unknown>(await bench.SendAsync());
    }

    [Fact]
    public async Task Tax_of_an_accounts_posting_group_is_within_the_claims_amounts()
    {
        await using var bench = await DynamicsBench.OpenAsync(new BcOptions { EveryVendor = true, Accounts = new Dictionary<string, decimal> { ["7100"] = 25, ["7199"] = 0, ["2400"] = 0 } });
        Assert.IsType<ClaimAnswer.Accepted>(await bench.SendAsync());
        Assert.Equal(12_550, Assert.Single(bench.Bookings).TotalMinor);
    }

    [Fact]
    public async Task A_token_that_ends_in_the_middle_is_renewed_and_one_that_is_never_taken_sends_nothing()
    {
        await using var bench = await DynamicsBench.OpenAsync();
        bench.Faults.Script(new ScriptedFault(FaultKind.TokenExpired, Path: "Microsoft.NAV.post"));
        Assert.IsType<ClaimAnswer.Accepted>(await bench.SendAsync());
        Assert.Single(bench.Bookings);

        await using var locked = await DynamicsBench.OpenAsync();
        locked.Faults.Rate(FaultKind.TokenExpired, 1);
        Assert.Contains("credentials", Assert.IsType<SendAnswer.NotProcessed>(await locked.TryAsync()).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_secret_is_told_without_the_secret()
    {
        await using var bench = await DynamicsBench.OpenAsync(change: settings => settings with { Api = settings.Api! with { Dynamics = settings.Api.Dynamics! with { ClientId = "other" } } });
        var check = Assert.Single(await bench.Api.TestConnectionAsync(Cancel));
        Assert.Equal("sign-in", check.What);
        Assert.Contains("AADSTS700016", check.Trouble, StringComparison.Ordinal);
        Assert.IsType<SendAnswer.NotProcessed>(await bench.TryAsync());
        Assert.IsType<ReadBackAnswer.Failed>(await bench.Api.ReadBackAsync(bench.Batch().Claims, Cancel));
    }

    [Fact]
    public async Task A_read_back_of_many_keys_takes_few_requests_and_follows_the_pages()
    {
        await using var bench = await DynamicsBench.OpenAsync(new BcOptions { EveryVendor = true, PageSize = 7 });
        var claims = new List<ExpectedClaim>();
        for (var n = 0; n < 50; n++)
        {
            var claim = Examples.Claim($"B-{n}", Examples.Line(100 + n));
            claims.AddRange(bench.Batch(claim).Claims);
            if (n % 2 == 0) await bench.SendAsync(claim);
        }
        var before = bench.Requests.Count;

        var findings = Assert.IsType<ReadBackAnswer.Answered>(await bench.Api.ReadBackAsync(claims, Cancel)).Findings;

        Assert.Equal(claims.Select(claim => claim.ClaimId), findings.Select(finding => finding.ClaimId));
        Assert.Equal(25, findings.OfType<ReadBackFinding.Present>().Count());
        Assert.Equal(25, findings.OfType<ReadBackFinding.Absent>().Count());
        Assert.InRange(bench.Requests.Count - before, 2, 6);
    }

    [Fact]
    public async Task Keys_are_listed_over_pages_and_other_peoples_numbers_are_not()
    {
        await using var bench = await DynamicsBench.OpenAsync();
        await bench.SendAsync();
        var page = Assert.IsType<KeyPageAnswer.Page>(await bench.Api.ListKeysAsync(null, Cancel));
        var key = Assert.Single(page.Keys);
        Assert.Equal((bench.Batch().Claims[0].ExportKey, "NOK", 12_550L, "108201"), (key.ExportKey, key.Currency, key.TotalMinor, key.Reference));
        Assert.Null(page.Next);
        Assert.Empty(Assert.IsType<KeyPageAnswer.Page>(await bench.Api.ListKeysAsync(key.ExportKey, Cancel)).Keys);
    }

    [Fact]
    public void The_flag_and_what_the_booking_cannot_do_are_said_before_a_run()
    {
        var settings = DynamicsBench.Settings(new Uri("https://example.org"), new BcOptions(), DynamicsBooking.PurchaseInvoice);
        Assert.Empty(Check(settings));
        Assert.Contains("must have \"dynamics-api\"", Assert.Single(Check(settings with { Flags = [] })).Rule, StringComparison.Ordinal);
        Assert.Equal("accounts.creditTo", Assert.Single(Check(settings with { Accounts = AccountSettings.Norwegian with { CreditTo = BalanceOn.Account } })).Field);
        Assert.Equal("api.claimsPerRequest", Assert.Single(Check(settings with { Api = settings.Api! with { ClaimsPerRequest = 10 } })).Field);
        Assert.Equal("dimensions.department.target", Assert.Single(Check(settings with { Dimensions = [new DimensionSettings("department", new string('A', 21), [], true)] })).Field);
        var journal = settings with { Api = settings.Api! with { Dynamics = settings.Api.Dynamics! with { Booking = DynamicsBooking.Journal, CreateVendors = true } } };
        Assert.Equal("api.dynamics.createVendors", Assert.Single(Check(journal)).Field);
        Assert.Equal("currencies", Assert.Single(Check(journal with { Currencies = ["NOK", "EUR"], Api = settings.Api with { Dynamics = settings.Api.Dynamics! with { Booking = DynamicsBooking.Journal } } })).Field);

        static IReadOnlyList<Problem> Check(IntegrationSettings settings) => new DynamicsApiExporter().Check(settings);
    }

    [Fact]
    public async Task A_claimant_whose_number_is_too_long_is_left_out_by_name()
    {
        await using var bench = await DynamicsBench.OpenAsync();
        var reserved = Examples.Reserved(DynamicsBench.Claim() with { Claimant = new Claimant(new string('V', 21), "Kari") });
        using var rendered = bench.Api.Renderer.Render([reserved], 1);
        Assert.Contains("at most 20", Assert.Single(rendered.Rejections).Problem.Rule, StringComparison.Ordinal);
        Assert.True(rendered.Bytes.IsEmpty);
    }
}
