using System.Globalization;
using System.Text;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

public abstract partial class StoreProtocol
{
    /// <summary>Rounds of a race between two steps: enough that each order was seen, few enough for every run of the tests.</summary>
    private const int Rounds = 12;

    /// <summary>Lets several processes do the same at the same moment, each with a store of its own.</summary>
    private protected async Task<T[]> RaceAsync<T>(int processes, Func<IStore, int, Task<T>> act)
    {
        using var start = new ManualResetEventSlim();
        var racing = Enumerable.Range(0, processes).Select(number => (Number: number, Store: Open()))
            .Select(process => Task.Run(() =>
            {
                start.Wait(Cancel);
                return act(process.Store, process.Number);
            }, Cancel)).ToArray();
        start.Set();
        return await Task.WhenAll(racing);
    }

    [Theory, InlineData(2), InlineData(8)]
    public async Task Of_processes_that_want_the_lease_at_the_same_moment_one_gets_it(int processes)
    {
        for (var round = 0; round < 3; round++)
        {
            var answers = await RaceAsync(processes, (store, number) => store.TakeLeaseAsync(A.LeaseRequest(holder: FormattableString.Invariant($"node-{number}")), _ => false, Cancel));

            var taken = Assert.IsType<LeaseAnswer.Taken>(Assert.Single(answers, answer => answer is LeaseAnswer.Taken)).Lease;
            Assert.All(answers.OfType<LeaseAnswer.Busy>(), busy => Assert.Equal(taken.RunId, busy.Run.RunId));
            Assert.Equal(round + 1, taken.RunId);
            Assert.True(await Store.FinishRunAsync(taken, RunState.Finished, null, Cancel));
        }
    }

    [Theory, InlineData(2), InlineData(8)]
    public async Task Of_processes_that_take_over_an_expired_lease_one_gets_it(int processes)
    {
        var dead = await TestRun.TakeAsync(Store, A.LeaseRequest(duration: TimeSpan.Zero));

        var answers = await RaceAsync(processes, (store, number) => store.TakeLeaseAsync(A.LeaseRequest(holder: FormattableString.Invariant($"node-{number}")), _ => false, Cancel));

        Assert.True(Assert.IsType<LeaseAnswer.Taken>(Assert.Single(answers, answer => answer is LeaseAnswer.Taken)).Lease.Epoch > dead.Lease.Epoch);
        Assert.Equal(2, (await Store.ListRunsAsync(A.Org, null, 100, Cancel)).Count);
    }

    [Theory, InlineData(2), InlineData(8)]
    public async Task Every_claim_is_reserved_exactly_once_however_many_reserve_at_the_same_moment(int processes)
    {
        const int claims = 400;
        await TakeInAsync(A.Records(claims));
        var run = await TestRun.TakeAsync(Store);
        await run.CountAsync();
        var batch = 0;

        var taken = await RaceAsync(processes, async (store, _) =>
        {
            var mine = new List<string>();
            while (true)
            {
                var given = new List<string>();
                var request = new ReserveRequest(ClaimScope.Everything, Interlocked.Increment(ref batch), null, 7);
                var answer = await store.ReserveAsync(run.Lease, request, (_, candidates) =>
                {
                    given.AddRange(candidates.Select(candidate => candidate.Claim.ClaimId));
                    return new TextRenderer().Render(candidates, 1);
                }, Cancel);
                if (answer is ReserveAnswer.NothingLeft) return mine;
                mine.AddRange(given);
            }
        });

        Assert.Equal(A.Records(claims).Select(claim => claim.ClaimId), taken.SelectMany(mine => mine).Order(StringComparer.Ordinal));
        Assert.Empty(await WaitingAsync());
        Assert.Equal(new RunCounters(claims, 0, claims, 0, 0, 0, 0), (await RunAsync(run.RunId)).Counters);
        var attempts = await Store.ListAttemptsAsync(A.Org, run.RunId, Cancel);
        Assert.Equal(claims, attempts.SelectMany(attempt => attempt.ClaimIds!).Distinct().Count());
        Assert.Equal(claims, attempts.Sum(attempt => attempt.ClaimIds!.Count));
    }

