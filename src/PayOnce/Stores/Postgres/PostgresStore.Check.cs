using System.IO.Compression;
using System.Security.Cryptography;
using PayOnce.Audit;
using PayOnce.Runs;

namespace PayOnce.Stores.Postgres;

// What the store finds wrong with itself, in sentences for people.
public sealed partial class PostgresStore
{
    public async Task<IReadOnlyList<string>> CheckAsync(CancellationToken cancel)
    {
        var wrong = await AskListAsync(EveryOrganisation, reader => reader.GetString(0), cancel, CheckStatements.Structure());
        foreach (var organisation in await ListOrganisationsAsync(cancel))
        {
            var id = organisation.OrganisationId;
            wrong.AddRange(await AskListAsync(id, reader => reader.GetString(0), cancel, CheckStatements.Rows(id)));
            wrong.AddRange(await AskListAsync(id, reader => reader.GetString(0), cancel, TotalsCheck.Rows(id)));
            foreach (var runId in await AskListAsync(id, reader => reader.GetInt64(0), cancel, Sql.Of("select run_id from payonce.files where organisation_id = $1 order by run_id", id)))
                if (await FindFileAsync(id, runId, cancel) is { } file && await DamageAsync(id, file, cancel) is { } damage) wrong.Add(damage);
        }
        return wrong;
    }

