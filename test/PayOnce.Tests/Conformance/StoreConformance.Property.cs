using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

public abstract partial class StoreConformance
{
    private const int MovesInASequence = 25;

    /// <summary>How many sequences are played: fewer where each step is a round trip to a server.</summary>
    protected virtual int Sequences => 60;

    /// <summary>A failure prints the seed, with which FsCheck's <c>WithReplay</c> plays the same again, and the shortest sequence that still fails.</summary>
    [Fact]
    public async Task Whatever_happens_in_whatever_order_no_claim_leaves_twice_without_a_forced_re_export_and_none_is_lost()
    {
        var move =
            from kind in Gen.Elements(Enum.GetValues<MoveKind>().Concat([MoveKind.TakeIn, MoveKind.TakeIn, MoveKind.ExportAndFinish]))
            from which in Gen.Choose(0, 1_000)
            from how in Gen.Choose(0, 1_000)
            from lose in Gen.Choose(0, 3)
            select new Move(kind, which, how, lose == 0);
        var nodes = new[] { Store, Open() };
        var sequences = Arb.From(move.ArrayOf(MovesInASequence), Shorter);
        var played = 0;

        Prop.ForAll(sequences, moves => PlayAsync(nodes, moves, ++played)).Check(Config.QuickThrowOnFailure.WithMaxTest(Sequences));

        Assert.True(played >= Sequences);
        Assert.Empty(await Store.CheckAsync(Cancel));
    }

    private static IEnumerable<Move[]> Shorter(Move[] moves)
    {
        for (var length = moves.Length / 2; length > 0; length /= 2)
        {
            for (var from = 0; from + length <= moves.Length; from += length) yield return [.. moves[..from], .. moves[(from + length)..]];
        }
    }

    /// <summary>Plays a sequence in an organisation of its own.</summary>
    private async Task PlayAsync(IStore[] nodes, Move[] moves, int number)
    {
        var organisationId = FormattableString.Invariant($"sequence-{number}");
        Assert.True(await Store.AddOrganisationAsync(A.Organisation(organisationId), "set-up", Cancel));
        var player = new GuardPlayer(nodes, organisationId);
        var observed = new Dictionary<(string ClaimId, int Generation), Mark>();
        foreach (var move in moves)
        {
            using (move.LoseAnswers ? Database.LoseAnswers(nodes[0]) : null)
            using (move.LoseAnswers ? Database.LoseAnswers(nodes[1]) : null) await player.PlayAsync(move);
            await CompareClaimsAsync(player.Model, organisationId, observed, move.Kind);
            await CompareRunsAsync(player.Model, organisationId);
        }
        await AssertChainIsWholeAsync(Store, organisationId);
        await AssertNothingIsInTwoFilesAsync(organisationId, player.ReleasedByPerson);
    }

    private async Task CompareClaimsAsync(GuardModel model, string organisationId, Dictionary<(string ClaimId, int Generation), Mark> observed, MoveKind move)
    {
        foreach (var (claimId, claim) in model.Claims)
        {
            var history = await Store.FindClaimAsync(organisationId, claimId, Cancel);
            Assert.Equal(claim.TakenInContent is null && claim.Marks.Count == 0, history is null);
            if (history is null) continue;
            Assert.Equal(claim.TakenInContent is { } content ? 1_000 + content : null, history.Claim?.TotalMinor);
            Assert.Equal(claim.Waits, history.Waiting);
            Assert.Equal(claim.Withdrawn, history.Withdrawal is not null);
            Assert.Equal(
                claim.Marks.Select((mark, generation) => (generation, mark.State, mark.Evidence, mark.Attempt, mark.Run?.RunId ?? 0, ExportKey.Derive(organisationId, claimId, generation))),
                history.Marks.Select(mark => (mark.Generation, mark.State, mark.Evidence, mark.Attempt, mark.RunId, mark.ExportKey)));
            foreach (var mark in history.Marks)
            {
                AssertMayFollow(observed.GetValueOrDefault((claimId, mark.Generation)), mark, move);
                observed[(claimId, mark.Generation)] = mark;
            }
            Assert.Equal(observed.Count(seen => seen.Key.ClaimId == claimId), history.Marks.Count);
            Assert.True(history.Marks.Count(mark => mark.State == MarkState.Exported) <= 1 + claim.ForcedReExports, "More generations are exported than anybody asked for.");
        }
    }

