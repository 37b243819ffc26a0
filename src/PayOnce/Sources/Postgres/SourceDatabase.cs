using System.Data;
using Npgsql;

namespace PayOnce.Sources.Postgres;

/// <summary>A row of the view as it is there.</summary>
internal sealed record SourceRow(
    string ClaimId, string? ClaimantId, string? ClaimantName, string? Type, string? Currency, DateTimeOffset ApprovedAt, string? ApprovedBy, long? TotalMinor, string? Lines,
    DateTimeOffset? WithdrawnAt, string? WithdrawnReason);

/// <summary>What is told back of one claim.</summary>
/// <param name="ExportedAt">Null: it is not exported now, and a row of theirs that says so is corrected.</param>
internal sealed record WrittenRow(string ClaimId, string State, long RunId, DateTimeOffset? ExportedAt, string? Acknowledgement);

/// <summary>
/// The organisation's own database. Every question is one transaction that can only read, with a time limit of the server's own;
/// nothing is set for longer than the transaction, so that it works behind a pooler.
/// </summary>
internal sealed class SourceDatabase(NpgsqlDataSource source, SourceSettings settings) : IAsyncDisposable
{
    private const string Row =
        "claim_id::text, claimant_id::text, claimant_name::text, type::text, currency::text, approved_at, approved_by::text, total_minor::bigint, lines::text, withdrawn_at, withdrawn_reason::text";

    /// <summary>What is wrong with the view, and with the table to write back to; empty if both can be used.</summary>
    public Task<IReadOnlyList<string>> CheckAsync(CancellationToken cancel) => ReadOnlyAsync<IReadOnlyList<string>>(async ask =>
    {
        var wrong = new List<string>(SourceColumns.Wrong(settings.View, await ColumnsAsync(ask, settings.View, cancel), SourceColumns.All));
        if (settings.WriteBackTable is { } table)
        {
            wrong.AddRange(SourceColumns.Wrong(table, await ColumnsAsync(ask, table, cancel), SourceColumns.WriteBack));
            if (wrong.Count == 0 && !await AnyAsync(ask(
                """
                select 1 from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
                where i.indrelid = to_regclass($1) and i.indisunique and i.indpred is null and i.indnkeyatts = 1 and a.attname = 'claim_id'
                """, table), cancel)) wrong.Add($"{table} has no unique key on claim_id alone: a claim that is told twice would stand there twice.");
            if (wrong.Count == 0 && !await AnyAsync(ask(
                "select 1 where has_table_privilege(to_regclass($1), 'select') and has_table_privilege(to_regclass($1), 'insert') and has_table_privilege(to_regclass($1), 'update')", table), cancel))
                wrong.Add($"The user may not select, insert and update in {table}.");
        }
        if (wrong.Count > 0) return wrong;
        // Such rows have no place in any order, and would never be read.
        if (await AnyAsync(ask($"select 1 from {settings.View} where claim_id is null or approved_at is null limit 1"), cancel))
            wrong.Add($"{settings.View} has rows without claim_id or approved_at; leave them out of the view until they have both.");
        return wrong;
    }, cancel);

    /// <summary>Approved rows behind a place, in the order of (approved_at, claim_id); withdrawn ones are left out.</summary>
    public Task<List<SourceRow>> ReadApprovedAsync(DateTimeOffset from, string afterClaimId, CancellationToken cancel) => ReadOnlyAsync(ask => RowsAsync(ask(
        $"""
        select {Row} from {settings.View}
        where approved_at >= $1 and (approved_at, claim_id::text collate "C") > ($1, $2) and withdrawn_at is null
        order by approved_at, claim_id::text collate "C" limit $3
        """, from, afterClaimId, settings.BatchSize), cancel), cancel);

    /// <summary>Withdrawn rows behind a place, in the order of (withdrawn_at, claim_id).</summary>
    public Task<List<SourceRow>> ReadWithdrawnAsync(DateTimeOffset from, string afterClaimId, CancellationToken cancel) => ReadOnlyAsync(ask => RowsAsync(ask(
        $"""
        select {Row} from {settings.View}
        where withdrawn_at >= $1 and (withdrawn_at, claim_id::text collate "C") > ($1, $2)
        order by withdrawn_at, claim_id::text collate "C" limit $3
        """, from, afterClaimId, settings.BatchSize), cancel), cancel);

    /// <summary>Rows by their ids, as they are now.</summary>
    public Task<List<SourceRow>> ReadByIdAsync(IReadOnlyList<string> claimIds, CancellationToken cancel) =>
        ReadOnlyAsync(ask => RowsAsync(ask($"select {Row} from {settings.View} where claim_id::text = any ($1::text[]) and approved_at is not null order by 1", [claimIds.ToArray()]), cancel), cancel);

    /// <summary>Their clock: a row of the future must not let the next reading begin behind it.</summary>
    public Task<DateTimeOffset> NowAsync(CancellationToken cancel) => ReadOnlyAsync(async ask =>
    {
        await using var reader = await ask("select now()").ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return reader.GetFieldValue<DateTimeOffset>(0);
    }, cancel);

