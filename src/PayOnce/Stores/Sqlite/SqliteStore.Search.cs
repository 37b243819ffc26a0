using PayOnce.Audit;
using PayOnce.Guard;
using PayOnce.History;
using PayOnce.Runs;

namespace PayOnce.Stores.Sqlite;

public sealed partial class SqliteStore
{
    /// <inheritdoc/>
    public Task<AuditPage> PageAuditAsync(string organisationId, AuditFilter filter, ListRequest request, CancellationToken cancel) => ReadAsync(db =>
    {
        var counted = filter.IsAny ? ReadHead(db, organisationId).Sequence : 0;
        var rows = new List<AuditEvent>();
        // A query for each action, so that each is a range of one index.
        string?[] actions = filter.Actions is { Count: > 0 } chosen ? [.. chosen.Distinct(StringComparer.Ordinal)] : [null];
        foreach (var action in actions)
        {
            var wanted = new Conditions<SqliteValue>('?', organisationId);
            if (filter.From is { } from) wanted.Add("at >= ", from);
            if (filter.Before is { } before) wanted.Add("at < ", before);
            if (filter.Actor is { } actor) wanted.Add("actor = ", actor);
            if (filter.Subject is { } subject) wanted.Add("subject = ", subject);
            if (action is not null) wanted.Add("action = ", action);
            // What earlier actions came to need not be counted again.
            if (!filter.IsAny && counted <= RowCount.MostInList) counted += db.Number($"select count(*) from (select 1 from audit_events where organisation_id = ?1{wanted.And} limit {RowCount.MostInList + 1 - counted})", wanted.Values);
            if (request.At is { } at) wanted.Add($"(at, sequence) {(at.Backwards ? ">" : "<")} ({wanted.Value(at.Number)}, {wanted.Value(AuditPlace.Sequence(at))})");
            var direction = Direction(request, descending: true);
            rows.AddRange(db.All($"select {SqliteColumns.AuditEvent} from audit_events where organisation_id = ?1{wanted.And} order by at {direction}, sequence {direction} limit {request.Size + 1}",
                SqliteColumns.ReadAuditEvent, wanted.Values));
        }
        return AuditPlace.Page(filter, request, counted, rows);
    }, cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SearchHit>> SearchAsync(string organisationId, string text, CancellationToken cancel) => ReadAsync<IReadOnlyList<SearchHit>>(db =>
        SearchText.Of(organisationId, text) is { } sought
            ? [.. FindRuns(db, organisationId, sought).Concat(FindClaims(db, organisationId, sought)).Concat(FindClaimants(db, organisationId, sought)).Take(IHistoryStore.MostHits)]
            : [], cancel);

    private static List<SearchHit> FindRuns(SqliteSession db, string organisationId, SearchText sought)
    {
        var found = new SortedDictionary<(RunName By, long RunId), SearchHit>();
        void Add(RunName by, string sql, SqliteValue value)
        {
            foreach (var run in db.All($"select {SqliteColumns.Run} from runs where organisation_id = ?1 and run_id in ({sql} limit {IHistoryStore.MostHits})", SqliteColumns.ReadRun, organisationId, value))
            {
                if (!found.Keys.Any(key => key.RunId == run.RunId)) found.Add((by, run.RunId), new SearchHit.OfRun(run.RunId, by, run.Status));
            }
        }
        Add(RunName.Number, "select ?2", sought.RunId ?? 0);
        Add(RunName.FileName, "select run_id from files where organisation_id = ?1 and name = ?2", sought.Text);
        Add(RunName.Voucher, "select run_id from files where organisation_id = ?1 and imported_as = ?2 order by run_id", sought.Text);
        return [.. found.Values];
    }

    private static List<SearchHit> FindClaims(SqliteSession db, string organisationId, SearchText sought)
    {
        var found = new SortedDictionary<(ClaimName By, string ClaimId), SearchHit>(Comparer<(ClaimName By, string ClaimId)>.Create(
            (one, other) => one.By != other.By ? one.By.CompareTo(other.By) : string.CompareOrdinal(one.ClaimId, other.ClaimId)));
        void Add(ClaimName by, string sql, SqliteValue value)
        {
            foreach (var claimId in db.All(sql, row => row.Text(0), organisationId, value))
            {
                if (!found.Keys.Any(key => key.ClaimId == claimId)) found.Add((by, claimId), new SearchHit.Claim(claimId, by, NewestMark(db, organisationId, claimId)?.State, ReadWithdrawal(db, organisationId, claimId) is not null));
            }
        }
        const string ByKey = """
            select claim_id from claims where organisation_id = ?1 and export_key = ?2
            union select claim_id from marks where organisation_id = ?1 and export_key = ?2
            """;
        foreach (var key in sought.IdKeys) Add(ClaimName.Id, ByKey, key);
        Add(ClaimName.Id, $"select claim_id from claims where organisation_id = ?1 and search_id = ?2 order by claim_id limit {IHistoryStore.MostHits}", sought.PlainId);
        Add(ClaimName.ExportKey, ByKey, sought.PlainId);
        Add(ClaimName.Acknowledgement, $"select distinct claim_id from acknowledgements where organisation_id = ?1 and acknowledgement = ?2 order by claim_id limit {IHistoryStore.MostHits}", sought.Text);
        return [.. found.Values];
    }

    private static List<SearchHit> FindClaimants(SqliteSession db, string organisationId, SearchText sought) =>
        db.All<SearchHit>("select claimant_id from claims where organisation_id = ?1 and claimant_id = ?2 limit 1", row => new SearchHit.Claimant(row.Text(0)), organisationId, sought.Text);
}
