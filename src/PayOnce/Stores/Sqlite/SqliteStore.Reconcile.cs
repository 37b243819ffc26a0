using PayOnce.Audit;
using PayOnce.Guard;
using PayOnce.Runs;

namespace PayOnce.Stores.Sqlite;

/// <summary>What the accounting system was asked, and what becomes of it.</summary>
public sealed partial class SqliteStore
{
    /// <inheritdoc/>
    public Task<DoubtfulPage> ListDoubtfulClaimsAsync(string organisationId, string? afterClaimId, int size, CancellationToken cancel) => ReadAsync(db =>
        new DoubtfulPage(db.All("""
            select m.claim_id, m.generation, m.attempt, m.export_key, m.run_id, c.claimant_id, c.currency, c.total_minor, c.approved_at, m.in_doubt_since,
                   case when f.run_id is null then (
                       select min(a.at) from attempts a where a.organisation_id = m.organisation_id and a.run_id = m.run_id and a.batch = m.batch and a.step = 'started') end,
                   m.absent_since, f.run_id is not null, m.reason
            from marks m
            cross join claims c on c.organisation_id = m.organisation_id and c.claim_id = m.claim_id
            left join files f on f.organisation_id = m.organisation_id and f.run_id = m.run_id
            where m.organisation_id = ?1 and m.claim_id > ?2 and m.state = 'in_doubt'
            order by m.claim_id, m.generation limit ?3
            """, ReadDoubtful, organisationId, afterClaimId ?? "", size), Now()), cancel);

    private static DoubtfulClaim ReadDoubtful(SqliteStatement row) => new(
        row.Text(0), row.Int(1), row.Int(2), row.Text(3), row.Long(4), row.Text(5), row.Text(6), row.Long(7), row.Time(8),
        row.Time(9), row.TimeOrNull(10), row.TimeOrNull(11), row.Long(12) == 1, row.TextOrNull(13));

    /// <inheritdoc/>
    public Task<int?> SettleDoubtsAsync(Lease lease, IReadOnlyList<DoubtSettlement> settlements, CancellationToken cancel) => WriteAsync<int?>(db =>
    {
        if (!IsOurs(db, lease)) return null;
        var now = Now();
        var written = new List<DoubtSettlement>();
        var runs = new SortedDictionary<long, (int Exported, int Released)>();
        foreach (var settlement in settlements)
        {
            if (SettleDoubt(db, lease.OrganisationId, settlement, now) is not { } runId) continue;
            written.Add(settlement);
            var (exported, released) = runs.GetValueOrDefault(runId);
            runs[runId] = (exported + (settlement is DoubtSettlement.Present ? 1 : 0), released + (settlement is DoubtSettlement.Release ? 1 : 0));
        }
        foreach (var (runId, (exported, released)) in runs)
        {
            if (exported + released == 0) continue;
            Count(db, lease.OrganisationId, runId, exported: exported, inDoubt: -exported - released, released: released);
            TakeFailureBack(db, lease.OrganisationId, runId);
        }
        if (written.Count > 0) Tell(db, lease.OrganisationId, now, AuditEntries.DoubtsSettled(lease, written));
        return runs.Values.Sum(run => run.Exported + run.Released);
    }, cancel);

