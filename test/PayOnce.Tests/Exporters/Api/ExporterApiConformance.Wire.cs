using PayOnce.Exporters.Api;
using PayOnce.Sandbox;

namespace PayOnce.Tests.Exporters.Api;

/// <summary>What the network does, and what may be concluded from it.</summary>
public abstract partial class ExporterApiConformance
{
    // Kind, whether the claims are booked in the end, and what may be said of them: 429 and 503 with Retry-After alone prove something.
    public static TheoryData<string, int?, bool, string> EveryWireFault => new()
    {
        { "AnswerLost", null, true, "Unknown" },
        { "RequestLost", null, false, "Unknown" },
        { "ResetMidBody", null, true, "Unknown" },
        { "LateProcessing", null, true, "Unknown" },
        { "TooManyRequests", null, false, "NotProcessed" },
        { "Unavailable", null, false, "NotProcessed" },
        { "ErrorBefore", 500, false, "Unknown" },
        { "ErrorBefore", 502, false, "Unknown" },
        { "ErrorBefore", 504, false, "Unknown" },
        { "ErrorAfter", 500, true, "Unknown" },
        { "ErrorAfter", 502, true, "Unknown" },
        { "ErrorAfter", 504, true, "Unknown" },
        { "Truncated", null, true, "Unknown" },
        { "Garbled", null, true, "Unknown" },
        { "Redirect", null, false, "Unknown" },
    };

    [Theory]
    [MemberData(nameof(EveryWireFault))]
    public async Task A_fault_on_the_wire_proves_only_what_it_proves_and_the_read_back_tells_the_rest(string kind, int? status, bool booked, string outcome)
    {
        await using var bench = await OpenAsync();
        var batch = await WarmAsync(bench);
        bench.Faults.Script(new ScriptedFault(Enum.Parse<FaultKind>(kind), Path: BookingPath, Delay: TimeSpan.FromMinutes(10), Status: status));

        var outcomes = Outcomes(await bench.SendAsync(batch), batch);

        if (Claims == outcomes.Count) AssertNothingIsGuessed(outcomes, Enum.Parse<Outcome>(outcome));
        await bench.LetTimePassAsync();
        await AssertReadBackIsTrueAsync(bench, batch);
        if (Proof != ProofClass.Blind && outcomes.Distinct().Count() == 1) AssertBooked(bench, batch, booked ? 1 : 0);
    }

    [Fact]
    public async Task Waiting_as_long_as_the_system_asks_is_told()
    {
        await using var bench = await OpenAsync();
        var batch = await WarmAsync(bench);
        bench.Faults.Script(new ScriptedFault(FaultKind.TooManyRequests, Path: BookingPath, Delay: TimeSpan.FromSeconds(7)));

        if (await bench.SendAsync(batch) is SendAnswer.NotProcessed answer) Assert.Equal(TimeSpan.FromSeconds(7), answer.After);
        else Assert.Fail("429 with Retry-After is proof that nothing was processed.");
    }

    [Fact]
    public async Task An_answer_after_the_time_is_over_is_no_answer()
    {
        await using var bench = await OpenAsync();
        var batch = await WarmAsync(bench);
        bench.Faults.Script(new ScriptedFault(FaultKind.LateAnswer, Path: BookingPath, Delay: bench.Api.Timeout + TimeSpan.FromHours(1)));

        var sending = bench.SendAsync(batch);
        while (!sending.IsCompleted)
        {
            bench.Clock.Advance(bench.Api.Timeout / 4);
            await Task.Delay(20, Cancel);
        }

        Assert.DoesNotContain(Outcomes(await sending, batch), o => o is Outcome.Refused or Outcome.NotProcessed);
        Assert.Contains(Outcome.Unknown, Outcomes(await sending, batch));
        await bench.LetTimePassAsync();
        await AssertReadBackIsTrueAsync(bench, batch);
    }

    [Fact]
    public async Task What_is_processed_late_is_absent_first_and_present_then()
    {
        if (!CanReadBack) return;
        await using var bench = await OpenAsync();
        var batch = await WarmAsync(bench);
        bench.Faults.Script(new ScriptedFault(FaultKind.LateProcessing, Path: BookingPath, Delay: TimeSpan.FromMinutes(2)));

        Assert.Contains(Outcome.Unknown, Outcomes(await bench.SendAsync(batch), batch));

        Assert.Contains(await bench.FindAsync(batch), f => f is ReadBackFinding.Absent);
        await bench.LetTimePassAsync();
        await AssertReadBackIsTrueAsync(bench, batch);
    }