    [Theory, InlineData(2), InlineData(8)]
    public async Task The_same_claims_taken_in_by_several_processes_are_added_once(int processes)
    {
        var claims = A.Records(100);

        var outcomes = await RaceAsync(processes, (store, _) => store.TakeInAsync(A.Org, claims, "claims.json", "kari", Cancel));

        for (var i = 0; i < claims.Length; i++)
            Assert.IsType<IntakeOutcome.Added>(Assert.Single(outcomes, outcome => outcome[i] is not IntakeOutcome.Unchanged)[i]);
        Assert.Equal(100, (await WaitingAsync()).Length);
    }

    [Fact]
    public async Task An_organisation_added_by_several_processes_is_added_once()
    {
        var answers = await RaceAsync(8, (store, _) => store.AddOrganisationAsync(A.Organisation("third"), "kari", Cancel));
        Assert.Single(answers, added => added);
        Assert.Single(await AssertChainIsWholeAsync(Store, "third"));
    }

    [Fact]
    public async Task Settings_saved_by_several_processes_get_a_version_each()
    {
        var versions = await RaceAsync(8, (store, number) => store.SaveIntegrationAsync(A.Org, FormattableString.Invariant($$"""{"number":{{number}}}"""), "kari", Cancel));
        Assert.Equal(Enumerable.Range(1, 8), versions.Order());
    }

    [Fact]
    public async Task A_re_export_forced_by_several_people_at_the_same_moment_is_one()
    {
        await ExportAsync(A.Record("A-1"));
        var answers = await RaceAsync(8, (store, _) => store.RequestReExportAsync(A.Org, "A-1", "lost", "kari", Cancel));
        Assert.Single(answers, answer => answer is ReExportAnswer.Requested);
        Assert.Equal(7, answers.Count(answer => answer == new ReExportAnswer.NotExported(MarkState.Released)));
        Assert.Equal(2, (await HistoryAsync("A-1")).Marks.Count);
    }

    [Fact]
    public async Task Two_people_who_settle_a_claim_differently_settle_it_once()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var claimId = FormattableString.Invariant($"A-{round}");
            await LeaveInDoubtAsync(A.Record(claimId));
            var before = await RaceAsync(2, (store, number) => store.DecideAsync(A.Org, claimId, number == 0 ? MarkState.Exported : MarkState.Released, FormattableString.Invariant($"person {number}"), "kari", Cancel));

