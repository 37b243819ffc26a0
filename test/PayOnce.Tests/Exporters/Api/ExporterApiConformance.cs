using PayOnce.Exporters;
using PayOnce.Exporters.Api;
using PayOnce.Guard;
using PayOnce.Sandbox;

namespace PayOnce.Tests.Exporters.Api;

/// <summary>
/// What every exporter's API must do, judged by what its stand-in has booked. A subclass opens its exporter against its stand-in and says
/// where the two systems differ.
/// </summary>
public abstract partial class ExporterApiConformance
{
    /// <summary>Claims in a batch of these tests.</summary>
    protected const int Claims = 3;

    /// <summary>The stand-in over which everything is well.</summary>
    protected abstract IStandIn CreateStandIn(TimeProvider clock);

    protected abstract IntegrationSettings Settings(Uri address);

    /// <summary>The secrets; none of their values may come out again anywhere.</summary>
    protected abstract IReadOnlyDictionary<string, string> Secrets { get; }

    /// <summary>Part of the path of the request that books.</summary>
    protected abstract string BookingPath { get; }

    /// <summary>Which kind of booking pays.</summary>
    protected abstract string PaidKind { get; }

    /// <summary>Whether the system recognises a repeated request while it is fresh.</summary>
    protected abstract bool MergesRepeats { get; }

    /// <summary>The proof class that the exporter must declare.</summary>
    protected abstract ProofClass Proof { get; }

    /// <summary>What the exporter says of a claim the system took.</summary>
    protected virtual Evidence Taken => Evidence.Booked;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private bool CanReadBack => Proof.CanReadBack();

    [Fact]
    public async Task A_batch_that_is_taken_is_booked_once_and_each_claim_has_an_acknowledgement_of_its_own()
    {
        await using var bench = await OpenAsync();
        var batch = bench.Batch(Claims);

        var answered = Assert.IsType<SendAnswer.Answered>(await bench.SendAsync(batch));

        var accepted = answered.Claims.Cast<ClaimAnswer.Accepted>().ToList();
        Assert.Equal(batch.Claims.Select(c => c.ClaimId), accepted.Select(a => a.ClaimId));
        Assert.All(accepted, a => Assert.Equal(Taken, a.Evidence));
        Assert.Equal(Claims, accepted.Select(a => a.Acknowledgement).Distinct().Count());
        AssertBooked(bench, batch, 1);
        Assert.Equal(batch.Claims.Select(c => c.TotalMinor).Order(), Paid(bench).Select(b => b.TotalMinor).Order());
    }

    [Fact]
    public async Task What_is_declared_of_the_exporter_is_usable()
    {
        await using var bench = await OpenAsync();

        Assert.Equal(Proof, bench.Api.ProofClass);
        Assert.Equal(Proof == ProofClass.Windowed, bench.Api.Window > TimeSpan.Zero);
        Assert.True(bench.Api.QuietTime > TimeSpan.Zero);
        Assert.True(bench.Api.ClaimsPerBatch >= 1 && bench.Api.Parallel >= 1 && bench.Api.Timeout > TimeSpan.Zero);
        Assert.False(bench.Api.AutomaticRelease);
        var renderer = bench.Api.Renderer;
        Assert.True(renderer.Prologue.IsEmpty && renderer.Separator.IsEmpty && renderer.Epilogue.IsEmpty);
    }

    [Fact]
    public async Task Equal_claims_of_a_run_give_equal_bytes()
    {
        await using var bench = await OpenAsync();

        Assert.True(bench.Batch(Claims).Bytes.Span.SequenceEqual(bench.Batch(Claims, @try: 2).Bytes.Span));
    }

    [Fact]
    public async Task A_claim_that_is_refused_by_name_is_not_booked_and_the_others_are()
    {
        await using var bench = await OpenAsync();
        var batch = bench.Batch(Claims);
        bench.Faults.Script(new ScriptedFault(FaultKind.PartialFailure, After: 1));

        var answered = Assert.IsType<SendAnswer.Answered>(await bench.SendAsync(batch));

        var refused = Assert.Single(answered.Claims.OfType<ClaimAnswer.Refused>());
        Assert.NotEmpty(refused.Reason);
        Assert.Equal(Claims - 1, answered.Claims.OfType<ClaimAnswer.Accepted>().Count());
        Assert.Equal(batch.Claims.Where(c => c.ClaimId != refused.ClaimId).Select(c => c.ExportKey).Order(), Paid(bench).Select(b => b.Key).Order());
        if (CanReadBack) Assert.Equal(refused.ClaimId, Assert.IsType<ReadBackFinding.Absent>(Assert.Single(await bench.FindAsync(batch), f => f is not ReadBackFinding.Present)).ClaimId);
    }

    [Fact]
    public async Task A_claim_that_the_answer_does_not_speak_of_is_unknown()
    {
        await using var bench = await OpenAsync();
        var batch = bench.Batch(Claims);
        bench.Faults.Script(new ScriptedFault(FaultKind.IncompleteAnswer, After: 1));

        var outcomes = Outcomes(await bench.SendAsync(batch), batch);

        Assert.Contains(Outcome.Unknown, outcomes);
        Assert.DoesNotContain(Outcome.Refused, outcomes);
        AssertBooked(bench, batch, 1);
    }