    [Fact]
    public async Task A_request_that_a_proxy_delivers_twice_is_booked_once_or_shows_in_the_read_back()
    {
        await using var bench = await OpenAsync();
        var batch = await WarmAsync(bench);
        bench.Faults.Script(new ScriptedFault(FaultKind.DuplicateDelivery, Path: BookingPath));

        Assert.DoesNotContain(Outcome.Refused, Outcomes(await bench.SendAsync(batch), batch));

        if (MergesRepeats) AssertBooked(bench, batch, 1);
        await AssertReadBackIsTrueAsync(bench, batch);
    }

    [Theory]
    [InlineData(FaultKind.AnswerLost)]
    [InlineData(FaultKind.RequestLost)]
    [InlineData(FaultKind.Redirect)]
    public async Task One_try_is_one_request_even_on_a_connection_that_was_used_before(FaultKind kind)
    {
        await using var bench = await OpenAsync();
        var batch = await WarmAsync(bench);
        var before = Bookings(bench);
        bench.Faults.Script(new ScriptedFault(kind, Path: BookingPath));

        await bench.SendAsync(batch);
        await bench.LetTimePassAsync();

        Assert.Single(bench.Requests, r => r.Fault == kind);
        Assert.DoesNotContain(bench.Requests, r => r.Path.StartsWith("/redirected", StringComparison.Ordinal));
        Assert.True(Bookings(bench) - before <= Claims);

        static int Bookings(ApiBench bench) => bench.Sandbox.StandIn.Bookings.Count;
    }

    [Fact]
    public async Task A_system_that_cannot_be_reached_got_nothing_and_knows_nothing()
    {
        await using var bench = await OpenAsync();
        var batch = bench.Batch(Claims);
        await bench.Sandbox.DisposeAsync();

        Assert.IsType<SendAnswer.NotProcessed>(await bench.SendAsync(batch));
        Assert.IsType<ReadBackAnswer.Failed>(await bench.ReadBackAsync(batch));
        Assert.IsType<KeyPageAnswer.Failed>(await bench.Api.ListKeysAsync(null, Cancel));
        Assert.Contains(await bench.Api.TestConnectionAsync(Cancel), check => check.Trouble is not null);
    }

    [Fact]
    public async Task A_host_that_goes_down_in_the_middle_of_a_try_leaves_it_unknown()
    {
        await using var bench = await OpenAsync();
        var batch = await WarmAsync(bench);
        bench.Faults.Script(new ScriptedFault(FaultKind.LateAnswer, Path: BookingPath, Delay: TimeSpan.FromHours(1)));
        using var down = new CancellationTokenSource();

        var sending = bench.Api.SendAsync(batch, down.Token);
        while (!bench.Faults.Happened.ContainsKey(FaultKind.LateAnswer)) await Task.Delay(5, Cancel);
        await down.CancelAsync();

        Assert.Contains(Outcome.Unknown, Outcomes(await sending, batch));
        Assert.DoesNotContain(Outcome.Refused, Outcomes(await sending, batch));
    }

    /// <summary>Sends another batch first: tokens are fetched, vendors are known, and the connection is one that was used before.</summary>
    private static async Task<ApiBatch> WarmAsync(ApiBench bench)
    {
        var warm = bench.Batch(Claims, prefix: "W-");
        Assert.All(Outcomes(await bench.SendAsync(warm), warm), outcome => Assert.Equal(Outcome.Accepted, outcome));
        return bench.Batch(Claims);
    }

    // A system of several requests may get past the fault with some claims; with the one that was hit it may not.
    private static void AssertNothingIsGuessed(List<Outcome> outcomes, Outcome expected)
    {
        Assert.Contains(expected, outcomes);
        Assert.DoesNotContain(Outcome.Refused, outcomes);
        if (expected == Outcome.Unknown) Assert.DoesNotContain(Outcome.NotProcessed, outcomes);
    }

    /// <summary>What the read-back says is what the stand-in has booked.</summary>
    private async Task AssertReadBackIsTrueAsync(ApiBench bench, ApiBatch batch)
    {
        if (!CanReadBack) return;
        var findings = await bench.FindAsync(batch);
        var paid = Paid(bench).GroupBy(b => b.Key).ToDictionary(g => g.Key, g => g.Count());
        Assert.Equal(
            batch.Claims.Select(claim => paid.GetValueOrDefault(claim.ExportKey)),
            findings.Select(finding => finding switch
            {
                ReadBackFinding.Absent => 0,
                ReadBackFinding.Present => 1,
                _ => 2,
            }));
    }
}
