using PayOnce.Audit;
using PayOnce.Scheduling;
using PayOnce.Sources;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

/// <summary>Where claims are read from, how far that is, and what was told back.</summary>
public abstract partial class StoreConformance
{
    private static readonly TimeSpan Hold = TimeSpan.FromMinutes(10);

    private ISourceStore Sources => (ISourceStore)Store;

    [Fact]
    public async Task A_source_is_changed_by_one_at_a_time_and_another_view_is_read_from_its_beginning()
    {
        Assert.Null(await Sources.FindSourceAsync(A.Org, Cancel));
        var settings = new SourceSettings { WriteBackTable = "exports" };
        Assert.IsType<SaveAnswer<StoredSource>.Saved>(await Sources.SaveSourceAsync(A.Org, settings, 0, "kari", Cancel));
        Assert.IsType<SaveAnswer<StoredSource>.Changed>(await Sources.SaveSourceAsync(A.Org, settings, 0, "ola", Cancel));
        var taken = (await Sources.TakeReadingAsync(A.Org, Hold, Cancel))!;
        Assert.True(await Sources.KeepReadingAsync(taken, Step(A.Day(5), A.Day(6)), Hold, Cancel));

        Assert.IsType<SaveAnswer<StoredSource>.Saved>(await Sources.SaveSourceAsync(A.Org, settings with { BatchSize = 500 }, 1, "kari", Cancel));
        var kept = (await Sources.FindSourceAsync(A.Org, Cancel))!;
        Assert.Equal((A.Day(5), A.Day(6), 2, 500), (kept.ApprovedUntil, kept.WithdrawnUntil, kept.Version, kept.Settings.BatchSize));
        // What a reading brings by the old settings is not written down any more.
        Assert.False(await Sources.KeepReadingAsync(taken, Step(A.Day(9), null), Hold, Cancel));
        Assert.IsType<SaveAnswer<StoredSource>.Saved>(await Sources.SaveSourceAsync(A.Org, settings with { View = "other" }, 2, "kari", Cancel));
        Assert.Null((await Sources.FindSourceAsync(A.Org, Cancel))!.ApprovedUntil);
        Assert.Equal(3, (await AssertChainIsWholeAsync(Store, A.Org)).Count(told => told.Action == AuditActions.SourceChanged));
        Assert.Null(await Sources.FindSourceAsync(A.OtherOrg, Cancel));
    }

    [Fact]
    public async Task One_reads_at_a_time_and_how_far_it_came_never_goes_back()
    {
        await Sources.SaveSourceAsync(A.Org, new SourceSettings(), 0, "kari", Cancel);
        Assert.Equal([A.Org], await Sources.FindDueSourcesAsync(10, Cancel));
        var taken = await Sources.TakeReadingAsync(A.Org, Hold, Cancel);
        Assert.Null(await ((ISourceStore)Open()).TakeReadingAsync(A.Org, Hold, Cancel));
        Assert.Empty(await Sources.FindDueSourcesAsync(10, Cancel));

        Assert.True(await Sources.KeepReadingAsync(taken!, Step(A.Day(5), null, refused: ["B", "A"]), Hold, Cancel));
        Assert.True(await Sources.KeepReadingAsync(taken!, Step(A.Day(3), A.Day(2), fine: ["B"]), Hold, Cancel));
        Assert.True(await Sources.EndReadingAsync(taken!, "it broke", Cancel));
        Assert.False(await Sources.EndReadingAsync(taken!, null, Cancel));
        Assert.False(await Sources.KeepReadingAsync(taken!, Step(A.Day(9), null), Hold, Cancel));

        var source = (await Sources.FindSourceAsync(A.Org, Cancel))!;
        Assert.Equal((A.Day(5), A.Day(2)), (source.ApprovedUntil, source.WithdrawnUntil));
        Assert.Equal((1, 4, 2, "it broke"), (source.Last!.Number, source.Last.Read, source.Last.Added, source.Last.Failure));
        Assert.Equal(["A"], (await Sources.ListRefusalsAsync(A.Org, null, 10, Cancel)).Select(row => row.ClaimId));
        var next = await Sources.TakeReadingAsync(A.Org, TimeSpan.FromMilliseconds(-1), Cancel);
        // Its process is gone: what it holds has run out.
        await Database.LetTimePassAsync();
        Assert.Equal(3, (await Sources.TakeReadingAsync(A.Org, Hold, Cancel))?.Number);
        Assert.False(await Sources.EndReadingAsync(next!, null, Cancel));
    }

    [Fact]
    public async Task A_lost_answer_to_a_commit_about_a_source_makes_no_difference()
    {
        var plain = await PlayAsync(lose: false);
        await StartAfreshAsync();
        Assert.Equal(plain, await PlayAsync(lose: true));

        async Task<string> PlayAsync(bool lose)
        {
            await ExportAsync(A.Records(2));
            using var lost = lose ? Database.LoseAnswers(Store) : null;
            await Sources.SaveSourceAsync(A.Org, new SourceSettings { WriteBackTable = "exports" }, 0, "kari", Cancel);
            var taken = (await Sources.TakeReadingAsync(A.Org, Hold, Cancel))!;
            Assert.True(await Sources.KeepReadingAsync(taken, Step(A.Day(5), A.Day(6), refused: ["B"]), Hold, Cancel));
            Assert.True(await Sources.EndReadingAsync(taken, null, Cancel));
            Assert.NotNull(await Sources.TakeWriteBackAsync(A.Org, Hold, Cancel));
            foreach (var run in await Sources.ListUnwrittenRunsAsync(A.Org, 10, Cancel)) await Sources.NoteWrittenAsync(A.Org, run, Cancel);
            await Sources.EndWriteBackAsync(A.Org, Hold, "no room", Cancel);
            if (lost is not null) Assert.Equal(["SaveSourceAsync", "TakeReadingAsync", "KeepReadingAsync", "EndReadingAsync", "TakeWriteBackAsync", "NoteWrittenAsync", "EndWriteBackAsync"], lost.Steps.Distinct());
            lost?.Dispose();
            Assert.Empty(await Sources.ListUnwrittenRunsAsync(A.Org, 10, Cancel));
            return Dump.Of(await Sources.FindSourceAsync(A.Org, Cancel), times: false) + Dump.Of(await Sources.ListRefusalsAsync(A.Org, null, 10, Cancel), times: false) + await Dump.OfAsync(Store, times: false);
        }
    }

    private static ReadingStep Step(DateTimeOffset? approved, DateTimeOffset? withdrawn, string[]? refused = null, string[]? fine = null) =>
        new(approved, withdrawn, 2, 1, 0, 0, [.. (refused ?? []).Select(id => new SourceRefusal(id, null, "is wrong"))], fine ?? []);
}
