using Npgsql;
using PayOnce.Claims;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Scheduling;
using PayOnce.Stores;

namespace PayOnce.Stores.Postgres;

/// <summary>Each table's columns in one order, and the value they make.</summary>
internal static class Columns
{
    public const string Claim = "c.claim_id, c.export_key, c.claimant_id, c.claimant_name, c.type, c.currency, c.total_minor, c.approved_at, c.approved_by, c.lines, c.payload_hash";

    /// <summary>Columns of <see cref="Claim"/>: what a select adds behind them begins here.</summary>
    public const int ClaimWidth = 11;

    public const string Withdrawal = "c.withdrawn_at, c.withdrawn_by, c.withdrawn_reason";

    public const string Mark = "m.claim_id, m.generation, m.state, m.attempt, m.epoch, m.run_id, m.batch, m.export_key, m.evidence, m.acknowledgement, m.reason, m.changed_at, m.in_doubt_since";

    public const string Run =
        "r.run_id, r.trigger, r.state, r.actor, r.holder, r.epoch, r.scope_from, r.scope_before, r.scope_limit, r.scope_claim_id, r.exporter, r.format, r.integration_version, "
        + Counters + ", r.started_at, r.ended_at, r.failure, r.first_voucher, r.request_id, r.stop_requested_at, r.stop_requested_by";

    /// <summary>Columns of <see cref="Run"/>: what a select adds behind them begins here.</summary>
    public const int RunWidth = 27;

    public const string Counters = "r.candidates, r.skipped_duplicates, r.reserved, r.exported, r.rejected, r.in_doubt, r.released";

    public const string File =
        "f.run_id, f.name, f.content_type, f.sha256, f.bytes, f.claims, f.lines, f.control_totals, f.prologue, f.separator, f.epilogue, f.manifest, f.folder, f.state, f.fetched_at, f.imported_as, f.erased_at";

    public static ClaimRecord ReadClaim(NpgsqlDataReader reader) => new(
        reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetString(5), reader.GetInt64(6), reader.Time(7),
        reader.GetString(8), reader.GetFieldValue<byte[]>(9), reader.GetFieldValue<byte[]>(10));

    public static Withdrawal? ReadWithdrawal(NpgsqlDataReader reader, int first) =>
        reader.TimeOrNull(first) is { } at ? new Withdrawal(at, reader.GetString(first + 1), reader.GetString(first + 2)) : null;

    public static Mark ReadMark(NpgsqlDataReader reader) => ReadMark(reader, 0);

    public static Mark ReadMark(NpgsqlDataReader reader, int first) => new(
        reader.GetString(first), reader.GetInt32(first + 1), MarkStates.State(reader.GetString(first + 2)), reader.GetInt32(first + 3), reader.GetInt64(first + 4),
        reader.GetInt64(first + 5), reader.GetInt32(first + 6), reader.GetString(first + 7), reader.Text(first + 8) is { } evidence ? MarkStates.Evidence(evidence) : null,
        reader.Text(first + 9), reader.Text(first + 10), reader.Time(first + 11), reader.TimeOrNull(first + 12));

    public static HeldClaim ReadHeld(NpgsqlDataReader reader) =>
        new(reader.GetString(0), reader.GetInt32(1), MarkStates.State(reader.GetString(2)), reader.GetInt64(3));

    public static Run ReadRun(NpgsqlDataReader reader) => new(
        reader.GetInt64(0), RunTexts.Trigger(reader.GetString(1)), RunTexts.State(reader.GetString(2)), reader.GetString(3), reader.GetString(4), reader.GetInt64(5),
        new ClaimScope(reader.TimeOrNull(6), reader.TimeOrNull(7), reader.Integer(8), reader.Text(9)),
        reader.GetString(10), reader.GetString(11), reader.GetInt32(12), ReadCounters(reader, 13), reader.Time(20), reader.TimeOrNull(21), reader.Text(22), reader.GetInt64(23))
    {
        RequestId = reader.Long(24),
        Stop = reader.TimeOrNull(25) is { } at ? new StopWish(at, reader.GetString(26)) : null,
    };

    public static RunCounters ReadCounters(NpgsqlDataReader reader, int first) => new(
        reader.GetInt64(first), reader.GetInt64(first + 1), reader.GetInt64(first + 2), reader.GetInt64(first + 3), reader.GetInt64(first + 4), reader.GetInt64(first + 5), reader.GetInt64(first + 6));

    public static RunFile ReadFile(NpgsqlDataReader reader) => new(
        reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetInt64(4), reader.GetInt64(5), reader.GetInt64(6),
        StoredJson.ReadTotals(reader.GetFieldValue<byte[]>(7)), reader.GetFieldValue<byte[]>(8), reader.GetFieldValue<byte[]>(9), reader.GetFieldValue<byte[]>(10),
        reader.GetFieldValue<byte[]>(11), reader.Text(12), RunFileStates.State(reader.GetString(13)))
    {
        FetchedAt = reader.TimeOrNull(14),
        ImportedAs = reader.Text(15),
        ErasedAt = reader.TimeOrNull(16),
    };

    /// <summary>run_id, batch, try, step, epoch, claim_ids, bytes_hash, outcome, http_status, error, at.</summary>
    public static Attempt ReadAttempt(NpgsqlDataReader reader) => new(
        reader.GetInt64(0), reader.GetInt32(1), reader.GetInt32(2), AttemptTexts.Step(reader.GetString(3)), reader.GetInt64(4),
        reader.IsDBNull(5) ? null : StoredJson.ReadClaimIds(reader.GetFieldValue<byte[]>(5)), reader.Text(6),
        reader.Text(7) is { } outcome ? AttemptTexts.Outcome(outcome) : null, reader.Integer(8), reader.Text(9), reader.Time(10));
}