    /// <summary>
    /// By compare-and-set on state, attempt and the time since when. What says nothing new writes nothing. Returns the run whose
    /// claim it is, or null if nothing was written.
    /// </summary>
    private static long? SettleDoubt(SqliteSession db, string organisationId, DoubtSettlement settlement, DateTimeOffset now)
    {
        var claim = settlement.Claim;
        const string Compared = "organisation_id = ?1 and claim_id = ?2 and generation = ?3 and state = 'in_doubt' and attempt = ?4 and in_doubt_since = ?5";
        var written = settlement switch
        {
            DoubtSettlement.Present present => db.Run($"""
                update marks set state = 'exported', evidence = ?6, acknowledgement = ?7, reason = null, changed_at = ?8, in_doubt_since = null, absent_since = null where {Compared}
                """, organisationId, claim.ClaimId, claim.Generation, claim.Attempt, claim.InDoubtSince, present.Evidence.Text(), present.Acknowledgement, now),
            DoubtSettlement.Absent => db.Run($"update marks set absent_since = ?6 where {Compared} and absent_since is null",
                organisationId, claim.ClaimId, claim.Generation, claim.Attempt, claim.InDoubtSince, now),
            DoubtSettlement.Release release => db.Run($"""
                update marks set state = 'released', reason = ?6, changed_at = ?7, in_doubt_since = null, absent_since = null where {Compared}
                """, organisationId, claim.ClaimId, claim.Generation, claim.Attempt, claim.InDoubtSince, release.Reason, now),
            DoubtSettlement.Conflict conflict => db.Run($"""
                update marks set reason = ?6, changed_at = ?7, absent_since = null where {Compared} and (absent_since is not null or reason is not ?6)
                """, organisationId, claim.ClaimId, claim.Generation, claim.Attempt, claim.InDoubtSince, conflict.What, now),
            _ => throw new ArgumentOutOfRangeException(nameof(settlement), settlement, null),
        };
        if (written == 0) return null;
        if (settlement is DoubtSettlement.Release) WaitAgain(db, organisationId, claim.ClaimId, claim.Generation, rejected: false);
        var runId = db.Number("select run_id from marks where organisation_id = ?1 and claim_id = ?2 and generation = ?3", organisationId, claim.ClaimId, claim.Generation);
        if (settlement is DoubtSettlement.Present found)
        {
            Acknowledge(db, organisationId, found.Acknowledgement, claim.ClaimId, claim.Generation);
            AddExported(db, organisationId, runId, claim.ClaimId);
        }
        return runId;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ExportedClaim>> ListExportedClaimsAsync(string organisationId, bool belowBooked, ExportedCursor? after, int size, CancellationToken cancel) => ReadAsync<IReadOnlyList<ExportedClaim>>(db =>
        db.All($"""
            select m.claim_id, m.generation, m.export_key, m.run_id, m.evidence, m.acknowledgement, c.claimant_id, c.currency, c.total_minor, c.approved_at
            from marks m left join claims c on c.organisation_id = m.organisation_id and c.claim_id = m.claim_id
            where m.organisation_id = ?1 and (m.claim_id, m.generation) > (?2, ?3) and m.state = 'exported' {(belowBooked ? "and m.evidence = 'received'" : "")}
            order by m.claim_id, m.generation limit ?4
            """, ReadExported, organisationId, after?.ClaimId ?? "", after?.Generation ?? -1, size), cancel);

    private static ExportedClaim ReadExported(SqliteStatement row) => new(
        row.Text(0), row.Int(1), row.Text(2), row.Long(3), row.TextOrNull(4) is { } evidence ? MarkStates.Evidence(evidence) : null, row.TextOrNull(5),
        row.IsNull(6) ? null : new ExportedContent(row.Text(6), row.Text(7), row.Long(8), row.Time(9)));

    /// <inheritdoc/>
    public Task<int?> RaiseEvidenceAsync(Lease lease, IReadOnlyList<EvidenceRise> rises, CancellationToken cancel) => WriteAsync<int?>(db =>
    {
        if (!IsOurs(db, lease)) return null;
        var now = Now();
        var risen = rises.Where(rise => db.Run("""
            update marks set evidence = ?4, acknowledgement = ?5, changed_at = ?6
            where organisation_id = ?1 and claim_id = ?2 and generation = ?3 and state = 'exported'
            and case evidence when 'in_file' then 1 when 'received' then 2 else 3 end < case ?4 when 'in_file' then 1 when 'received' then 2 else 3 end
            """, lease.OrganisationId, rise.ClaimId, rise.Generation, rise.Evidence.Text(), rise.Acknowledgement, now) == 1).ToList();
        foreach (var rise in risen) Acknowledge(db, lease.OrganisationId, rise.Acknowledgement, rise.ClaimId, rise.Generation);
        // The run's row has another version now: whoever watches it looks again.
        foreach (var runId in risen.Select(rise => ReadMark(db, lease.OrganisationId, rise.ClaimId, rise.Generation)!.RunId).Distinct())
            db.Run("update runs set exported = exported where organisation_id = ?1 and run_id = ?2", lease.OrganisationId, runId);
        if (risen.Count > 0) Tell(db, lease.OrganisationId, now, AuditEntries.EvidenceRaised(lease, risen));
        return risen.Count;
    }, cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<KnownKey>> FindKeysAsync(string organisationId, IReadOnlyList<string> exportKeys, CancellationToken cancel) => ReadAsync<IReadOnlyList<KnownKey>>(db =>
    {
        var known = new List<KnownKey>();
        foreach (var key in exportKeys)
        {
            var found = db.First("select claim_id, generation, state from marks where organisation_id = ?1 and export_key = ?2",
                    row => new KnownKey(key, row.Text(0), row.Int(1), MarkStates.State(row.Text(2))), organisationId, key)
                ?? db.First("select claim_id from claims where organisation_id = ?1 and export_key = ?2", row => new KnownKey(key, row.Text(0), 0, null), organisationId, key);
            if (found is not null) known.Add(found);
        }
        return known;
    }, cancel);
}
