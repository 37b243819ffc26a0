using PayOnce.Sandbox.Dynamics;
using static PayOnce.Tests.Sandbox.Dynamics.BcTenant;

namespace PayOnce.Tests.Sandbox.Dynamics;

/// <summary>General journals: what their primary keys refuse, and everything that nothing refuses.</summary>
public sealed class JournalTests
{
    [Theory]
    [InlineData(400)]
    [InlineData(409)]
    public async Task A_code_and_a_line_number_are_taken_once(int status)
    {
        await using var tenant = await StartAsync(new BcOptions { SameKeyStatus = status });
        var journal = await tenant.JournalAsync();

        (await tenant.PostAsync("journals", """{"code":" abcdefghij"}""")).IsRefused("Application_StringExceededLength");
        (await tenant.PostAsync("journals", """{"code":"abcdefghij"}""")).IsRefused("Internal_EntityWithSameKeyExists", "Name='ABCDEFGHIJ'", status);
        Assert.Equal(201, (await tenant.PostAsync($"journals({journal})/journalLines", Line("10.00", 10_000))).Status);
        (await tenant.PostAsync($"journals({journal})/journalLines", Line("10.00", 10_000))).IsRefused("Internal_EntityWithSameKeyExists", "Line No.='10000'", status);
        (await tenant.GetAsync("journalLines")).IsRefused("Application_DialogException", "You must specify a journal batch ID");
    }

    [Fact]
    public async Task Lines_without_a_number_are_doubled_in_silence_and_posted_twice()
    {
        await using var tenant = await StartAsync();
        foreach (var code in new[] { "FIRST", "SECOND" })
        {
            var journal = await tenant.JournalAsync(code);
            foreach (var amount in new[] { "10.00", "-10.00" }) Assert.Equal(201, (await tenant.PostAsync($"journals({journal})/journalLines", Line(amount))).Status);
            Assert.Equal(204, (await tenant.PostAsync($"journals({journal})/Microsoft.NAV.post")).Status);
        }

        Assert.Equal(2, tenant.StandIn.Bookings.Count(booking => booking is { Key: "KEY", Kind: "journal", TotalMinor: 1000 }));
    }

    [Theory]
    [InlineData("""{"accountNumber":"V1","accountType":"Vendor","amount":1}""", "Internal_InvalidTableRelation")]
    [InlineData("""{"accountType":"Vendor","accountNumber":"V1","journalDisplayName":"X"}""", "Application_DialogException")]
    [InlineData("""{"documentNumber":"123456789012345678901"}""", "Application_StringExceededLength")]
    [InlineData("""{"accountType":"Payable"}""", "BadRequest")]
    public async Task Properties_are_taken_in_the_order_they_are_sent_and_within_their_lengths(string line, string code)
    {
        await using var tenant = await StartAsync();
        var journal = await tenant.JournalAsync();

        (await tenant.PostAsync($"journals({journal})/journalLines", line)).IsRefused(code);

        Assert.Empty((await tenant.GetAsync($"journals({journal})/journalLines")).Value);
    }

    [Fact]
    public async Task A_batch_in_one_transaction_says_201_for_what_it_took_back()
    {
        await using var tenant = await StartAsync();
        var lines = $"journals({await tenant.JournalAsync()})/journalLines";
        (string, string)[] posts = [(lines, Line("10.00", 10_000)), (lines, Line("-10.00", 20_000, account: "NOBODY", type: "Vendor")), (lines, Line("1.00", 30_000))];

        var answer = await tenant.BatchAsync(posts, ("Isolation", "snapshot"));

        Assert.Equal(200, answer.Status);
        Assert.Equal([201, 400], answer.Body["responses"]!.AsArray().Select(response => (int)response!["status"]!));
        Assert.NotNull(answer.Body["responses"]![0]!["body"]!["id"]);
        Assert.Empty((await tenant.GetAsync(lines)).Value);
    }

    [Theory]
    [InlineData(null, 1, 2)]
    [InlineData("odata.continue-on-error", 2, 3)]
    public async Task A_batch_keeps_what_went_well_unless_it_is_one_transaction(string? prefer, int kept, int answers)
    {
        await using var tenant = await StartAsync();
        var lines = $"journals({await tenant.JournalAsync()})/journalLines";
        (string, string)[] posts = [(lines, Line("10.00", 10_000)), (lines, Line("1.00", 10_000)), (lines, Line("-10.00", 20_000))];

        var answer = await tenant.BatchAsync(posts, prefer is null ? [] : [("Prefer", prefer)]);

        Assert.Equal(answers, answer.Body["responses"]!.AsArray().Count);
        Assert.Equal(kept, (await tenant.GetAsync(lines)).Value.Count);
    }

