namespace PayOnce.Bench;

/// <summary>
/// What an export costs when nothing is guarded: the same durable facts by plain set-based SQL in two commits, and the same file by
/// COPY. It runs as superuser, so that row-level security costs it nothing; it hashes and compresses nothing, chains no audit
/// events, keeps no bytes in the database and looks at no claim twice.
/// </summary>
public static class PostgresFloor
{
    /// <summary>As many batches as the product makes.</summary>
    public const int BatchSize = 5_000;

    /// <param name="file">Written by the server: its user must be able to.</param>
    public static string Export(string file) => $"""
        set search_path = payonce;
        begin;
        insert into runs (organisation_id, run_id, trigger, state, actor, holder, nonce, epoch, exporter, format, integration_version, candidates, started_at, first_voucher)
        select 'bench', 1, 'manual', 'running', 'bench', 'floor', 'floor', 1, 'generic', 'csv', 1, count(*), now(), 1 from pending where organisation_id = 'bench';
        insert into marks (organisation_id, claim_id, generation, state, attempt, epoch, run_id, batch, export_key, payload_hash, changed_at)
        select organisation_id, claim_id, 0, 'reserved', 1, 1, 1, (row_number() over (order by approved_at, claim_id) - 1) / {BatchSize} + 1, export_key, payload_hash, now()
        from claims where organisation_id = 'bench';
        delete from pending where organisation_id = 'bench';
        insert into attempts (organisation_id, run_id, batch, try, step, epoch, claim_ids, bytes_hash, at)
        select 'bench', 1, batch, 1, 'reserved', 1, jsonb_agg(claim_id), repeat('0', 64), now() from marks where organisation_id = 'bench' and run_id = 1 group by batch;
        insert into batches (organisation_id, run_id, batch, sha256, claims, lines, content)
        select 'bench', 1, batch, repeat('0', 64), count(*), 0, '' from marks where organisation_id = 'bench' and run_id = 1 group by batch;
        insert into audit_events (organisation_id, sequence, at, actor, action, subject, details, previous_hash, hash)
        select 'bench', batch, now(), 'bench', 'batch_reserved', 'run 1', json_build_object('batch', batch, 'claims', claims)::text, repeat('0', 64), repeat('0', 64) from batches where organisation_id = 'bench' and run_id = 1;
        update runs set reserved = candidates where organisation_id = 'bench' and run_id = 1;
        commit;

        copy (
            select voucher, export_key, claim_id, claimant_id, l.date as line_date, l.category, l.description, (l."amountMinor" / 100.0)::numeric(20, 2) as amount, currency
            from (select row_number() over (order by approved_at, claim_id) as voucher, export_key, claim_id, claimant_id, currency, lines from claims where organisation_id = 'bench') c
            cross join lateral json_to_recordset(lines::json) as l (date text, category text, description text, "amountMinor" bigint)
        ) to '{file}' (format csv, header, delimiter ';');

        begin;
        update marks set state = 'exported', evidence = 'in_file', changed_at = now() where organisation_id = 'bench' and run_id = 1 and state = 'reserved' and epoch = 1;
        insert into attempts (organisation_id, run_id, batch, try, step, epoch, bytes_hash, outcome, at)
        select 'bench', 1, batch, 1, 'finished', 1, sha256, 'accepted', now() from batches where organisation_id = 'bench' and run_id = 1;
        insert into files (organisation_id, run_id, name, content_type, sha256, bytes, claims, lines, control_totals, prologue, separator, epilogue, manifest, state, created_at)
        select 'bench', 1, 'floor.csv', 'text/csv', repeat('0', 64), 0, sum(claims), 0, '', '', '', '', '', 'available', now() from batches where organisation_id = 'bench' and run_id = 1;
        insert into audit_events (organisation_id, sequence, at, actor, action, subject, details, previous_hash, hash)
        values ('bench', 1000001, now(), 'bench', 'file_exported', 'run 1', '', repeat('0', 64), repeat('0', 64)), ('bench', 1000002, now(), 'bench', 'run_finished', 'run 1', '', repeat('0', 64), repeat('0', 64));
        update runs set exported = reserved, state = 'finished', ended_at = now() where organisation_id = 'bench' and run_id = 1;
        commit;
        """;

    /// <summary>Puts the database back to where every claim waits, with room, statistics and a clean cache alike for whoever comes next.</summary>
    public const string Reset = """
        set search_path = payonce;
        set session_replication_role = replica;
        truncate marks, pending, runs, batches, attempts, files, audit_events;
        update run_leases set epoch = 0, holder = null, run_id = null, last_run_id = 0, next_voucher = 1, taken_at = null, expires_at = null;
        update audit_heads set sequence = 0, hash = repeat('0', 64);
        insert into pending (organisation_id, approved_at, claim_id, generation) select organisation_id, approved_at, claim_id, 0 from claims order by organisation_id, approved_at, claim_id;
        vacuum analyze pending;
        analyze marks;
        checkpoint;
        """;

    /// <summary>What must be the same afterwards, whichever side ran.</summary>
    public const string Facts = """
        set search_path = payonce;
        select (select count(*) from marks where state = 'exported' and evidence = 'in_file') || ' marks exported, '
            || (select count(*) from pending) || ' pending, '
            || (select count(*) || ' attempts reserved with ' || sum(jsonb_array_length(claim_ids)) || ' claim ids' from attempts where step = 'reserved') || ', '
            || (select count(*) from attempts where step = 'finished' and outcome = 'accepted') || ' attempts finished, '
            || (select count(*) || ' batches with ' || sum(claims) || ' claims' from batches) || ', '
            || (select string_agg(state || ' ' || candidates || ' ' || reserved || ' ' || exported, ';') from runs);
        """;
}