            Assert.Single(before, mark => mark!.State == MarkState.InDoubt);
            var winner = before[0]!.State == MarkState.InDoubt ? 0 : 1;
            var mark = await MarkAsync(claimId);
            Assert.Equal((winner == 0 ? MarkState.Exported : MarkState.Released, FormattableString.Invariant($"person {winner}")), (mark.State, mark.Reason));
            Assert.Equal(mark.State, before[1 - winner]!.State);
            if (winner == 1) await TestRun.ExportEverythingAsync(Store);
        }
    }

    [Fact]
    public async Task A_file_is_either_imported_or_rolled_back_never_both()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var run = await ExportAsync(A.Records(3, FormattableString.Invariant($"R{round}-")));
            var answers = await RaceAsync(2, async (store, number) => (object?)(number == 0
                ? await store.RecordImportAsync(A.Org, run.RunId, "V-1", "kari", Cancel)
                : await store.RollBackAsync(A.Org, run.RunId, "never imported", "ola", Cancel)));

            var imported = answers[0] is not null;
            Assert.Equal(imported, answers[1] is RollBackAnswer.NotPossible);
            var marks = await Store.ListRunMarksAsync(A.Org, run.RunId, null, 100, Cancel);
            Assert.All(marks, mark => Assert.Equal(imported ? MarkState.Exported : MarkState.Released, mark.State));
            Assert.Equal(imported ? 0 : marks.Count, (await WaitingAsync()).Length);
        }
    }

    [Fact]
    public async Task A_file_rolled_back_by_several_people_is_rolled_back_once()
    {
        var run = await ExportAsync(A.Records(3));
        var answers = await RaceAsync(8, (store, _) => store.RollBackAsync(A.Org, run.RunId, "never imported", "kari", Cancel));
        Assert.Equal(new RollBackAnswer.RolledBack(3), Assert.Single(answers, answer => answer is RollBackAnswer.RolledBack));
        Assert.Equal(3, (await WaitingAsync()).Length);
        Assert.Equal(3, (await RunAsync(run.RunId)).Counters.Released);
    }

    /// <summary>What stands in the file and what is stored as the claim must be one and the same.</summary>
    [Fact]
    public async Task A_claim_changed_at_the_moment_it_is_reserved_leaves_as_it_is_stored()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var claimId = FormattableString.Invariant($"A-{round}");
            await TakeInAsync(A.Record(claimId, 1_000));
            var run = await TestRun.TakeAsync(Store);
            var bytes = "";
            var answers = await RaceAsync(2, async (store, number) =>
            {
                if (number == 0) return (await store.TakeInAsync(A.Org, [A.Record(claimId, 2_000)], "claims.json", "kari", Cancel))[0];
                var answer = await store.ReserveAsync(run.Lease, new ReserveRequest(ClaimScope.Everything, 1, null, 10), (_, claims) => new TextRenderer().Render(claims, 1), Cancel);
                bytes = Encoding.UTF8.GetString(Assert.Single(Assert.IsType<ReserveAnswer.Reserved>(answer).Batches).Rendered.Bytes.Span);
                return (object)answer;
            });

            var stored = (await HistoryAsync(claimId)).Claim!.TotalMinor;
            Assert.Contains(string.Create(CultureInfo.InvariantCulture, $" {stored} NOK"), bytes, StringComparison.Ordinal);
            Assert.Equal(stored == 2_000 ? new IntakeOutcome.Updated() : new IntakeOutcome.Left(MarkState.Reserved, run.RunId), answers[0]);
            await run.ReleaseAsync();
            await run.FinishAsync(RunState.Cancelled);
            await Store.AdoptAsync(A.Org, [new AdoptedClaim(claimId, "done")], "out of the way", "kari", "node-1", Cancel);
        }
    }

    /// <summary>A claim that is withdrawn at the moment a run takes it either leaves or is withdrawn, and whoever asked for it knows which.</summary>
    [Fact]
    public async Task A_withdrawal_and_a_reserve_agree_on_who_has_the_claim()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var ids = Enumerable.Range(1, 6).Select(n => FormattableString.Invariant($"W-{round}-{n}")).ToArray();
            await TakeInAsync([.. ids.Select(id => A.Record(id))]);
            var run = await TestRun.TakeAsync(Store);
            var taken = new List<string>();
            var answers = await RaceAsync(3, async (store, number) =>
            {
                if (number < 2) return await store.WithdrawAsync(A.Org, number == 0 ? ids : [.. ids.Reverse()], "approved by mistake", "kari", Cancel);
                var answer = await store.ReserveAsync(run.Lease, new ReserveRequest(ClaimScope.Everything, 1, null, 10), (_, claims) => new TextRenderer().Render(claims, 1), Cancel);
                if (answer is ReserveAnswer.Reserved reserved) taken.AddRange(ids.Where(id => Encoding.UTF8.GetString(reserved.Batches[0].Rendered.Bytes.Span).Contains(id, StringComparison.Ordinal)));
                return (object)answer;
            });

            var (one, other) = ((IReadOnlyList<WithdrawOutcome>)answers[0], ((IReadOnlyList<WithdrawOutcome>)answers[1]).Reverse().ToList());
            for (var i = 0; i < ids.Length; i++)
            {
                if (taken.Contains(ids[i])) Assert.Equal([new WithdrawOutcome.Held(MarkState.Reserved, run.RunId), new WithdrawOutcome.Held(MarkState.Reserved, run.RunId)], [one[i], other[i]]);
                else Assert.True((one[i], other[i]) is (WithdrawOutcome.Withdrawn, WithdrawOutcome.Already) or (WithdrawOutcome.Already, WithdrawOutcome.Withdrawn), $"{one[i]} and {other[i]}");
                Assert.Equal(!taken.Contains(ids[i]), (await HistoryAsync(ids[i])).Withdrawal is not null);
            }
            await run.ReleaseAsync();
            await run.FinishAsync(RunState.Cancelled);
            await Store.AdoptAsync(A.Org, [.. ids.Select(id => new AdoptedClaim(id, "done"))], "out of the way", "kari", "node-1", Cancel);
            Assert.Empty(await Store.CheckAsync(Cancel));
        }
    }

    /// <summary>The old process confirms while the new one takes over and recovers: one of them decides, and both agree on it.</summary>
    [Theory, InlineData(false), InlineData(true)]
    public async Task A_confirmation_and_a_take_over_cannot_pass_each_other(bool start)
    {
        for (var round = 0; round < Rounds; round++)
        {
            await TakeInAsync(A.Records(3, FormattableString.Invariant($"R{round}-")));
            var old = await TestRun.TakeOverAsync(Store);
            await Store.RecoverAsync(old.Lease, Cancel);
            await old.CountAsync();
            await old.ReserveAllAsync();
            if (start) await old.StartAsync();
            var draft = old.Draft(start ? "/outside" : null);

            var answers = await RaceAsync(2, async (store, number) =>
            {
                if (number == 0) return (object?)await store.ConfirmFileAsync(old.Lease, draft, _ => "{}"u8.ToArray(), Cancel);
                var next = await TestRun.TakeOverAsync(store);
                var recovered = await store.RecoverAsync(next.Lease, Cancel);
                await next.FinishAsync();
                return recovered;
            });

            var confirmed = answers[0] is not null;
            var recovered = Assert.Single((IReadOnlyList<RecoveredRun>)answers[1]!);
            Assert.Equal(confirmed ? RunState.Finished : RunState.Failed, recovered.Run.State);
            var expected = confirmed ? MarkState.Exported : start ? MarkState.InDoubt : MarkState.Released;
            Assert.All(await Store.ListRunMarksAsync(A.Org, old.RunId, null, 10, Cancel), mark => Assert.Equal(expected, mark.State));
            AssertBalanced((await RunAsync(old.RunId)).Counters);
        }
    }

    [Fact]
    public async Task An_adoption_and_a_run_at_the_same_moment_never_both_have_a_claim()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var claimId = FormattableString.Invariant($"A-{round}");
            await TakeInAsync(A.Record(claimId));
            var answers = await RaceAsync(2, async (store, number) =>
            {
                if (number == 0) return (object)await store.AdoptAsync(A.Org, [new AdoptedClaim(claimId, "V")], "cut-over", "kari", "node-0", Cancel);
                return await TestRun.ExportEverythingAsync(store);
            });

            var adopted = answers[0] is AdoptAnswer.Adopted { Count: 1 };
            Assert.Equal(adopted ? 0 : 1, ((TestRun)answers[1]).Taken.Count);
            Assert.Equal(MarkState.Exported, (await MarkAsync(claimId)).State);
        }
    }

    [Fact]
    public async Task Eight_processes_that_do_everything_at_once_leave_every_claim_exported_once()
    {
        await RaceAsync(8, async (store, number) =>
        {
            var claims = A.Records(20, FormattableString.Invariant($"P{number}-"));
            await store.TakeInAsync(A.Org, claims, "claims.json", "kari", Cancel);
            for (var turn = 0; turn < 3; turn++)
            {
                var answer = await store.TakeLeaseAsync(A.LeaseRequest(holder: FormattableString.Invariant($"node-{number}")), _ => turn == 1, Cancel);
                if (answer is not LeaseAnswer.Taken taken) continue;
                var run = new TestRun(store, taken.Lease, ClaimScope.Everything);
                // Each may be fenced off by another at any step; then it does nothing more.
                if (await store.RecoverAsync(run.Lease, Cancel) is null || await store.CountScopeAsync(run.Lease, ClaimScope.Everything, Cancel) is null) continue;
                var reserved = await run.ReserveAsync(30);
                if (reserved is ReserveAnswer.Reserved page && page.Batches.Sum(batch => batch.Rendered.Claims) > 0 && await run.ConfirmAsync() is null) continue;
                await store.FinishRunAsync(run.Lease, RunState.Finished, null, Cancel);
            }
            return true;
        });
        var last = await TestRun.TakeOverAsync(Store);
        await Store.RecoverAsync(last.Lease, Cancel);
        await last.CountAsync();
        await last.ReserveAllAsync();
        if (last.Taken.Count > 0) Assert.NotNull(await last.ConfirmAsync());
        await last.FinishAsync();

        var exported = new List<string>();
        foreach (var run in await Store.ListRunsAsync(A.Org, null, 100, Cancel))
        {
            Assert.NotEqual(RunState.Running, run.State);
            if ((await Store.FindFileAsync(A.Org, run.RunId, Cancel)) is null) continue;
            var lines = Encoding.UTF8.GetString(await Dump.BytesAsync(Store, A.Org, run.RunId)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            exported.AddRange(lines.Select(line => line.Split(' ')[2]));
        }
        Assert.Equal(160, exported.Count);
        Assert.Equal(160, exported.Distinct().Count());
        Assert.Empty(await WaitingAsync());
    }
}
