using Npgsql;
using PayOnce.Audit;
using PayOnce.Guard;
using PayOnce.History;
using PayOnce.Runs;

namespace PayOnce.Stores.Postgres;

public sealed partial class PostgresStore
{
    private const string EventColumns = "e.organisation_id, e.sequence, e.at, e.actor, e.action, e.subject, e.details, e.previous_hash, e.hash";

    public Task<AuditPage> PageAuditAsync(string organisationId, AuditFilter filter, ListRequest request, CancellationToken cancel)
    {
        // A statement for each action, so that each is a range of one index; all of them are counted by one, which ends early.
        var actions = filter.Actions is { Count: > 0 } chosen ? chosen.Distinct(StringComparer.Ordinal).ToArray() : [];
        var all = Wanted();
        if (actions.Length > 0) all.Add($"e.action = any ({all.Value(Sql.Texts(actions))})");
        List<NpgsqlBatchCommand> commands =
        [
            filter.IsAny
                ? Sql.Of("select sequence from payonce.audit_heads where organisation_id = $1", organisationId)
                : Sql.Of($"select count(*) from (select 1 from payonce.audit_events e where e.organisation_id = $1{all.And} limit {RowCount.MostInList + 1}) q", all.Values),
        ];
        foreach (var action in actions.DefaultIfEmpty(null))
        {
            var wanted = Wanted();
            if (action is not null) wanted.Add("e.action = ", action);
            if (request.At is { } at)
                wanted.Add($"(e.at, e.sequence) {(at.Backwards ? ">" : "<")} ({wanted.Value(Micros.Time(at.Number))}, {wanted.Value(AuditPlace.Sequence(at))})");
            var direction = Direction(request, descending: true);
            commands.Add(Sql.Of(
                $"select {EventColumns} from payonce.audit_events e where e.organisation_id = $1{wanted.And} order by e.at {direction}, e.sequence {direction} limit {request.Size + 1}", wanted.Values));
        }
        return AskAsync(organisationId, async reader =>
        {
            var counted = await reader.FirstAsync(row => row.GetInt64(0), cancel);
            var rows = new List<AuditEvent>();
            while (await reader.NextResultAsync(cancel)) rows.AddRange(await reader.ListAsync(ReadEvent, cancel));
            return AuditPlace.Page(filter, request, counted, rows);
        }, cancel, [.. commands]);

        Conditions<object?> Wanted()
        {
            var wanted = new Conditions<object?>('$', organisationId);
            if (filter.From is { } from) wanted.Add("e.at >= ", from);
            if (filter.Before is { } before) wanted.Add("e.at < ", before);
            if (filter.Actor is { } actor) wanted.Add("e.actor = ", actor);
            if (filter.Subject is { } subject) wanted.Add("e.subject = ", subject);
            return wanted;
        }
    }

    private static AuditEvent ReadEvent(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetInt64(1), row.Time(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6), row.GetString(7), row.GetString(8));

    public async Task<IReadOnlyList<SearchHit>> SearchAsync(string organisationId, string text, CancellationToken cancel)
    {
        if (SearchText.Of(organisationId, text) is not { } sought) return [];
        return await AskAsync(organisationId, async reader =>
        {
            var hits = await reader.ListAsync<SearchHit>(
                row => new SearchHit.OfRun(Columns.ReadRun(row).RunId, (RunName)row.GetInt32(Columns.RunWidth), Columns.ReadRun(row).Status), cancel);
            await reader.NextResultAsync(cancel);
            hits.AddRange(await reader.ListAsync(row => new SearchHit.Claim(row.GetString(0), (ClaimName)row.GetInt32(1), row.Text(2) is { } state ? MarkStates.State(state) : null, row.GetBoolean(3)), cancel));
            await reader.NextResultAsync(cancel);
            hits.AddRange(await reader.ListAsync(row => new SearchHit.Claimant(row.GetString(0)), cancel));
            return hits.Take(IHistoryStore.MostHits).ToList();
        }, cancel,
            Sql.Of(
                $"""
                select {Columns.Run}, q.by
                from (
                    select q.run_id, min(q.by) as by
                    from (
                        (select r.run_id, {(int)RunName.Number} as by from payonce.runs r where r.organisation_id = $1 and r.run_id = $2)
                        union all (select f.run_id, {(int)RunName.FileName} from payonce.files f where f.organisation_id = $1 and f.name = $3)
                        union all (select f.run_id, {(int)RunName.Voucher} from payonce.files f where f.organisation_id = $1 and f.imported_as = $3 order by f.run_id limit {IHistoryStore.MostHits})) q
                    group by q.run_id) q
                join payonce.runs r on r.organisation_id = $1 and r.run_id = q.run_id
                order by q.by, r.run_id limit {IHistoryStore.MostHits}
                """, organisationId, sought.RunId ?? 0, sought.Text),
            Sql.Of(
                $"""
                select q.claim_id, q.by, m.state,
                       coalesce((select c.withdrawn_at is not null from payonce.claims c where c.organisation_id = $1 and c.claim_id = q.claim_id limit 1), false)
                from (
                    select q.claim_id, min(q.by) as by
                    from (
                        (select c.claim_id, {(int)ClaimName.Id} as by from payonce.claims c where c.organisation_id = $1 and c.export_key = any ($2::text[]))
                        union all (select m.claim_id, {(int)ClaimName.Id} from payonce.marks m where m.organisation_id = $1 and m.export_key = any ($2::text[]))
                        union all (select c.claim_id, {(int)ClaimName.Id} from payonce.claims c where c.organisation_id = $1 and c.search_id = $3 order by c.claim_id limit {IHistoryStore.MostHits})
                        union all (select c.claim_id, {(int)ClaimName.ExportKey} from payonce.claims c where c.organisation_id = $1 and c.export_key = $4)
                        union all (select m.claim_id, {(int)ClaimName.ExportKey} from payonce.marks m where m.organisation_id = $1 and m.export_key = $4)
                        union all (
                            select a.claim_id, {(int)ClaimName.Acknowledgement} from payonce.acknowledgements a
                            where a.organisation_id = $1 and a.acknowledgement = $5 order by a.claim_id limit {IHistoryStore.MostHits})) q
                    group by q.claim_id) q
                left join lateral (select m.state from payonce.marks m where m.organisation_id = $1 and m.claim_id = q.claim_id order by m.generation desc limit 1) m on true
                order by q.by, q.claim_id limit {IHistoryStore.MostHits}
                """, organisationId, Sql.Texts(sought.IdKeys.ToArray()), sought.PlainId, sought.PlainId, sought.Text),
            Sql.Of("select c.claimant_id from payonce.claims c where c.organisation_id = $1 and c.claimant_id = $2 limit 1", organisationId, sought.Text));
    }
}
