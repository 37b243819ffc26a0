namespace PayOnce.Bench;

/// <summary>The same as <see cref="PostgresFloor"/> for SQLite's command line: plain SQL, two commits, the file by <c>.once</c>.</summary>
public static class SqliteFloor
{
    /// <summary>What the product's own writing connection sets: neither side gets more cache or less durability than the other.</summary>
    public const string Settings = "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma recursive_triggers = on; pragma temp_store = memory; pragma cache_size = -32768;";

    /// <summary>As many batches as the product makes.</summary>
    public const int BatchSize = 20_000;

    public static string Export(string file) => $"""
        .bail on
        {Settings}
        begin immediate;
        insert into runs (organisation_id, run_id, "trigger", state, actor, holder, nonce, epoch, exporter, format, integration_version, candidates, started_at, first_voucher)
        select 'bench', 1, 'manual', 'running', 'bench', 'floor', 'floor', 1, 'generic', 'csv', 1, count(*), 0, 1 from pending where organisation_id = 'bench';
        insert into marks (organisation_id, claim_id, generation, state, attempt, epoch, run_id, batch, export_key, payload_hash, changed_at)
        select organisation_id, claim_id, 0, 'reserved', 1, 1, 1, (row_number() over (order by approved_at, claim_id) - 1) / {BatchSize} + 1, export_key, payload_hash, 0
        from claims where organisation_id = 'bench';
        delete from pending where organisation_id = 'bench';
        insert into attempts (organisation_id, run_id, batch, try, step, epoch, claim_ids, bytes_hash, at)
        select 'bench', 1, batch, 1, 'reserved', 1, json_group_array(claim_id), hex(zeroblob(32)), 0 from marks where organisation_id = 'bench' and run_id = 1 group by batch;
        insert into batches (organisation_id, run_id, batch, sha256, claims, lines, content)
        select 'bench', 1, batch, hex(zeroblob(32)), count(*), 0, '' from marks where organisation_id = 'bench' and run_id = 1 group by batch;
        insert into audit_events (organisation_id, sequence, at, actor, action, subject, details, previous_hash, hash)
        select 'bench', 1000000 + batch, 0, 'bench', 'batch_reserved', 'run 1', json_object('batch', batch, 'claims', claims), hex(zeroblob(32)), hex(zeroblob(32)) from batches where organisation_id = 'bench' and run_id = 1;
        update runs set reserved = candidates where organisation_id = 'bench' and run_id = 1;
        commit;

        .mode list
        .separator ; "\n"
        .headers on
        .once {file}
        select c.voucher as voucher, export_key, claim_id, claimant_id, l.value ->> 'date' as line_date, l.value ->> 'category' as category, l.value ->> 'description' as description,
            printf('%d.%02d', l.value ->> 'amountMinor' / 100, l.value ->> 'amountMinor' % 100) as amount, currency
        from (select row_number() over (order by approved_at, claim_id) as voucher, export_key, claim_id, claimant_id, currency, lines from claims where organisation_id = 'bench') c, json_each(c.lines) l;

        begin immediate;
        update marks set state = 'exported', evidence = 'in_file', changed_at = 1 where organisation_id = 'bench' and run_id = 1 and state = 'reserved' and epoch = 1;
        insert into attempts (organisation_id, run_id, batch, try, step, epoch, bytes_hash, outcome, at)
        select 'bench', 1, batch, 1, 'finished', 1, sha256, 'accepted', 1 from batches where organisation_id = 'bench' and run_id = 1;
        insert into files (organisation_id, run_id, name, content_type, sha256, bytes, claims, lines, control_totals, prologue, separator, epilogue, manifest, state, created_at)
        select 'bench', 1, 'floor.csv', 'text/csv', hex(zeroblob(32)), 0, sum(claims), 0, '', '', '', '', '', 'available', 1 from batches where organisation_id = 'bench' and run_id = 1;
        insert into audit_events (organisation_id, sequence, at, actor, action, subject, details, previous_hash, hash)
        values ('bench', 2000001, 1, 'bench', 'file_exported', 'run 1', '', hex(zeroblob(32)), hex(zeroblob(32))), ('bench', 2000002, 1, 'bench', 'run_finished', 'run 1', '', hex(zeroblob(32)), hex(zeroblob(32)));
        update runs set exported = reserved, state = 'finished', ended_at = 1 where organisation_id = 'bench' and run_id = 1;
        commit;
        """;

    /// <summary>What must be the same afterwards, whichever side ran.</summary>
    public const string Facts = """
        select (select count(*) from marks where state = 'exported' and evidence = 'in_file') || ' marks exported, '
            || (select count(*) from pending) || ' pending, '
            || (select count(*) || ' attempts reserved with ' || sum(json_array_length(claim_ids)) || ' claim ids' from attempts where step = 'reserved') || ', '
            || (select count(*) from attempts where step = 'finished' and outcome = 'accepted') || ' attempts finished, '
            || (select count(*) || ' batches with ' || sum(claims) || ' claims' from batches) || ', '
            || (select group_concat(state || ' ' || candidates || ' ' || reserved || ' ' || exported, ';') from runs);
        """;
}
