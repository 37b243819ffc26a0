using PayOnce.Audit;
using PayOnce.Guard;
using PayOnce.Runs;

namespace PayOnce.Stores.Postgres;

public sealed partial class PostgresStore
{
    public Task<AdoptAnswer> AdoptAsync(AdoptRequest request, CancellationToken cancel) =>
        StepAsync<AdoptAnswer>(request.OrganisationId, async work =>
        {
            var organisationId = request.OrganisationId;
            var lease = await LookAtLeaseAsync(work);
            if (!lease.IsHeld(_ => false)) lease = await LockLeaseAsync(work);
            if (lease.IsHeld(_ => false)) return new AdoptAnswer.Busy((await FindRunAsync(work, lease.RunId!.Value))!);

            var runId = lease.LastRunId + 1;
            var (epoch, forgot) = await NextEpochAsync(work, lease, request.KnownOutside);
            var before = await ReadAdoptedAsync(work, request.Claims);
            var held = before.Where(each => each.Mark is { } mark && !mark.State.MayBeReserved()).ToList();
            var free = before.Except(held).ToList();
            var ids = free.ConvertAll(each => each.ClaimId);
            await work.ExecuteAsync(TotalsStatements.WaitingOf(organisationId, ids, -1), Mark(organisationId, free, epoch, runId), LeaveWorkList(organisationId, free), WithdrawStatements.Lift(organisationId, ids));
            var (head, at) = await work.LockHeadAsync(
            [
                Sql.Of(
                    """
                    insert into payonce.runs (organisation_id, run_id, trigger, state, actor, holder, nonce, epoch, exporter, format, integration_version, candidates, reserved, exported, started_at, ended_at, first_voucher)
                    values ($1, $2, 'adopt', 'finished', $3, $4, $5, $6, '', '', 0, $7, $7, $7, now(), clock_timestamp(), $8)
                    """, organisationId, runId, request.Actor, request.Holder, request.Nonce, epoch, (long)free.Count, lease.NextVoucher),
                .. TotalsStatements.Exported(organisationId, runId, ids),
                .. TotalsStatements.Acknowledge(organisationId, free.Select(each => ((string?)each.Reference, each.ClaimId, each.Mark?.Generation ?? 0))),
                Sql.Of("update payonce.run_leases set epoch = $2, last_run_id = $3, holder = null, run_id = null where organisation_id = $1", organisationId, epoch, runId),
            ]);
            await work.AppendAsync(
                head, at, [.. forgot is null ? [] : new[] { AuditEntries.RestoreBegun(forgot, request.Actor) }, AuditEntries.ClaimsAdopted(runId, free.Count, request.Reason, request.Actor)],
                [.. forgot is null ? [] : RestoreStatements.Begin(organisationId, forgot, request.Actor, at)]);
            return new AdoptAnswer.Adopted(runId, epoch, free.Count, [.. held.Select(each => new HeldClaim(each.ClaimId, each.Mark!.Value.Generation, each.Mark.Value.State, each.Mark.Value.RunId))]);
        }, cancel);

    /// <summary>A claim to be adopted, under the id that is stored: the accounting system cannot tell ids apart that differ in case, nor may two marks have one export key.</summary>
    private sealed record Adoption(string ClaimId, string ExportKey, string Reference, (int Generation, MarkState State, long RunId)? Mark);

    private static async Task<List<Adoption>> ReadAdoptedAsync(PostgresTransaction work, IReadOnlyList<AdoptedClaim> claims)
    {
        var keys = claims.Select(claim => ExportKey.Derive(work.OrganisationId, claim.ClaimId, generation: 0)).ToArray();
        var read = await work.ListAsync(
            reader => (Place: (int)reader.GetInt64(0) - 1, Id: reader.Text(1), State: reader.Text(2), Generation: reader.Integer(3), RunId: reader.IsDBNull(4) ? 0 : reader.GetInt64(4)),
            Sql.Of(
                """
                select i.place, coalesce(c.claim_id, k.claim_id), m.state, m.generation, m.run_id
                from unnest($2::text[], $3::text[]) with ordinality as i(claim_id, export_key, place)
                left join lateral (select c.claim_id from payonce.claims c where c.organisation_id = $1 and c.export_key = i.export_key limit 1) c on true
                left join lateral (select k.claim_id from payonce.marks k where k.organisation_id = $1 and k.export_key = i.export_key limit 1) k on true
                left join lateral (
                    select m.state, m.generation, m.run_id from payonce.marks m
                    where m.organisation_id = $1 and m.claim_id = coalesce(c.claim_id, k.claim_id, i.claim_id) order by m.generation desc limit 1) m on true
                order by i.place
                """, work.OrganisationId, Sql.Texts(claims.Select(claim => claim.ClaimId).ToArray()), Sql.Texts(keys)));
        var adoptions = new List<Adoption>(read.Count);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var each in read)
        {
            // The list's own repetition is no second claim.
            if (!seen.Add(keys[each.Place])) continue;
            var claim = claims[each.Place];
            adoptions.Add(new Adoption(
                each.Id ?? claim.ClaimId, keys[each.Place], claim.Reference, each.State is null ? null : (each.Generation!.Value, MarkStates.State(each.State), each.RunId)));
        }
        return adoptions;
    }

    private static Npgsql.NpgsqlBatchCommand Mark(string organisationId, List<Adoption> free, long epoch, long runId) => Sql.Of(
        """
        insert into payonce.marks as m (organisation_id, claim_id, generation, state, attempt, epoch, run_id, batch, export_key, evidence, acknowledgement, changed_at)
        select $1, i.claim_id, i.generation, 'exported', 0, $6, $7, 0, i.export_key, 'booked', i.reference, now()
        from unnest($2::text[], $3::int[], $4::text[], $5::text[]) as i(claim_id, generation, export_key, reference)
        on conflict (organisation_id, claim_id, generation) do update
        set state = 'exported', epoch = excluded.epoch, run_id = excluded.run_id, batch = 0, payload_hash = null, evidence = 'booked', acknowledgement = excluded.acknowledgement,
            reason = null, changed_at = excluded.changed_at, in_doubt_since = null
        where m.state in ('released', 'rejected')
        """,
        organisationId, Sql.Texts(free.ConvertAll(each => each.ClaimId).ToArray()), free.ConvertAll(each => each.Mark?.Generation ?? 0).ToArray(),
        Sql.Texts(free.ConvertAll(each => each.ExportKey).ToArray()), Sql.Texts(free.ConvertAll(each => each.Reference).ToArray()), epoch, runId);

    private static Npgsql.NpgsqlBatchCommand LeaveWorkList(string organisationId, List<Adoption> free) => Sql.Of(
        """
        delete from payonce.pending p
        using (
            select t.ctid as stored
            from unnest($2::text[]) as i(claim_id)
            cross join lateral (select c.approved_at from payonce.claims c where c.organisation_id = $1 and c.claim_id = i.claim_id limit 1) c
            cross join lateral (
                select t.ctid from payonce.pending t where t.organisation_id = $1 and t.approved_at = c.approved_at and t.claim_id = i.claim_id limit 1) t) x
        where p.ctid = x.stored
        """, organisationId, Sql.Texts(free.ConvertAll(each => each.ClaimId).ToArray()));
}
