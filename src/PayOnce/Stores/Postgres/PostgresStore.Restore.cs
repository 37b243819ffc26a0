using Npgsql;
using PayOnce.Audit;
using PayOnce.Guard;
using PayOnce.Runs;

namespace PayOnce.Stores.Postgres;

public sealed partial class PostgresStore
{
    public Task<RestoreMode?> FindRestoreModeAsync(string organisationId, CancellationToken cancel) =>
        AskFirstAsync(organisationId, reader => new RestoreMode(reader.Time(0), reader.GetString(1), reader.GetString(2)), cancel, Sql.Of(
            "select since, reason, actor from payonce.restores where organisation_id = $1", organisationId));

    public async Task<IReadOnlyList<string>> ListAdoptionsAsync(string organisationId, CancellationToken cancel) =>
        await AskAsync(organisationId, async reader => await reader.ListAsync(row => row.GetString(0), cancel), cancel, Sql.Of(
            "select nonce from payonce.runs where organisation_id = $1 and trigger = 'adopt' order by run_id", organisationId));

    public Task BeginRestoreAsync(string organisationId, string reason, string actor, CancellationToken cancel) =>
        StepAsync(organisationId, async work =>
        {
            await work.AnyAsync(LeaseStatements.Lock(organisationId));
            var (head, at) = await work.LockHeadAsync();
            await work.AppendAsync(
                head, at, AuditEntries.RestoreBegun(reason, actor),
                [.. RestoreStatements.Begin(organisationId, reason, actor, at), Sql.Of("update payonce.run_leases set epoch = epoch + $2 where organisation_id = $1", organisationId, StoreAnswers.EpochsForgotten)]);
            return true;
        }, cancel);

    public Task<bool> EndRestoreAsync(string organisationId, string reason, string actor, CancellationToken cancel) =>
        StepAsync(organisationId, work => EndRestoreAsync(work, reason, actor), cancel);

    public Task<bool> EndRestoreAsync(Lease lease, string reason, CancellationToken cancel) =>
        StepAsync(lease.OrganisationId, async work => await work.HoldsAsync(lease) && await EndRestoreAsync(work, reason, lease.Actor), cancel);

    private static async Task<bool> EndRestoreAsync(PostgresTransaction work, string reason, string actor)
    {
        var (head, at) = await work.LockHeadAsync();
        if (!await work.AnyAsync(Sql.Of("delete from payonce.restores where organisation_id = $1 returning 1", work.OrganisationId))) return false;
        await work.AppendAsync(head, at, AuditEntries.RestoreEnded(reason, actor));
        return true;
    }

    public Task<RestorePage> ListRestoreCandidatesAsync(string organisationId, string? afterClaimId, int size, CancellationToken cancel) =>
        AskAsync(organisationId, async reader =>
        {
            var now = await reader.FirstAsync(row => row.Time(0), cancel);
            await reader.NextResultAsync(cancel);
            return new RestorePage(await reader.ListAsync(row => RestoreStatements.ReadCandidate(organisationId, row), cancel), now);
        }, cancel,
            Sql.Of("select clock_timestamp()"),
            RestoreStatements.Candidates(organisationId, afterClaimId, size));

    public Task<int?> AdoptFoundAsync(Lease lease, IReadOnlyList<FoundClaim> found, CancellationToken cancel) =>
        StepAsync<int?>(lease.OrganisationId, async work =>
        {
            if (!await work.HoldsAsync(lease)) return null;
            var org = lease.OrganisationId;
            // A person may be deciding one of them: their commit first, or ours.
            await using (await work.ReadAsync(RestoreStatements.LockMarks(org, found), RestoreStatements.LockWaiting(org, found))) { }
            var before = await work.ListAsync(RestoreStatements.ReadMark, RestoreStatements.FindMarks(org, found));
            if (before.Count != found.Count) throw StoreAnswers.NeverTakenIn(found.Count - before.Count);
            var written = before.FindAll(each => each.State != MarkState.Exported && each.HasPlace);
            if (written.Count == 0) return 0;

            var claims = written.ConvertAll(each => found[each.Place]);
            var ours = written.Count(each => !each.HeldByAnother);
            var ids = claims.ConvertAll(each => each.ClaimId);
            await work.ExecuteAsync(
                TotalsStatements.WaitingOf(org, ids, -1), RestoreStatements.Adopt(lease, claims), RestoreStatements.LeaveWorkList(org, claims), TotalsStatements.WaitingOf(org, ids, +1),
                WithdrawStatements.Lift(org, ids));
            await work.AppendAsync(
                AuditEntries.ClaimsFound(lease, claims),
                [
                    .. written.GroupBy(each => each.HeldByAnother ? each.RunId : lease.RunId).OrderBy(run => run.Key).SelectMany(run =>
                        TotalsStatements.Exported(org, run.Key, run.Select(each => found[each.Place].ClaimId).ToList())),
                    .. TotalsStatements.Acknowledge(org, claims.Select(each => ((string?)each.Acknowledgement, each.ClaimId, each.Generation))),
                    .. written.Where(each => each.HeldByAnother).GroupBy(each => each.RunId).OrderBy(run => run.Key).SelectMany(run => new[]
                    {
                        MarkStatements.Count(org, run.Key, exported: run.Count(), inDoubt: -run.Count(each => each.State == MarkState.InDoubt)),
                        MarkStatements.TakeFailureBack(org, run.Key),
                    }),
                    Sql.Of(
                        "update payonce.runs set candidates = candidates + $3, reserved = reserved + $3, exported = exported + $3 where organisation_id = $1 and run_id = $2",
                        org, lease.RunId, (long)ours),
                ]);
            return written.Count;
        }, cancel);
}

