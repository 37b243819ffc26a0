using Npgsql;
using PayOnce.Audit;
using PayOnce.Guard;
using PayOnce.History;

namespace PayOnce.Stores.Postgres;

// Claims that are approved no longer.
public sealed partial class PostgresStore
{
    /// <summary>A claim is in the work list, held or withdrawn. What moves between them while we look is found by looking again.</summary>
    private const int MostLooks = 5;

    public Task<IReadOnlyList<WithdrawOutcome>> WithdrawAsync(string organisationId, IReadOnlyList<string> claimIds, string reason, string actor, CancellationToken cancel) =>
        StepAsync<IReadOnlyList<WithdrawOutcome>>(organisationId, async work =>
        {
            var found = await WithdrawAsync(work, claimIds, reason, actor);
            var gone = claimIds.Where(id => found[id] is WithdrawOutcome.Withdrawn).ToList();
            if (gone.Count > 0) await work.AppendAsync(AuditEntries.ClaimsWithdrawn(gone, reason, actor));
            return claimIds.Select(id => found[id]).ToList();
        }, cancel);

    public Task<IReadOnlyList<Withdrawal>> ListWithdrawalsAsync(string organisationId, string claimId, CancellationToken cancel) =>
        AskAsync(organisationId, async reader => ToldWithdrawals.Of(claimId, await reader.ListAsync(ReadEvent, cancel)), cancel, Sql.Of(
            $"select {EventColumns} from payonce.audit_events e where e.organisation_id = $1 and e.action = any ($2) and position($3 in e.details) > 0 order by e.sequence",
            organisationId, Sql.Texts(ToldWithdrawals.Actions), ToldWithdrawals.AsWritten(claimId)));

    /// <summary>The same as a part of another step, which tells of it.</summary>
    private static async Task<Dictionary<string, WithdrawOutcome>> WithdrawAsync(PostgresTransaction work, IReadOnlyList<string> claimIds, string reason, string actor)
    {
        var organisationId = work.OrganisationId;
        // Shared like a step's, so that intake does not move a claim's approval meanwhile. Not taken alone: while runs' commits
        // follow each other without a gap, nobody might ever get it.
        await work.AnyAsync(LeaseStatements.Share(organisationId));
        var found = new Dictionary<string, WithdrawOutcome>(StringComparer.Ordinal);
        var left = claimIds.ToList();
        for (var look = 0; left.Count > 0; look++)
        {
            if (look == MostLooks) throw new InvalidOperationException($"Claim {left[0]} neither waits nor is held. \"payonce doctor\" says more.");
            foreach (var (claimId, at) in await work.ListAsync(reader => (reader.GetString(0), reader.Time(1)), WithdrawStatements.Withdraw(organisationId, left, reason, actor)))
                found.Add(claimId, new WithdrawOutcome.Withdrawn(new Withdrawal(at, actor, reason)));
            left.RemoveAll(found.ContainsKey);
            if (left.Count == 0) break;
            foreach (var (claimId, outcome) in await work.ListAsync(WithdrawStatements.ReadStanding, WithdrawStatements.Standing(organisationId, left)))
                if (outcome is not null) found.Add(claimId, outcome);
            left.RemoveAll(found.ContainsKey);
        }
        return found;
    }
}

