using System.Text;
using System.Text.Json;
using PayOnce.Exporters.Api;
using PayOnce.Exporters.Settings;
using PayOnce.Guard;
using PayOnce.Sandbox;
using PayOnce.Sandbox.Dynamics;

namespace PayOnce.Tests.Exporters.Dynamics;

public sealed class JournalApiTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_claim_is_a_journal_of_its_own_whose_names_and_numbers_never_change()
    {
        await using var bench = await DynamicsBench.OpenAsync(booking: DynamicsBooking.Journal);
        var batch = bench.Batch();
        var key = batch.Claims[0].ExportKey;

        Assert.StartsWith($$"""{"code":"{{key[..10]}}","displayName":"PayOnce","journalLines":[{"lineNumber":10000,"accountType":"G/L Account","accountNumber":"7100","postingDate":"2026-02-01","documentNumber":"{{key}}","externalDocumentNumber":"{{key}}","amount":135.50,""", Encoding.UTF8.GetString(batch.Bytes.Span), StringComparison.Ordinal);
        Assert.EndsWith($$""""lineNumber":30000,"accountType":"Vendor","accountNumber":"V00042","postingDate":"2026-02-01","documentNumber":"{{key}}","externalDocumentNumber":"{{key}}","amount":-125.50,"description":"travel A-1"}]}"""", Encoding.UTF8.GetString(batch.Bytes.Span), StringComparison.Ordinal);
        Assert.Equal(Evidence.Booked, Assert.IsType<ClaimAnswer.Accepted>(await bench.SendAsync()).Evidence);

        var sent = Assert.Single(bench.Bodies("/$batch")).GetProperty("requests").EnumerateArray().Select(request => request.GetProperty("body").GetRawText());
        Assert.Equal(JsonDocument.Parse(batch.Bytes).RootElement.GetProperty("journalLines").EnumerateArray().Select(line => line.GetRawText()), sent);
        Assert.Equal("snapshot", Assert.Single(bench.Requests, request => request.Path.EndsWith("$batch", StringComparison.Ordinal)).Headers["isolation"]);
    }

    [Fact]
    public async Task What_posting_leaves_behind_is_cleared_away()
    {
        await using var bench = await DynamicsBench.OpenAsync(booking: DynamicsBooking.Journal);
        await bench.SendAsync();
        Assert.Empty(bench.StandIn.State()["journals"]!.AsArray());
    }

    [Fact]
    public async Task An_empty_line_left_by_a_posting_is_no_line_of_a_claim()
    {
        await using var bench = await DynamicsBench.OpenAsync(booking: DynamicsBooking.Journal);
        bench.Faults.Script(new ScriptedFault(FaultKind.RequestLost, Path: "DELETE "));
        await bench.SendAsync();
        Assert.Single(bench.StandIn.State()["journals"]![0]!["journalLines"]!.AsArray());

        Assert.Equal(Evidence.Booked, Assert.IsType<ReadBackFinding.Present>(await bench.ReadBackAsync()).Evidence);
        Assert.IsType<ClaimAnswer.Unknown>(await bench.SendAsync());
        Assert.Single(bench.Bookings);
    }

    [Fact]
    public async Task A_line_that_is_refused_takes_the_others_back_and_is_named()
    {
        await using var bench = await DynamicsBench.OpenAsync(new BcOptions(), DynamicsBooking.Journal);

        Assert.Contains("V00042", Assert.IsType<ClaimAnswer.Refused>(await bench.SendAsync()).Reason, StringComparison.Ordinal);

        Assert.Empty(bench.Bookings);
        Assert.Empty(bench.StandIn.State()["journals"]!.AsArray());
        Assert.IsType<ReadBackFinding.Absent>(await bench.ReadBackAsync());
    }

    [Theory]
    [InlineData(400)]
    [InlineData(409)]
    public async Task A_journal_whose_creation_was_not_answered_is_used_and_not_made_again(int sameKey)
    {
        await using var bench = await DynamicsBench.OpenAsync(new BcOptions { EveryVendor = true, SameKeyStatus = sameKey }, DynamicsBooking.Journal);
        bench.Faults.Script(new ScriptedFault(FaultKind.AnswerLost, Path: "POST /v2.0/tenant/sandbox/api/v2.0/companies(824820a2-508c-ed11-aada-000d3a298ab3)/journals"));

        Assert.IsType<SendAnswer.NotProcessed>(await bench.TryAsync());
        Assert.IsType<ClaimAnswer.Accepted>(await bench.SendAsync());

        Assert.Single(bench.Bookings);
    }

    [Fact]
    public async Task Lines_that_were_written_twice_by_a_proxy_stand_there_once_and_are_posted()
    {
        await using var bench = await DynamicsBench.OpenAsync(booking: DynamicsBooking.Journal);
        bench.Faults.Script(new ScriptedFault(FaultKind.DuplicateDelivery, Path: "$batch"));

        Assert.Equal(Evidence.Booked, Assert.IsType<ClaimAnswer.Accepted>(await bench.SendAsync()).Evidence);

        Assert.Single(bench.Bookings);
    }

    [Fact]
    public async Task The_ledger_is_asked_before_anything_is_written_and_booked_claims_are_not_sent_again()
    {
        await using var bench = await DynamicsBench.OpenAsync(booking: DynamicsBooking.Journal);
        await bench.SendAsync();
        var before = bench.Requests.Count;

        Assert.IsType<ClaimAnswer.Unknown>(await bench.SendAsync());

        Assert.Contains("generalLedgerEntries", Assert.Single(bench.Requests.Skip(before)).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_amount_in_the_ledger_or_in_the_journal_is_a_conflict()
    {
        await using var booked = await DynamicsBench.OpenAsync(booking: DynamicsBooking.Journal);
        await booked.SendAsync();
        Assert.IsType<ReadBackFinding.Conflict>(await booked.ReadBackAsync(claim => claim with { TotalMinor = 1 }));

        await using var waiting = await DynamicsBench.OpenAsync(booking: DynamicsBooking.Journal, post: false);
        await waiting.SendAsync();
        Assert.IsType<ReadBackFinding.Conflict>(await waiting.ReadBackAsync(claim => claim with { TotalMinor = 1 }));
    }

    [Fact]
    public async Task Without_the_right_to_read_the_ledger_nothing_is_sent_and_the_connection_test_says_why()
    {
        await using var bench = await DynamicsBench.OpenAsync(new BcOptions { EveryVendor = true, MayReadLedger = false }, DynamicsBooking.Journal);

        Assert.IsType<SendAnswer.NotProcessed>(await bench.TryAsync());
        Assert.IsType<ReadBackAnswer.Failed>(await bench.Api.ReadBackAsync(bench.Batch().Claims, Cancel));
        Assert.Contains(await bench.Api.TestConnectionAsync(Cancel), check => check is { What: "reading general ledger entries", Trouble: not null });
        Assert.Empty(bench.Bookings);
    }

    [Fact]
    public async Task A_claim_with_more_lines_than_one_transaction_takes_is_left_out_by_name()
    {
        await using var bench = await DynamicsBench.OpenAsync(booking: DynamicsBooking.Journal);
        var reserved = Examples.Reserved(Examples.Claim("A-1", [.. Enumerable.Repeat(Examples.Line(100), 100)]));
        using var rendered = bench.Api.Renderer.Render([reserved], 1);
        Assert.Equal("lines", Assert.Single(rendered.Rejections).Problem.Field);
    }

    [Fact]
    public async Task Every_booked_key_is_listed_with_its_first_entry()
    {
        await using var bench = await DynamicsBench.OpenAsync(booking: DynamicsBooking.Journal);
        await bench.SendAsync();
        await bench.SendAsync(Examples.Claim("A-2", Examples.Line(100)));

        var page = Assert.IsType<KeyPageAnswer.Page>(await bench.Api.ListKeysAsync(null, Cancel));

        Assert.Equal(["1", "4"], page.Keys.Select(key => key.Reference));
        Assert.Single(Assert.IsType<KeyPageAnswer.Page>(await bench.Api.ListKeysAsync("3", Cancel)).Keys);
    }
}