/// <summary>The statements about restore mode.</summary>
internal static class RestoreStatements
{
    /// <summary>Anew, if it is on already. The row is made and removed, and by the role's own rights never changed.</summary>
    public static NpgsqlBatchCommand[] Begin(string organisationId, string reason, string actor, DateTimeOffset at) =>
    [
        Sql.Of("delete from payonce.restores where organisation_id = $1", organisationId),
        Sql.Of("insert into payonce.restores (organisation_id, since, reason, actor) values ($1, $2, $3, $4)", organisationId, at, reason, actor),
    ];

    /// <summary>Claims with their newest mark, in the order of their ids.</summary>
    public static NpgsqlBatchCommand Candidates(string organisationId, string? afterClaimId, int size) => Sql.Of(
        """
        select c.claim_id, c.export_key, c.claimant_id, c.currency, c.total_minor, c.approved_at, m.generation, m.state, m.export_key
        from (
            select c.claim_id, c.export_key, c.claimant_id, c.currency, c.total_minor, c.approved_at from payonce.claims c
            where c.organisation_id = $1 and c.claim_id > $2 order by c.claim_id limit $3) c
        left join lateral (
            select m.generation, m.state, m.export_key from payonce.marks m where m.organisation_id = $1 and m.claim_id = c.claim_id order by m.generation desc limit 1) m on true
        order by c.claim_id
        """, organisationId, afterClaimId ?? "", size);

    public static RestoreCandidate ReadCandidate(string organisationId, NpgsqlDataReader reader) => StoreAnswers.Candidate(
        organisationId, reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetInt64(4), reader.Time(5),
        reader.IsDBNull(6) ? null : (reader.GetInt32(6), MarkStates.State(reader.GetString(7)), reader.GetString(8)));

    public static NpgsqlBatchCommand LockMarks(string organisationId, IReadOnlyList<FoundClaim> found) => Sql.Of(
        "select 1 from payonce.marks where organisation_id = $1 and claim_id = any ($2::text[]) order by claim_id, generation for update",
        organisationId, Sql.Texts(found.Select(each => each.ClaimId).ToArray()));

    /// <summary>A person may be withdrawing one of them: the sums of what waits are moved by what is seen behind this.</summary>
    public static NpgsqlBatchCommand LockWaiting(string organisationId, IReadOnlyList<FoundClaim> found) => Sql.Of(
        """
        select 1 from payonce.pending p
        where p.ctid = any (array(
            select t.ctid from unnest($2::text[]) as i(claim_id)
            cross join lateral (select c.approved_at from payonce.claims c where c.organisation_id = $1 and c.claim_id = i.claim_id limit 1) c
            cross join lateral (
                select t.ctid from payonce.pending t where t.organisation_id = $1 and t.approved_at = c.approved_at and t.claim_id = i.claim_id limit 1) t))
        and p.organisation_id = $1 order by p.approved_at, p.claim_id for update
        """, organisationId, Sql.Texts(found.Select(each => each.ClaimId).ToArray()));

