using PayOnce.Claims;
using PayOnce.Exporters.Api;
using PayOnce.Guard;
using PayOnce.Sandbox;
using PayOnce.Sandbox.Xledger;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Exporters.Xledger;

/// <summary>What Xledger is asked for, and what its answers say of a claim.</summary>
public sealed class XledgerReadBackTests
{
    private static readonly Claim One = XledgerScene.Claim("A-1", 10_000, -2_500);
    private static readonly Claim Two = XledgerScene.Claim("A-2", 5_050);

    [Fact]
    public async Task An_import_is_received_and_a_posted_one_is_booked_with_its_voucher_number()
    {
        await using var scene = await XledgerScene.StartAsync();
        await scene.SendAsync(One);
        Assert.Equal(Evidence.Received, Assert.IsType<ReadBackFinding.Present>(await scene.FindAsync(One)).Evidence);
        scene.Post();
        var booking = Assert.Single(scene.Xledger.Bookings);
        Assert.Equal("posted", booking.Kind);
        Assert.Equal(new ReadBackFinding.Present("A-1", Evidence.Booked, booking.Reference), await scene.FindAsync(One));
        Assert.IsType<ReadBackFinding.Absent>(await scene.FindAsync(Two));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Another_amount_there_is_a_conflict(bool posted)
    {
        await using var scene = await XledgerScene.StartAsync();
        await scene.SendAsync(One);
        if (posted) scene.Post();
        var conflict = Assert.IsType<ReadBackFinding.Conflict>(await scene.FindAsync(One, total: 10_000));
        Assert.Contains("75.00 instead of 100.00 NOK", conflict.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_sent_twice_is_a_conflict(bool posted)
    {
        await using var scene = await XledgerScene.StartAsync();
        await scene.SendAsync(One);
        await scene.SendAsync(One);
        if (posted) scene.Post();
        Assert.Contains("2 times", Assert.IsType<ReadBackFinding.Conflict>(await scene.FindAsync(One)).What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_imported_again_after_it_was_posted_is_a_conflict()
    {
        var time = new ManualTime();
        await using var scene = await XledgerScene.StartAsync(new XledgerOptions { PostsAfter = TimeSpan.FromMinutes(30) }, itsClock: time);
        await scene.SendAsync(One);
        time.Advance(TimeSpan.FromMinutes(40));
        Assert.IsType<ReadBackFinding.Present>(await scene.FindAsync(One));
        time.Advance(TimeSpan.FromMinutes(5));
        await scene.SendAsync(One);
        Assert.Contains("imported again", Assert.IsType<ReadBackFinding.Conflict>(await scene.FindAsync(One)).What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Posted_lines_that_the_import_still_shows_are_no_second_time()
    {
        await using var scene = await XledgerScene.StartAsync(new XledgerOptions { ShowsPostedImports = true });
        await scene.SendAsync(One);
        scene.Post();
        Assert.Equal(Evidence.Booked, Assert.IsType<ReadBackFinding.Present>(await scene.FindAsync(One)).Evidence);
    }

    [Fact]
    public async Task Without_a_filter_by_invoice_number_it_is_found_by_time()
    {
        await using var scene = await XledgerScene.StartAsync(new XledgerOptions { FiltersInvoiceNumber = false });
        var sentSince = DateTimeOffset.UtcNow;
        await scene.SendAsync(One);
        Assert.IsType<ReadBackFinding.Present>(await scene.FindAsync(One, sentSince));
        scene.Post();
        Assert.Equal(Evidence.Booked, Assert.IsType<ReadBackFinding.Present>(await scene.FindAsync(One, sentSince)).Evidence);
        Assert.IsType<ReadBackFinding.Absent>(await scene.FindAsync(Two, sentSince));
        // Not known since when: everything is looked through.
        Assert.IsType<ReadBackFinding.Present>(await scene.FindAsync(One));
    }

    /// <summary>On 25 October 2026 at 01:00 UTC the clocks go back from 03:00 to 02:00.</summary>
    [Theory]
    [InlineData("2026-10-25T00:50:00Z", 20)]
    [InlineData("2026-10-25T00:59:59Z", 1)]
    [InlineData("2026-10-25T01:50:00Z", 20)]
    [InlineData("2026-03-29T00:50:00Z", 20)]
    [InlineData("2026-07-01T12:00:00Z", 0)]
    [InlineData("2026-01-01T00:00:00Z", -10)]
    public async Task The_window_of_time_holds_through_a_change_of_clocks_and_a_clock_that_is_off(string sent, int minutesToStamp)
    {
        var sentSince = DateTimeOffset.Parse(sent, System.Globalization.CultureInfo.InvariantCulture);
        await using var scene = await XledgerScene.StartAsync(new XledgerOptions { FiltersInvoiceNumber = false }, itsClock: new ManualTime(sentSince.AddMinutes(minutesToStamp)));
        await scene.SendAsync(One);
        Assert.IsType<ReadBackFinding.Present>(await scene.FindAsync(One, sentSince));
    }

    [Fact]
    public async Task What_lies_long_before_the_window_is_not_fetched()
    {
        var time = new ManualTime();
        await using var scene = await XledgerScene.StartAsync(new XledgerOptions { FiltersInvoiceNumber = false }, itsClock: time);
        await scene.SendAsync(One);
        Assert.IsType<ReadBackFinding.Absent>(await scene.FindAsync(One, time.GetUtcNow().AddHours(3)));
    }

    [Fact]
    public async Task Many_keys_cost_few_requests()
    {
        await using var scene = await XledgerScene.StartAsync();
        var claims = Enumerable.Range(1, 1_200).Select(n => XledgerScene.Claim($"M-{n}", 100 + n)).ToList();
        foreach (var batch in claims.Take(1_100).Chunk(200)) Assert.IsType<SendAnswer.Answered>(await scene.SendAsync(batch));
        var before = scene.Xledger.Requests;
        var found = await scene.FindAsync([.. claims.Select(claim => XledgerScene.Expected(claim))]);
        Assert.Equal(claims.Select(claim => claim.ClaimId), found.Select(finding => finding.ClaimId));
        Assert.All(found.Take(1_100), finding => Assert.IsType<ReadBackFinding.Present>(finding));
        Assert.All(found.Skip(1_100), finding => Assert.IsType<ReadBackFinding.Absent>(finding));
        // Three for the import, three for the ledger, one more for what is missing in both.
        Assert.Equal(7, scene.Xledger.Requests - before);
    }

    [Theory]
    [InlineData(FaultKind.AnswerLost)]
    [InlineData(FaultKind.ErrorBefore)]
    [InlineData(FaultKind.Truncated)]
    [InlineData(FaultKind.TokenExpired)]
    public async Task A_question_without_an_answer_says_nothing_of_any_claim(FaultKind fault)
    {
        await using var scene = await XledgerScene.StartAsync();
        await scene.SendAsync(One);
        // The import is answered, the ledger is not.
        scene.Faults.Script(new ScriptedFault(fault, After: 1));
        Assert.IsType<ReadBackAnswer.Failed>(await scene.Api.ReadBackAsync([XledgerScene.Expected(One)], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_question_that_a_limit_refused_is_asked_again()
    {
        await using var scene = await XledgerScene.StartAsync();
        scene.Faults.Script(new ScriptedFault(FaultKind.TooManyRequests, Delay: TimeSpan.FromSeconds(1)));
        Assert.IsType<ReadBackFinding.Absent>(await scene.FindAsync(One));
    }

    [Fact]
    public async Task All_keys_are_listed_ledger_first_each_with_its_total()
    {
        await using var scene = await XledgerScene.StartAsync();
        await scene.SendAsync(One);
        scene.Post();
        await scene.SendAsync(Two);
        await scene.AskAsync("mutation{addGLImportItems(inputs:{node:{text:\"somebody else's\" amount:\"1.00\" invoiceNumber:\"INV-1\"}}){edges{node{dbId}}}}");
        var keys = new List<HeldKey>();
        for (var (after, more) = ((string?)null, true); more; more = after is not null)
        {
            var page = Assert.IsType<KeyPageAnswer.Page>(await scene.Api.ListKeysAsync(after, TestContext.Current.CancellationToken));
            keys.AddRange(page.Keys);
            after = page.Next;
        }
        Assert.Equal([new HeldKey(XledgerScene.Key(One), "NOK", 7_500, scene.Xledger.Bookings[0].Reference), new HeldKey(XledgerScene.Key(Two), "NOK", 5_050, scene.Xledger.Bookings[1].Reference)], keys);
    }

    [Fact]
    public async Task A_voucher_at_the_end_of_a_page_is_listed_once_with_its_whole_total()
    {
        await using var scene = await XledgerScene.StartAsync();
        // Pages have 5,000 lines; 2,500 times 3 lines and a page break within a voucher.
        var claims = Enumerable.Range(1, 2_500).Select(n => XledgerScene.Claim($"P-{n}", 100, n)).ToList();
        foreach (var batch in claims.Chunk(250)) await scene.SendAsync(batch);
        var keys = new List<HeldKey>();
        for (string? after = "staged:"; after is not null;)
        {
            var page = Assert.IsType<KeyPageAnswer.Page>(await scene.Api.ListKeysAsync(after, TestContext.Current.CancellationToken));
            keys.AddRange(page.Keys);
            after = page.Next;
        }
        Assert.Equal(claims.Select(claim => (XledgerScene.Key(claim), (long?)claim.TotalMinor)), keys.Select(key => (key.ExportKey, key.TotalMinor)));
    }
}
