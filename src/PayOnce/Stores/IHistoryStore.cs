using PayOnce.Claims;
using PayOnce.History;

namespace PayOnce.Stores;

/// <summary>
/// What pages and the API list, search and sum. Reads only, and no method reads rows that it does not answer with: an organisation
/// with a million claims and ten thousand runs is answered as quickly as a new one. Lists are paged by the sort key of their rows
/// (<see cref="ListCursor"/>), so that a page stays where it was while runs go on. Every method stays within the given organisation's rows.
/// </summary>
public interface IHistoryStore
{
    /// <summary>The organisation at a glance, from counters that the commits keep.</summary>
    Task<Overview> ReadOverviewAsync(string organisationId, CancellationToken cancel);

    /// <summary>What was exported, by month and currency, oldest first; months without exports are left out.</summary>
    /// <param name="from">The first month, as its first day.</param>
    Task<IReadOnlyList<MonthTotal>> ListMonthTotalsAsync(string organisationId, DateOnly from, CancellationToken cancel);

    // ---- Runs ---------------------------------------------------------------------------------------------------------

    /// <summary>Runs, newest first, with their sums and how many the filter leaves.</summary>
    Task<RunsPage> PageRunsAsync(string organisationId, RunFilter filter, ListRequest request, CancellationToken cancel);

    /// <summary>One run with its sums; null if there is none.</summary>
    Task<RunRow?> FindRunRowAsync(string organisationId, long runId, CancellationToken cancel);

    /// <summary>The claims that a run took, in the order in which it took them (batch, and place in the batch; those that never travelled first, by id).</summary>
    Task<ListPage<RunClaim>> PageRunClaimsAsync(string organisationId, long runId, RunClaims which, ListRequest request, CancellationToken cancel);

    /// <summary>
    /// How many of a run's exports are proven to be booked; the others are received, or lie in a file. Looks at no more than
    /// <see cref="RowCount.Most"/> of them, and of a larger run knows nothing: <see cref="RowCount.More"/>.
    /// </summary>
    Task<RowCount> CountRunBookedAsync(string organisationId, long runId, CancellationToken cancel);

    /// <summary>A run's rejections grouped by reason. Looks at no more than <see cref="RejectionGroups.Most"/> of them.</summary>
    Task<RejectionGroups> GroupRunRejectionsAsync(string organisationId, long runId, CancellationToken cancel);

    /// <summary>Claims of the run's scope that earlier runs hold, by approval: those that the run skipped.</summary>
    Task<ListPage<RunDuplicate>> PageRunDuplicatesAsync(string organisationId, long runId, ListRequest request, CancellationToken cancel);

    /// <summary>A run's tries, newest batch and try first.</summary>
    Task<ListPage<BatchTry>> PageRunTriesAsync(string organisationId, long runId, ListRequest request, CancellationToken cancel);

    /// <summary>How far each of these runs is, of whatever organisations, in one round trip; runs that are not there are left out.</summary>
    Task<IReadOnlyList<LiveRun>> ReadProgressAsync(IReadOnlyList<RunKey> runs, CancellationToken cancel);

    // ---- Claims -------------------------------------------------------------------------------------------------------

    /// <summary>
    /// Claims by approval, newest first; with an id prefix by id. Exported and reserved ones without a further filter come by run
    /// and batch, newest first: the order in which they left.
    /// </summary>
    Task<ListPage<ClaimSummary>> PageClaimsAsync(string organisationId, ClaimListFilter filter, ListRequest request, CancellationToken cancel);

    /// <summary>The claims approved last, whole: examples for a mapping's preview.</summary>
    Task<IReadOnlyList<ClaimRecord>> ListRecentClaimsAsync(string organisationId, int size, CancellationToken cancel);

    /// <summary>Every try that the claim was in, newest first; at most <see cref="ListRequest.MostRows"/>.</summary>
    Task<IReadOnlyList<BatchTry>> ListClaimTriesAsync(string organisationId, string claimId, CancellationToken cancel);

    /// <summary>How many claims are in doubt, for the menu of every page: counts an index that holds nothing else.</summary>
    Task<RowCount> CountDoubtsAsync(string organisationId, CancellationToken cancel);

    /// <summary>Claims in doubt, those first that have been so longest.</summary>
    Task<ListPage<DoubtRow>> PageDoubtsAsync(string organisationId, ListRequest request, CancellationToken cancel);

    // ---- Trail and search ---------------------------------------------------------------------------------------------

    /// <summary>Events of the audit trail, newest first, with how many the filter leaves.</summary>
    Task<AuditPage> PageAuditAsync(string organisationId, AuditFilter filter, ListRequest request, CancellationToken cancel);

    /// <summary>Every withdrawal of the claim, oldest first: by whom and why as the trail tells it, also where it was approved again afterwards.</summary>
    Task<IReadOnlyList<Withdrawal>> ListWithdrawalsAsync(string organisationId, string claimId, CancellationToken cancel);

    /// <summary>
    /// Everything that has this text as an id: claim (case, spaces and dots ignored), run number, export key, acknowledgement or
    /// voucher number, file name, payee. Exact; at most <see cref="MostHits"/>, runs first.
    /// </summary>
    Task<IReadOnlyList<SearchHit>> SearchAsync(string organisationId, string text, CancellationToken cancel);

    /// <summary>A search answers with no more than this.</summary>
    const int MostHits = 50;
}