    private async Task<string?> DamageAsync(string organisationId, RunFile file, CancellationToken cancel)
    {
        if (file.ErasedAt is not null)
        {
            var left = await AskListAsync(organisationId, reader => reader.GetInt32(0), cancel, Sql.Of("select batch from payonce.batches where organisation_id = $1 and run_id = $2 and length(content) > 0 limit 1", organisationId, file.RunId));
            return left.Count == 0 ? null : $"File {file.Name} of {organisationId} was erased, and some of its bytes are there.";
        }
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var bytes = new MemoryStream();
        whole.AppendData(file.Prologue.Span);
        long length = file.Prologue.Length + file.Epilogue.Length;
        var first = true;
        for (var batch = 0; ;)
        {
            var next = await AskFirstAsync(
                organisationId, reader => (Batch: reader.GetInt32(0), Sha256: reader.GetString(1), Claims: reader.GetInt32(2), Content: reader.GetFieldValue<byte[]>(3)), cancel,
                Sql.Of(
                    "select b.batch, b.sha256, b.claims, b.content from payonce.batches b where b.organisation_id = $1 and b.run_id = $2 and b.batch > $3 order by b.batch limit 1",
                    organisationId, file.RunId, batch));
            if (next.Content is null) break;
            batch = next.Batch;
            if (!TryDecompress(next.Content, bytes) || Convert.ToHexStringLower(SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length))) != next.Sha256)
                return FormattableString.Invariant($"Batch {batch} of file {file.Name} of {organisationId} is damaged: its bytes do not have their checksum.");
            if (next.Claims == 0) continue;
            if (!first) whole.AppendData(file.Separator.Span);
            length += bytes.Length + (first ? 0 : file.Separator.Length);
            first = false;
            whole.AppendData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        }
        whole.AppendData(file.Epilogue.Span);
        return length == file.Bytes && Convert.ToHexStringLower(whole.GetHashAndReset()) == file.Sha256
            ? null
            : $"File {file.Name} of {organisationId} is damaged: its pieces do not make up its checksum.";
    }

    private static bool TryDecompress(byte[] content, MemoryStream bytes)
    {
        bytes.SetLength(0);
        try
        {
            using var gzip = new GZipStream(new MemoryStream(content), CompressionMode.Decompress);
            gzip.CopyTo(bytes);
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}

/// <summary>Questions whose every row is a sentence about something wrong.</summary>
internal static class CheckStatements
{
    /// <summary>What may not be missing: the guard's keys, row-level security, and the triggers that keep registers append-only.</summary>
    public static Npgsql.NpgsqlBatchCommand Structure() => Sql.Of(
        """
        with named as (
            select c.oid, c.relname, c.relrowsecurity and c.relforcerowsecurity as guarded
            from pg_class c where c.relnamespace = to_regnamespace('payonce') and c.relkind in ('r', 'p')
        ), unique_keys as (
            select n.relname, (select string_agg(a.attname, ', ' order by k.place) from unnest(i.indkey::int[]) with ordinality as k(attnum, place)
                               join pg_attribute a on a.attrelid = n.oid and a.attnum = k.attnum) as columns
            from named n join pg_index i on i.indrelid = n.oid
            where i.indisunique and i.indisvalid and i.indisready and i.indpred is null
        )
        select s.sentence from (
            select format('The unique key (%s) of %s is missing: claims are not safe from being exported twice.', w.columns, w.relname) as sentence
            from (values ('marks', 'organisation_id, claim_id, generation'), ('marks', 'organisation_id, export_key'), ('claims', 'organisation_id, export_key')) as w(relname, columns)
            where not exists (select 1 from unique_keys u where u.relname = w.relname and u.columns = w.columns)
            union all
            select format('Row-level security of %s is not forced: organisations are not kept apart.', n.relname) from named n where not n.guarded and n.relname <> 'schema_version'
            union all
            select format('The trigger %s of %s is missing or switched off: what was told could be changed.', w.trigger, w.relname)
            from (values ('marks', 'never_removed'), ('attempts', 'append_only'), ('audit_events', 'append_only'),
                         ('attempts', 'only_erased'), ('batches', 'only_erased'), ('claims', 'erased_stay')) as w(relname, trigger)
            where not exists (select 1 from named n join pg_trigger t on t.tgrelid = n.oid where n.relname = w.relname and t.tgname = w.trigger and t.tgenabled in ('O', 'A'))
        ) s
        order by s.sentence collate "C"
        """);

    /// <summary>The work list beside claims and marks, the trail's end beside its head, and counters beside marks.</summary>
    public static Npgsql.NpgsqlBatchCommand Rows(string organisationId) => Sql.Of(
        """
        with newest as (
            select distinct on (m.claim_id) m.claim_id, m.generation, m.state from payonce.marks m where m.organisation_id = $1 order by m.claim_id, m.generation desc
        ), compared as (
            select coalesce(c.claim_id, p.claim_id) as claim_id, c.claim_id is not null and c.withdrawn_at is null and coalesce(n.state in ('released', 'rejected'), true) as may_wait,
                   c.withdrawn_at is not null and n.state not in ('released', 'rejected') as held_withdrawn,
                   p.claim_id is not null as waits, p.generation is not distinct from coalesce(n.generation, 0) as same
            from (select * from payonce.claims where organisation_id = $1) c
            full join (select * from payonce.pending where organisation_id = $1) p on p.claim_id = c.claim_id and p.approved_at = c.approved_at
            left join newest n on n.claim_id = coalesce(c.claim_id, p.claim_id)
        )
        select s.sentence from (
            (select format('Claim %s of %s may be exported, but does not wait: no run will take it.', claim_id, $1) as sentence from compared where may_wait and not waits order by claim_id limit 20)
            union all
            (select format('Claim %s of %s waits, but may not be exported; the guard will refuse it.', claim_id, $1) from compared where waits and (not may_wait or not same) order by claim_id limit 20)
            union all
            (select format('Claim %s of %s is withdrawn, but a run has it.', claim_id, $1) from compared where held_withdrawn order by claim_id limit 20)
            union all
            (select format('Claim %s of %s was erased, but is neither exported nor withdrawn, or names somebody.', c.claim_id, $1)
             from payonce.claims c left join newest n on n.claim_id = c.claim_id
             where c.organisation_id = $1 and c.erased_at is not null and ((c.withdrawn_at is null and n.state is distinct from 'exported') or c.claimant_name <> 'erased' or c.approved_by <> 'erased')
             order by c.claim_id limit 20)
            union all
            select format('The audit trail of %s does not end where its head says.', $1)
            where (select (h.sequence, h.hash) from payonce.audit_heads h where h.organisation_id = $1) is distinct from coalesce(
                (select (e.sequence, e.hash) from payonce.audit_events e where e.organisation_id = $1 order by e.sequence desc limit 1), (0::bigint, repeat('0', 64) collate "C"))
            union all
            (select format('Run %s of %s counts %s claims in doubt and has %s.', r.run_id, $1, r.in_doubt, d.count)
             from payonce.runs r
             cross join lateral (select count(*) from payonce.marks m where m.organisation_id = $1 and m.run_id = r.run_id and m.state = 'in_doubt') d
             where r.organisation_id = $1 and r.in_doubt <> d.count order by r.run_id)
            union all
            (select format('Run %s of %s has ended and still holds %s reserved claims: no recovery will look for them.', r.run_id, $1, d.count)
             from payonce.runs r
             cross join lateral (select count(*) from payonce.marks m where m.organisation_id = $1 and m.run_id = r.run_id and m.state = 'reserved') d
             where r.organisation_id = $1 and r.state <> 'running' and d.count > 0 order by r.run_id)
            union all
            (select format('Batch %s of run %s of %s was sent, the run has ended, and how try %s ended is not told.', a.batch, a.run_id, $1, a.try)
             from payonce.attempts a join payonce.runs r on r.organisation_id = $1 and r.run_id = a.run_id and r.state <> 'running'
             where a.organisation_id = $1 and a.step = 'started' and not exists (
                 select 1 from payonce.attempts e where e.organisation_id = $1 and e.run_id = a.run_id and e.batch = a.batch and e.try = a.try and e.step = 'finished')
             order by a.run_id, a.batch, a.try limit 20)
        ) s
        order by s.sentence collate "C"
        """, organisationId);
}
