using PayOnce.Audit;
using PayOnce.Claims;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Scheduling;

namespace PayOnce.Stores.Sqlite;

/// <summary>Which columns make each record, and how: the one place where the order of columns is known.</summary>
internal static class SqliteColumns
{
    public const string Run = """
        run_id, "trigger", state, actor, holder, epoch, scope_from, scope_before, scope_limit, scope_claim_id, exporter, format, integration_version,
        candidates, skipped_duplicates, reserved, exported, rejected, in_doubt, released, started_at, ended_at, failure, first_voucher, request_id, stop_requested_at, stop_requested_by
        """;

    /// <summary>Columns of <see cref="Run"/>: what a select adds behind them begins here.</summary>
    public const int RunWidth = 27;

    public const string Withdrawal = "c.withdrawn_at, c.withdrawn_by, c.withdrawn_reason";

    public const string Mark = "m.claim_id, m.generation, m.state, m.attempt, m.epoch, m.run_id, m.batch, m.export_key, m.evidence, m.acknowledgement, m.reason, m.changed_at, m.in_doubt_since";

    public const string Claim = "c.claim_id, c.export_key, c.claimant_id, c.claimant_name, c.type, c.currency, c.total_minor, c.approved_at, c.approved_by, c.lines, c.payload_hash";

    /// <summary>Columns of <see cref="Claim"/>, which <see cref="SqliteClaimReader"/> reads: what a select adds behind them begins here.</summary>
    public const int ClaimWidth = 11;

    public const string File = "run_id, name, content_type, sha256, bytes, claims, lines, control_totals, prologue, separator, epilogue, manifest, folder, state, fetched_at, imported_as, erased_at";

    public const string Attempt = "a.run_id, a.batch, a.try, a.step, a.epoch, a.bytes_hash, a.outcome, a.http_status, a.error, a.at";

    /// <summary>Columns of <see cref="Attempt"/>.</summary>
    public const int AttemptWidth = 10;

    /// <summary>The order of an attempt's rows: as they happened.</summary>
    public const string AttemptOrder = "a.run_id, a.batch, a.try, case a.step when 'reserved' then 0 when 'started' then 1 else 2 end";

    public const string AuditEvent = "organisation_id, sequence, at, actor, action, subject, details, previous_hash, hash";

    public static Run ReadRun(SqliteStatement row) => new(
        row.Long(0),
        RunTexts.Trigger(row.Text(1)),
        RunTexts.State(row.Text(2)),
        row.Text(3),
        row.Text(4),
        row.Long(5),
        new ClaimScope(row.TimeOrNull(6), row.TimeOrNull(7), row.IntOrNull(8), row.TextOrNull(9)),
        row.Text(10),
        row.Text(11),
        row.Int(12),
        new RunCounters(row.Long(13), row.Long(14), row.Long(15), row.Long(16), row.Long(17), row.Long(18), row.Long(19)),
        row.Time(20),
        row.TimeOrNull(21),
        row.TextOrNull(22),
        row.Long(23))
    {
        RequestId = row.LongOrNull(24),
        Stop = row.TimeOrNull(25) is { } at ? new StopWish(at, row.Text(26)) : null,
    };

    public static Withdrawal? ReadWithdrawal(SqliteStatement row, int first) => row.TimeOrNull(first) is { } at ? new Withdrawal(at, row.Text(first + 1), row.Text(first + 2)) : null;

    public static Mark ReadMark(SqliteStatement row) => ReadMark(row, 0);

    public static Mark ReadMark(SqliteStatement row, int first) => new(
        row.Text(first),
        row.Int(first + 1),
        MarkStates.State(row.Text(first + 2)),
        row.Int(first + 3),
        row.Long(first + 4),
        row.Long(first + 5),
        row.Int(first + 6),
        row.Text(first + 7),
        row.TextOrNull(first + 8) is { } evidence ? MarkStates.Evidence(evidence) : null,
        row.TextOrNull(first + 9),
        row.TextOrNull(first + 10),
        row.Time(first + 11),
        row.TimeOrNull(first + 12));

    public static RunFile ReadFile(SqliteStatement row) => new(
        row.Long(0),
        row.Text(1),
        row.Text(2),
        row.Text(3),
        row.Long(4),
        row.Long(5),
        row.Long(6),
        StoredJson.ReadTotals(row.Span(7)),
        row.Bytes(8),
        row.Bytes(9),
        row.Bytes(10),
        row.Bytes(11),
        row.TextOrNull(12),
        RunFileStates.State(row.Text(13)))
    {
        FetchedAt = row.TimeOrNull(14),
        ImportedAs = row.TextOrNull(15),
        ErasedAt = row.TimeOrNull(16),
    };

    /// <param name="claimIds">From the select's own further column, where it asks for it.</param>
    public static Attempt ReadAttempt(SqliteStatement row, IReadOnlyList<string>? claimIds) => new(
        row.Long(0),
        row.Int(1),
        row.Int(2),
        AttemptTexts.Step(row.Text(3)),
        row.Long(4),
        claimIds,
        row.TextOrNull(5),
        row.TextOrNull(6) is { } outcome ? AttemptTexts.Outcome(outcome) : null,
        row.IntOrNull(7),
        row.TextOrNull(8),
        row.Time(9));

    public static AuditEvent ReadAuditEvent(SqliteStatement row) => new(
        row.Text(0), row.Long(1), row.Time(2), row.Text(3), row.Text(4), row.Text(5), row.Text(6), row.Text(7), row.Text(8));
}