    [Fact]
    public async Task The_same_bytes_sent_again_are_never_called_refused_and_are_booked_once_where_the_class_says_so()
    {
        await using var bench = await OpenAsync();
        var batch = bench.Batch(Claims);
        await bench.SendAsync(batch);

        var outcomes = Outcomes(await bench.SendAsync(batch with { Try = 2 }), batch);

        Assert.DoesNotContain(Outcome.Refused, outcomes);
        Assert.DoesNotContain(Outcome.NotProcessed, outcomes);
        if (MergesRepeats) AssertBooked(bench, batch, 1);
    }

    [Fact]
    public async Task A_claim_that_stands_there_twice_or_with_another_amount_is_a_conflict()
    {
        if (!CanReadBack) return;
        await using var bench = await OpenAsync();
        var batch = bench.Batch(Claims);
        await bench.SendAsync(batch);

        var other = batch with { Claims = [.. batch.Claims.Select((c, i) => i == 1 ? c with { TotalMinor = c.TotalMinor + 1 } : c)] };
        Assert.Equal(batch.Claims[1].ClaimId, Assert.Single((await bench.FindAsync(other)).OfType<ReadBackFinding.Conflict>()).ClaimId);

        if (MergesRepeats) return;
        await bench.SendAsync(batch);
        AssertBooked(bench, batch, 2);
        Assert.All(await bench.FindAsync(batch), finding => Assert.IsType<ReadBackFinding.Conflict>(finding));
    }

    [Fact]
    public async Task A_read_back_answers_for_each_claim_in_their_order()
    {
        await using var bench = await OpenAsync();
        var sent = bench.Batch(Claims);
        var never = bench.Batch(Claims, prefix: "N-");
        await bench.SendAsync(sent);

        var asked = sent with { Claims = [.. never.Claims.Zip(sent.Claims).SelectMany(pair => new[] { pair.First, pair.Second })] };
        if (!CanReadBack)
        {
            Assert.IsType<ReadBackAnswer.Failed>(await bench.ReadBackAsync(asked));
            return;
        }
        var findings = await bench.FindAsync(asked);

        Assert.Equal(asked.Claims.Select(c => c.ClaimId), findings.Select(f => f.ClaimId));
        Assert.All(findings.Where((_, i) => i % 2 == 0), f => Assert.IsType<ReadBackFinding.Absent>(f));
        Assert.All(findings.Where((_, i) => i % 2 == 1), f => Assert.NotEmpty(Assert.IsType<ReadBackFinding.Present>(f).Acknowledgement));
    }

    [Fact]
    public async Task Nobody_asked_about_nothing_gets_an_answer_of_nothing()
    {
        await using var bench = await OpenAsync();
        var nothing = bench.Batch(1) with { Claims = [] };
        if (CanReadBack) Assert.Empty(await bench.FindAsync(nothing));
    }

    [Fact]
    public async Task Every_key_that_was_sent_is_in_the_list_of_keys_once()
    {
        if (!CanReadBack) return;
        await using var bench = await OpenAsync();
        var batch = bench.Batch(Claims);
        await bench.SendAsync(batch);

        var listed = new List<HeldKey>();
        string? after = null;
        do
        {
            var page = Assert.IsType<KeyPageAnswer.Page>(await bench.Api.ListKeysAsync(after, Cancel));
            listed.AddRange(page.Keys);
            after = page.Next;
        }
        while (after is not null);

        Assert.Equal(batch.Claims.Select(c => c.ExportKey).Order(), listed.Select(k => k.ExportKey).Order());
    }

    [Fact]
    public async Task Testing_the_connection_finds_nothing_wrong_and_leaves_nothing_that_is_paid()
    {
        await using var bench = await OpenAsync();

        var checks = await bench.Api.TestConnectionAsync(Cancel);

        Assert.NotEmpty(checks);
        Assert.All(checks, check => Assert.Null(check.Trouble));
        Assert.Empty(Paid(bench));
    }

    private Task<ApiBench> OpenAsync() => ApiBench.OpenAsync(CreateStandIn, Settings, Secrets);

    private protected static List<Outcome> Outcomes(SendAnswer answer, ApiBatch batch)
    {
        if (answer is not SendAnswer.Answered answered)
        {
            var all = answer switch
            {
                SendAnswer.NotProcessed => Outcome.NotProcessed,
                SendAnswer.Refused => Outcome.Refused,
                SendAnswer.Unknown => Outcome.Unknown,
                _ => throw new InvalidOperationException("A kind of answer that nobody knows."),
            };
            return [.. batch.Claims.Select(_ => all)];
        }
        Assert.Subset(batch.Claims.Select(c => c.ClaimId).ToHashSet(), answered.Claims.Select(c => c.ClaimId).ToHashSet());
        var byClaim = answered.Claims.ToDictionary(c => c.ClaimId);
        return [.. batch.Claims.Select(claim => byClaim.GetValueOrDefault(claim.ClaimId) switch
        {
            ClaimAnswer.Accepted => Outcome.Accepted,
            ClaimAnswer.Refused => Outcome.Refused,
            _ => Outcome.Unknown,
        })];
    }

    private IReadOnlyList<Booking> Paid(ApiBench bench) => [.. bench.Sandbox.StandIn.Bookings.Where(b => b.Kind == PaidKind)];

    private void AssertBooked(ApiBench bench, ApiBatch batch, int times)
    {
        var paid = Paid(bench).GroupBy(b => b.Key).ToDictionary(g => g.Key, g => g.Count());
        Assert.All(batch.Claims, claim => Assert.Equal(times, paid.GetValueOrDefault(claim.ExportKey)));
    }

    private protected enum Outcome
    {
        Accepted,
        Refused,
        NotProcessed,
        Unknown,
    }
}
