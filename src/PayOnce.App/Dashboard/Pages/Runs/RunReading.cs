using PayOnce.App.Api;
using PayOnce.App.Background;
using PayOnce.Audit;
using PayOnce.Guard;
using PayOnce.History;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.App.Dashboard.Pages.Runs;

/// <summary>Reads what the page of a run shows: its row, its file, and one page of each list that is not empty. A run of any size costs the same.</summary>
internal sealed class RunReading(IServerStore store, IHistoryStore history, TimeProvider clock, LiveReader live)
{
    /// <summary>Rows of each list: a run may have six of them, one under the other, and problems must not push the rest out of sight.</summary>
    public const int Rows = 20;

    /// <summary>Rows of what was skipped: where that is all of it, the page can say that all of it was exported before.</summary>
    private const int SkippedRows = 50;

    /// <summary>Null if there is no such run.</summary>
    /// <param name="query">Where in each list: <c>exported</c>, <c>skipped</c>, <c>rejected</c>, <c>doubtful</c>, <c>released</c>, <c>tries</c>.</param>
    public async Task<OneRun?> ReadAsync(string org, long runId, IQueryCollection query, CancellationToken cancel)
    {
        if (await history.FindRunRowAsync(org, runId, cancel) is not { } row) return null;
        var c = row.Run.Counters;
        ListRequest Asked(string name, int rows = Rows) => new(rows, ListCursor.Parse(query[name]));
        async Task<ListPage<RunClaim>?> ClaimsAsync(long number, RunClaims which, string name) =>
            number == 0 ? null : await history.PageRunClaimsAsync(org, runId, which, Asked(name), cancel);

        var file = await store.FindFileAsync(org, runId, cancel);
        var (pace, cutOff) = await UnderWayAsync(org, row.Run, cancel);
        return new OneRun(row, file)
        {
            Pace = pace,
            CutOff = cutOff,
            Booked = await BookedAsync(history, org, row.Run, cancel),
            RolledBack = row.Run.State is RunState.RolledBack ? await RolledBackAsync(org, runId, cancel) : null,
            Doubtful = await ClaimsAsync(c.InDoubt, RunClaims.InDoubt, "doubtful"),
            Rejected = await ClaimsAsync(c.Rejected, RunClaims.Rejected, "rejected"),
            Causes = c.Rejected == 0 ? null : await history.GroupRunRejectionsAsync(org, runId, cancel),
            Exported = await ClaimsAsync(c.Exported, RunClaims.Exported, "exported"),
            Released = await ClaimsAsync(c.Released, RunClaims.Released, "released"),
            Skipped = c.SkippedDuplicates == 0 ? null : await history.PageRunDuplicatesAsync(org, runId, Asked("skipped", SkippedRows), cancel),
            Tries = await history.PageRunTriesAsync(org, runId, Asked("tries"), cancel),
        };
    }

    /// <summary>Of a run's exported claims, those proven to be booked. Of more than are counted it need not even be begun: that is known by the run's own counter.</summary>
    public static async Task<RowCount> BookedAsync(IHistoryStore history, string org, Run run, CancellationToken cancel) => run.Counters.Exported switch
    {
        0 => default,
        > RowCount.Most => new RowCount(0, More: true),
        _ => await history.CountRunBookedAsync(org, run.RunId, cancel),
    };

    /// <summary>How far a run is; null with true if its row says running but nobody holds its lease any more.</summary>
    public async Task<(RunPace? Pace, bool CutOff)> UnderWayAsync(string org, Run run, CancellationToken cancel)
    {
        if (run.State is not RunState.Running) return (null, false);
        if ((await history.ReadOverviewAsync(org, cancel)).Running?.Run.RunId != run.RunId) return (null, true);
        var key = new RunKey(org, run.RunId);
        // Who reloads the page is not told another time than who watches it.
        if (live.Latest(key) is { IsOver: false } latest) return (latest, false);
        return await history.ReadProgressAsync([key], cancel) is not [var progress] ? (null, true) : (RunPace.Glance(progress, await LiveEvents.ByFileAsync(store, org, cancel), clock.GetUtcNow()), false);
    }

    private async Task<AuditEvent?> RolledBackAsync(string org, long runId, CancellationToken cancel)
    {
        var filter = new AuditFilter(Actions: [AuditActions.RunRolledBack], Subject: FormattableString.Invariant($"run {runId}"));
        return (await history.PageAuditAsync(org, filter, new ListRequest(1), cancel)).Page.Rows is [var one, ..] ? one : null;
    }

    /// <summary>Everything that the page shows. A list is null where the run has nothing of it.</summary>
    public sealed record OneRun(RunRow Row, RunFile? File)
    {
        /// <summary>Null once it is over, and where it was cut off.</summary>
        public RunPace? Pace { get; init; }

        public bool CutOff { get; init; }

        /// <summary>Of the exported claims, those proven to be booked; unknown where there are more claims than are counted.</summary>
        public RowCount Booked { get; init; }

        public AuditEvent? RolledBack { get; init; }

        public ListPage<RunClaim>? Doubtful { get; init; }

        public ListPage<RunClaim>? Rejected { get; init; }

        public RejectionGroups? Causes { get; init; }

        public ListPage<RunClaim>? Exported { get; init; }

        public ListPage<RunClaim>? Released { get; init; }

        public ListPage<RunDuplicate>? Skipped { get; init; }

        public required ListPage<BatchTry> Tries { get; init; }

        /// <summary>All that it skipped is in one page, and all of that is exported.</summary>
        public bool AllSkippedExported => Skipped is { Previous: null, Next: null } && Skipped.Rows.All(claim => claim.State is MarkState.Exported);

        /// <summary>It made a file that can still be taken back: as far as anybody has said, nobody has imported it.</summary>
        public bool CanRollBack => File is { ImportedAs: null, State: not RunFileState.Withdrawn } && Row.Run.State is not RunState.Running and not RunState.RolledBack;
    }
}