    /// <summary>A row for each claim that was taken in: its place, and the state and run of the mark of its generation.</summary>
    public static NpgsqlBatchCommand FindMarks(string organisationId, IReadOnlyList<FoundClaim> found) => Sql.Of(
        """
        select i.place, m.state, m.run_id, i.generation = 0 or exists (
            select 1 from payonce.marks f where f.organisation_id = $1 and f.claim_id = i.claim_id and f.generation = i.generation - 1 and f.state = 'exported')
        from unnest($2::text[], $3::int[]) with ordinality as i(claim_id, generation, place)
        cross join lateral (select 1 from payonce.claims c where c.organisation_id = $1 and c.claim_id = i.claim_id limit 1) c
        left join lateral (
            select m.state, m.run_id from payonce.marks m where m.organisation_id = $1 and m.claim_id = i.claim_id and m.generation = i.generation limit 1) m on true
        order by i.place
        """, organisationId, Sql.Texts(found.Select(each => each.ClaimId).ToArray()), found.Select(each => each.Generation).ToArray());

    public static FoundMark ReadMark(NpgsqlDataReader reader) => new(
        (int)reader.GetInt64(0) - 1, reader.Text(1) is { } state ? MarkStates.State(state) : null, reader.IsDBNull(2) ? 0 : reader.GetInt64(2), reader.GetBoolean(3));

    /// <summary>Marks as exported: new ones and freed ones under this run; those of a run that may have sent them stay that run's.</summary>
    public static NpgsqlBatchCommand Adopt(Lease lease, List<FoundClaim> found) => Sql.Of(
        """
        insert into payonce.marks as m (organisation_id, claim_id, generation, state, attempt, epoch, run_id, batch, export_key, evidence, acknowledgement, changed_at)
        select $1, i.claim_id, i.generation, 'exported', 0, $2, $3, 0, i.export_key, i.evidence, i.acknowledgement, now()
        from unnest($4::text[], $5::int[], $6::text[], $7::text[], $8::text[]) as i(claim_id, generation, export_key, evidence, acknowledgement)
        where exists (select 1 from payonce.run_leases l where l.organisation_id = $1 and l.epoch = $2 and l.run_id = $3)
        on conflict (organisation_id, claim_id, generation) do update
        set state = 'exported', evidence = excluded.evidence, acknowledgement = excluded.acknowledgement, reason = null, changed_at = excluded.changed_at,
            in_doubt_since = null, absent_since = null,
            epoch = case when m.state in ('reserved', 'in_doubt') then m.epoch else excluded.epoch end,
            run_id = case when m.state in ('reserved', 'in_doubt') then m.run_id else excluded.run_id end,
            batch = case when m.state in ('reserved', 'in_doubt') then m.batch else excluded.batch end
        where m.state <> 'exported'
        """,
        lease.OrganisationId, lease.Epoch, lease.RunId,
        Sql.Texts(found.ConvertAll(each => each.ClaimId).ToArray()), found.ConvertAll(each => each.Generation).ToArray(), Sql.Texts(found.ConvertAll(each => each.ExportKey).ToArray()),
        Sql.Texts(found.ConvertAll(each => each.Evidence.Text()).ToArray()), Sql.Texts(found.ConvertAll(each => each.Acknowledgement).ToArray()));

    /// <summary>A newer generation that waits goes on waiting.</summary>
    public static NpgsqlBatchCommand LeaveWorkList(string organisationId, List<FoundClaim> found) => Sql.Of(
        """
        delete from payonce.pending p
        using (
            select t.ctid as stored
            from unnest($2::text[], $3::int[]) as i(claim_id, generation)
            cross join lateral (select c.approved_at from payonce.claims c where c.organisation_id = $1 and c.claim_id = i.claim_id limit 1) c
            cross join lateral (
                select t.ctid from payonce.pending t
                where t.organisation_id = $1 and t.approved_at = c.approved_at and t.claim_id = i.claim_id and t.generation <= i.generation limit 1) t) x
        where p.ctid = x.stored
        """, organisationId, Sql.Texts(found.ConvertAll(each => each.ClaimId).ToArray()), found.ConvertAll(each => each.Generation).ToArray());
}

/// <summary>The mark of a claim that was found, as it was before; no state where there is none.</summary>
/// <param name="Follows">It is the first generation, or the one before is exported.</param>
internal sealed record FoundMark(int Place, MarkState? State, long RunId, bool Follows)
{
    /// <summary>It is there, or may be made.</summary>
    public bool HasPlace => State is not null || Follows;

    /// <summary>A run took it and nobody freed it since: what was found is that run's delivery.</summary>
    public bool HeldByAnother => State is MarkState.Reserved or MarkState.InDoubt;
}