    /// <summary>The rules that need no model: what may never happen to a mark.</summary>
    private static void AssertMayFollow(Mark? before, Mark after, MoveKind move)
    {
        if (before is null) return;
        Assert.True(after.Epoch >= before.Epoch, "A mark's epoch fell.");
        Assert.True(after.Attempt >= before.Attempt, "A mark's attempt fell.");
        if (before.State != MarkState.Exported) return;
        if (after.State == MarkState.Exported) Assert.True(after.Evidence >= before.Evidence, "The evidence of an export fell.");
        else Assert.Equal((MoveKind.RollBack, MarkState.Released, Evidence.InFile), (move, after.State, before.Evidence!.Value));
    }

    private async Task CompareRunsAsync(GuardModel model, string organisationId)
    {
        var runs = (await Store.ListRunsAsync(organisationId, null, 1_000, Cancel)).OrderBy(run => run.RunId).ToList();
        Assert.Equal(model.Runs.Count, runs.Count);
        foreach (var (expected, run) in model.Runs.Zip(runs))
        {
            Assert.Equal((expected.RunId, expected.Trigger), (run.RunId, run.Trigger));
            // Recording its import may also finish a run that had failed; the contract leaves that open.
            if (!expected.Imported) Assert.Equal(expected.State, run.State);
            Assert.Equal(expected.State == RunState.Running, run.EndedAt is null);
            Assert.Equal(expected.File, (await Store.FindFileAsync(organisationId, run.RunId, Cancel))?.State);
            if (expected.Trigger == RunTrigger.Adopt) Assert.Equal(expected.Counters.Exported, run.Counters.Exported);
            else Assert.Equal(expected.Counters, run.Counters);
            if (run.State != RunState.Running) Assert.True(run.Counters.Exported + run.Counters.Rejected + run.Counters.InDoubt + run.Counters.Released <= run.Counters.Candidates || run.Trigger == RunTrigger.Adopt);
        }
        var status = await Store.GetStatusAsync(organisationId, Cancel);
        long Newest(MarkState state) => model.Claims.Values.Count(claim => !claim.Withdrawn && claim.Marks.Count > 0 && claim.Marks[^1].State == state);
        Assert.Equal(
            (model.Claims.Values.Count(claim => claim.TakenInContent is not null), model.WorkList.Count, Newest(MarkState.Reserved), Newest(MarkState.Exported), Newest(MarkState.Rejected), Newest(MarkState.InDoubt)),
            (status.Claims, status.Waiting, status.Reserved, status.Exported, status.Rejected, status.InDoubt));
        Assert.Equal(model.Open?.RunId, status.Running?.RunId);
        Assert.Equal(model.Claims.Values.Count(claim => claim.Withdrawn), status.Withdrawn);
        await CompareOverviewAsync(organisationId);
    }

    /// <summary>What a bookkeeper would see: no export key stands in two files that are out.</summary>
    private async Task AssertNothingIsInTwoFilesAsync(string organisationId, HashSet<string> butFor)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var run in await Store.ListRunsAsync(organisationId, null, 1_000, Cancel))
        {
            if (await Store.FindFileAsync(organisationId, run.RunId, Cancel) is not { State: RunFileState.Available }) continue;
            foreach (var line in Encoding.UTF8.GetString(await Dump.BytesAsync(Store, organisationId, run.RunId)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                var key = line.Split(' ')[1];
                Assert.True(keys.Add(key) || butFor.Contains(key), string.Create(CultureInfo.InvariantCulture, $"Key {key} stands in two files; the second is of run {run.RunId}."));
            }
        }
    }
}