/// <summary>The statements of withdrawing.</summary>
internal static class WithdrawStatements
{
    /// <summary>
    /// Takes claims out of the work list and marks them as withdrawn; a row for each. Whoever deletes the list's row has the claim:
    /// a reserve at the same moment waits for that row and finds it gone, or this does.
    /// </summary>
    public static NpgsqlBatchCommand Withdraw(string organisationId, List<string> claimIds, string reason, string actor) => Sql.Of(
        """
        with free as materialized (
            select p.stored, c.place, c.claim_id, c.currency, c.total_minor
            from unnest($2::text[]) as i(claim_id)
            cross join lateral (
                select c.ctid as place, c.claim_id, c.approved_at, c.currency, c.total_minor
                from payonce.claims c where c.organisation_id = $1 and c.claim_id = i.claim_id and c.withdrawn_at is null limit 1) c
            cross join lateral (
                select p.ctid as stored from payonce.pending p where p.organisation_id = $1 and p.approved_at = c.approved_at and p.claim_id = c.claim_id limit 1) p
            left join lateral (
                select m.state from payonce.marks m where m.organisation_id = $1 and m.claim_id = c.claim_id order by m.generation desc limit 1) m on true
            where m.state is null or m.state in ('released', 'rejected')
            order by c.approved_at, c.claim_id
        ), gone as (
            delete from payonce.pending p where p.ctid = any (array(select stored from free)) and p.organisation_id = $1 returning p.claim_id
        ), withdrawn as (
            update payonce.claims c set withdrawn_at = now(), withdrawn_by = $4, withdrawn_reason = $3
            where c.ctid = any (array(select f.place from free f join gone g on g.claim_id = f.claim_id)) and c.organisation_id = $1
            returning c.claim_id, c.withdrawn_at
        ), counted as (
            insert into payonce.waiting_totals as t (organisation_id, currency, claims, amount_minor)
            select $1, f.currency, -count(*), -sum(f.total_minor)::bigint from free f join gone g on g.claim_id = f.claim_id group by f.currency order by f.currency
            on conflict (organisation_id, currency) do update set claims = t.claims + excluded.claims, amount_minor = t.amount_minor + excluded.amount_minor
        )
        select claim_id, withdrawn_at from withdrawn
        """,
        organisationId, Sql.Texts(claimIds.ToArray()), reason, actor);

    /// <summary>Why claims were not withdrawn: a row for each, in no order.</summary>
    public static NpgsqlBatchCommand Standing(string organisationId, List<string> claimIds) => Sql.Of(
        $"""
        select i.claim_id, c.claim_id is not null, {Columns.Withdrawal}, m.state, m.run_id
        from unnest($2::text[]) as i(claim_id)
        left join lateral (select * from payonce.claims c where c.organisation_id = $1 and c.claim_id = i.claim_id limit 1) c on true
        left join lateral (
            select m.state, m.run_id from payonce.marks m where m.organisation_id = $1 and m.claim_id = i.claim_id order by m.generation desc limit 1) m on true
        """, organisationId, Sql.Texts(claimIds.ToArray()));

    /// <summary>Null: nothing holds it, so that it must be in the work list by now.</summary>
    public static (string ClaimId, WithdrawOutcome? Outcome) ReadStanding(NpgsqlDataReader reader) => (reader.GetString(0), (
        reader.Text(5) is { } text ? MarkStates.State(text) : default(MarkState?), Columns.ReadWithdrawal(reader, 2), reader.GetBoolean(1)) switch
    {
        ({ } state, _, _) when !state.MayBeReserved() => new WithdrawOutcome.Held(state, reader.GetInt64(6)),
        (_, { } withdrawal, _) => new WithdrawOutcome.Already(withdrawal),
        (_, _, false) => WithdrawOutcome.NoSuchClaim.Instance,
        _ => null,
    });

    /// <summary>What has left is withdrawn no longer.</summary>
    public static NpgsqlBatchCommand Lift(string organisationId, IEnumerable<string> claimIds) => Sql.Of(
        """
        update payonce.claims c set withdrawn_at = null, withdrawn_by = null, withdrawn_reason = null
        where c.ctid = any (array(
            select x.ctid from unnest($2::text[]) as i(claim_id)
            cross join lateral (select x.ctid from payonce.claims x where x.organisation_id = $1 and x.claim_id = i.claim_id and x.withdrawn_at is not null limit 1) x))
        and c.organisation_id = $1
        """, organisationId, Sql.Texts(claimIds.ToArray()));
}