    [Fact]
    public async Task A_batch_takes_a_hundred_operations_and_a_post_within_it_is_not_taken_back()
    {
        await using var tenant = await StartAsync();
        var journal = await tenant.JournalAsync();
        var lines = $"journals({journal})/journalLines";
        Assert.Equal(500, (await tenant.BatchAsync(Enumerable.Range(1, 101).Select(n => (lines, Line("1.00", n))), ("Isolation", "snapshot"))).Status);

        (string, string)[] posts = [(lines, Line("10.00", 10_000)), (lines, Line("-10.00", 20_000)), ($"journals({journal})/Microsoft.NAV.post", "{}"), (lines, Line("1.00", 30_000, account: "0"))];
        await tenant.BatchAsync(posts, ("Isolation", "snapshot"));

        Assert.Equal("journal", Assert.Single(tenant.StandIn.Bookings).Kind);
    }

    [Fact]
    public async Task Posting_leaves_an_empty_line_with_the_next_document_number()
    {
        await using var tenant = await StartAsync();
        var journal = await tenant.JournalAsync();
        foreach (var amount in new[] { "10.00", "-10.00" }) await tenant.PostAsync($"journals({journal})/journalLines", Line(amount, document: "KRAV-0042"));

        Assert.Equal(204, (await tenant.PostAsync($"journals({journal})/Microsoft.NAV.post")).Status);

        var phantom = Assert.Single((await tenant.GetAsync($"journals({journal})/journalLines")).Value)!;
        Assert.Equal(("KRAV-0043", 10_000, "0"), ((string)phantom["documentNumber"]!, (int)phantom["lineNumber"]!, phantom["amount"]!.ToJsonString()));
        Assert.Equal("G_x002F_L_x0020_Account", (string)phantom["accountType"]!);
        (await tenant.PostAsync($"journals({journal})/Microsoft.NAV.post")).IsRefused("Application_DialogException", "There is nothing to post.");
        var entry = (await tenant.GetAsync("generalLedgerEntries?$filter=documentNumber eq 'KRAV-0042' and postingDate eq 2026-01-31")).Value[0]!;
        Assert.Equal("_x0020_", (string)entry["documentType"]!);
        Assert.Null(entry["externalDocumentNumber"]);
    }

    [Fact]
    public async Task A_posted_batch_with_a_digit_in_its_code_is_another_one()
    {
        await using var tenant = await StartAsync();
        var journal = await tenant.JournalAsync("RUN09");
        foreach (var amount in new[] { "10.00", "-10.00" }) await tenant.PostAsync($"journals({journal})/journalLines", Line(amount));
        await tenant.PostAsync($"journals({journal})/Microsoft.NAV.post");

        Assert.Equal(404, (await tenant.GetAsync($"journals({journal})")).Status);
        Assert.Equal("RUN10", (string)Assert.Single((await tenant.GetAsync("journals")).Value)!["code"]!);
    }

    [Fact]
    public async Task What_is_out_of_balance_is_not_posted_at_all()
    {
        await using var tenant = await StartAsync();
        var journal = await tenant.JournalAsync();
        (await tenant.PostAsync($"journals({journal})/Microsoft.NAV.post")).IsRefused("Application_DialogException", "There is nothing to post.");
        foreach (var amount in new[] { "10.00", "-9.99" }) await tenant.PostAsync($"journals({journal})/journalLines", Line(amount));

        (await tenant.PostAsync($"journals({journal})/Microsoft.NAV.post")).IsRefused("Application_DialogException", "out of balance by 0.01");

        Assert.Equal(2, (await tenant.GetAsync($"journals({journal})/journalLines")).Value.Count);
    }

    [Fact]
    public async Task With_the_job_queue_204_means_scheduled_and_it_may_fail_later()
    {
        await using var tenant = await StartAsync(new BcOptions { PostingDelay = TimeSpan.FromMinutes(3), PostingFrom = new DateOnly(2026, 1, 31), Vendors = ["V1"] });
        var journal = await tenant.JournalAsync();
        foreach (var amount in new[] { "10.00", "-10.00" }) await tenant.PostAsync($"journals({journal})/journalLines", Line(amount));
        Assert.Equal(204, (await tenant.PostAsync($"journals({journal})/Microsoft.NAV.post")).Status);
        Assert.Empty((await tenant.GetAsync("generalLedgerEntries")).Value);
        var bad = await tenant.JournalAsync("OTHER");
        await tenant.PostAsync($"journals({bad})/journalLines", Line("10.00", document: "BAD"));
        Assert.Equal(204, (await tenant.PostAsync($"journals({bad})/Microsoft.NAV.post")).Status);

        tenant.Clock.Advance(TimeSpan.FromMinutes(3));

        Assert.Equal(2, (await tenant.GetAsync("generalLedgerEntries")).Value.Count);
        Assert.Contains("out of balance", tenant.StandIn.State()["jobFailures"]![0]!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("KRAV-0042", "KRAV-0043")]
    [InlineData("A9B", "A10B")]
    [InlineData("1X099", "1X100")]
    [InlineData("BCDFG", "")]
    public void Texts_are_counted_up_as_the_language_does(string text, string next) => Assert.Equal(next, Journals.Increment(text));
}
