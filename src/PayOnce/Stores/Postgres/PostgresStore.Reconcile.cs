using PayOnce.Audit;
using PayOnce.Guard;
using PayOnce.Runs;

namespace PayOnce.Stores.Postgres;

// What the accounting system was asked, and what becomes of it.
public sealed partial class PostgresStore
{
    public Task<DoubtfulPage> ListDoubtfulClaimsAsync(string organisationId, string? afterClaimId, int size, CancellationToken cancel) =>
        AskAsync(organisationId, async reader =>
        {
            var now = await reader.FirstAsync(row => row.Time(0), cancel);
            await reader.NextResultAsync(cancel);
            return new DoubtfulPage(await reader.ListAsync(ReconcileStatements.ReadDoubtful, cancel), now);
        }, cancel,
            Sql.Of("select clock_timestamp()"),
            ReconcileStatements.Doubtful(organisationId, afterClaimId, size));

    public Task<int?> SettleDoubtsAsync(Lease lease, IReadOnlyList<DoubtSettlement> settlements, CancellationToken cancel) =>
        StepAsync<int?>(lease.OrganisationId, async work =>
        {
            if (!await work.HoldsAsync(lease)) return null;
            var changed = await work.ListAsync(reader => (Settlement: settlements[(int)reader.GetInt64(0) - 1], RunId: reader.GetInt64(1)), ReconcileStatements.Settle(lease, settlements));
            if (changed.Count == 0) return 0;
            var present = changed.FindAll(each => each.Settlement is DoubtSettlement.Present);
            await work.AppendAsync(
                AuditEntries.DoubtsSettled(lease, changed.ConvertAll(each => each.Settlement)),
                [
                    .. present.GroupBy(each => each.RunId).OrderBy(run => run.Key).SelectMany(run =>
                        TotalsStatements.Exported(lease.OrganisationId, run.Key, run.Select(each => each.Settlement.Claim.ClaimId).ToList())),
                    .. TotalsStatements.Acknowledge(lease.OrganisationId, present.Select(each => ((string?)((DoubtSettlement.Present)each.Settlement).Acknowledgement, each.Settlement.Claim.ClaimId, each.Settlement.Claim.Generation))),
                    .. changed.GroupBy(each => each.RunId).OrderBy(run => run.Key).SelectMany(run => ReconcileStatements.SettleRun(
                    lease.OrganisationId, run.Key, run.Count(each => each.Settlement is DoubtSettlement.Present), run.Count(each => each.Settlement is DoubtSettlement.Release))),
                ]);
            return changed.Count(each => each.Settlement is DoubtSettlement.Present or DoubtSettlement.Release);
        }, cancel);

    public async Task<IReadOnlyList<ExportedClaim>> ListExportedClaimsAsync(string organisationId, bool belowBooked, ExportedCursor? after, int size, CancellationToken cancel) =>
        await AskAsync(organisationId, async reader =>
        {
            await reader.NextResultAsync(cancel);
            return await reader.ListAsync(ReconcileStatements.ReadExported, cancel);
        }, cancel, ReconcileStatements.ByKey(), ReconcileStatements.Exported(organisationId, belowBooked, after, size));

    public Task<int?> RaiseEvidenceAsync(Lease lease, IReadOnlyList<EvidenceRise> rises, CancellationToken cancel) =>
        StepAsync<int?>(lease.OrganisationId, async work =>
        {
            if (!await work.HoldsAsync(lease)) return null;
            var risen = await work.ListAsync(reader => rises[(int)reader.GetInt64(0) - 1], ReconcileStatements.Raise(lease, rises));
            if (risen.Count > 0) await work.AppendAsync(AuditEntries.EvidenceRaised(lease, risen), [ReconcileStatements.Touch(lease.OrganisationId, risen), .. TotalsStatements.Acknowledge(lease.OrganisationId, risen.Select(each => ((string?)each.Acknowledgement, each.ClaimId, each.Generation)))]);
            return risen.Count;
        }, cancel);

    public async Task<IReadOnlyList<KnownKey>> FindKeysAsync(string organisationId, IReadOnlyList<string> exportKeys, CancellationToken cancel) =>
        await AskListAsync(
            organisationId,
            reader => new KnownKey(reader.GetString(0), reader.GetString(1), reader.GetInt32(2), reader.Text(3) is { } state ? MarkStates.State(state) : null),
            cancel,
            Sql.Of(
                """
                select i.export_key, coalesce(m.claim_id, c.claim_id), coalesce(m.generation, 0), m.state
                from unnest($2::text[]) with ordinality as i(export_key, place)
                left join lateral (
                    select m.claim_id, m.generation, m.state from payonce.marks m where m.organisation_id = $1 and m.export_key = i.export_key limit 1) m on true
                left join lateral (select c.claim_id from payonce.claims c where c.organisation_id = $1 and c.export_key = i.export_key limit 1) c on true
                where m.claim_id is not null or c.claim_id is not null
                order by i.place
                """, organisationId, Sql.Texts(exportKeys.ToArray())));
}