    /// <summary>
    /// Tells of claims, all of them or none. A row that a later run has written stays as it is; of a claim that is not exported only a
    /// row that is there already is changed. The same again changes nothing.
    /// </summary>
    public Task WriteBackAsync(IReadOnlyList<WrittenRow> rows, CancellationToken cancel) => AskAsync(async () =>
    {
        var table = settings.WriteBackTable!;
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await LimitAsync(connection, transaction, cancel);
        var exported = rows.Where(row => row.ExportedAt is not null).ToList();
        var others = rows.Where(row => row.ExportedAt is null).ToList();
        if (exported.Count > 0)
        {
            await using var insert = Command(connection, transaction,
                $"""
                insert into {table} as t (claim_id, state, run, exported_at, acknowledgement)
                select * from unnest($1::text[], $2::text[], $3::bigint[], $4::timestamptz[], $5::text[])
                on conflict (claim_id) do update
                set state = excluded.state, run = excluded.run, acknowledgement = excluded.acknowledgement,
                    exported_at = case when t.run = excluded.run then coalesce(t.exported_at, excluded.exported_at) else excluded.exported_at end
                where t.run is null or t.run <= excluded.run
                """,
                exported.ConvertAll(row => row.ClaimId).ToArray(), exported.ConvertAll(row => row.State).ToArray(), exported.ConvertAll(row => row.RunId).ToArray(),
                exported.ConvertAll(row => row.ExportedAt!.Value.ToUniversalTime()).ToArray(), Texts(exported.ConvertAll(row => row.Acknowledgement)));
            await insert.ExecuteNonQueryAsync(cancel);
        }
        if (others.Count > 0)
        {
            await using var update = Command(connection, transaction,
                $"""
                update {table} t set state = i.state, run = i.run, exported_at = null, acknowledgement = null
                from unnest($1::text[], $2::text[], $3::bigint[]) as i(claim_id, state, run)
                where t.claim_id::text = i.claim_id and (t.run is null or t.run <= i.run)
                """,
                others.ConvertAll(row => row.ClaimId).ToArray(), others.ConvertAll(row => row.State).ToArray(), others.ConvertAll(row => row.RunId).ToArray());
            await update.ExecuteNonQueryAsync(cancel);
        }
        await transaction.CommitAsync(cancel);
        return true;
    });

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private static async Task<List<SourceRow>> RowsAsync(NpgsqlCommand command, CancellationToken cancel)
    {
        var rows = new List<SourceRow>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            rows.Add(new SourceRow(
                reader.GetString(0), Text(reader, 1), Text(reader, 2), Text(reader, 3), Text(reader, 4), reader.GetFieldValue<DateTimeOffset>(5), Text(reader, 6),
                reader.IsDBNull(7) ? null : reader.GetInt64(7), Text(reader, 8), reader.IsDBNull(9) ? null : reader.GetFieldValue<DateTimeOffset>(9), Text(reader, 10)));
        }
        return rows;
    }

    private static async Task<Dictionary<string, string>> ColumnsAsync(Ask ask, string table, CancellationToken cancel)
    {
        var columns = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var reader = await ask(
            """
            select a.attname, t.typname from pg_attribute a join pg_type t on t.oid = a.atttypid
            where a.attrelid = to_regclass($1) and a.attnum > 0 and not a.attisdropped and has_table_privilege(a.attrelid, 'select')
            """, table).ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) columns.Add(reader.GetString(0), reader.GetString(1));
        return columns;
    }

    private static async Task<bool> AnyAsync(NpgsqlCommand command, CancellationToken cancel)
    {
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel);
    }

    private Task<T> ReadOnlyAsync<T>(Func<Ask, Task<T>> read, CancellationToken cancel) => AskAsync(async () =>
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancel);
        await using (var only = Command(connection, transaction, "set transaction read only")) await only.ExecuteNonQueryAsync(cancel);
        await LimitAsync(connection, transaction, cancel);
        return await read((text, values) => Command(connection, transaction, text, values));
    });

    /// <summary>What goes wrong here is theirs to mend; what goes wrong in our own store must not look like it.</summary>
    private async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception fault) when (SourceFaults.IsTheirs(fault))
        {
            throw new SourceFaultException(SourceFaults.Sentence(fault, settings), fault);
        }
    }

    private async Task LimitAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancel)
    {
        await using var limit = Command(connection, transaction, FormattableString.Invariant($"set local statement_timeout = {settings.StatementSeconds * 1000}"));
        await limit.ExecuteNonQueryAsync(cancel);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, NpgsqlTransaction transaction, string text, params object[] values)
    {
        var command = new NpgsqlCommand(text, connection, transaction);
        foreach (var value in values) command.Parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value is DateTimeOffset time ? time.ToUniversalTime() : value });
        return command;
    }

    private static NpgsqlParameter Texts(List<string?> values) => new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Text };

    private static string? Text(NpgsqlDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);

    private delegate NpgsqlCommand Ask(string text, params object[] values);
}
