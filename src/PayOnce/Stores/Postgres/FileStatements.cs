using System.Security.Cryptography;
using Npgsql;
using PayOnce.Runs;

namespace PayOnce.Stores.Postgres;

/// <summary>The statements about a run's file and the register of its batches' attempts.</summary>
internal static class FileStatements
{
    public static NpgsqlBatchCommand Find(string organisationId, long runId) => Sql.Of(
        $"select {Columns.File} from payonce.files f where f.organisation_id = $1 and f.run_id = $2", organisationId, runId);

    public static NpgsqlBatchCommand Insert(string organisationId, RunFile file, DateTimeOffset at) => Sql.Of(
        """
        insert into payonce.files (organisation_id, run_id, name, content_type, sha256, bytes, claims, lines, control_totals, prologue, separator, epilogue, manifest, folder, state, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        """,
        organisationId, file.RunId, file.Name, file.ContentType, file.Sha256, file.Bytes, file.Claims, file.Lines, Sql.Text(StoredJson.Totals(file.ControlTotals)),
        file.Prologue, file.Separator, file.Epilogue, file.Manifest, file.Folder, file.State.Text(), at);

    /// <summary>From publishing only: what is available stays so until it is rolled back.</summary>
    public static NpgsqlBatchCommand Settle(string organisationId, long runId, RunFileState state) => Sql.Of(
        "update payonce.files set state = $3 where organisation_id = $1 and run_id = $2 and state = 'publishing'", organisationId, runId, state.Text());

    /// <summary>From here on something may have left: a row for each batch that has bytes.</summary>
    public static NpgsqlBatchCommand StartAttempts(Lease lease) => Sql.Of(
        """
        insert into payonce.attempts (organisation_id, run_id, batch, try, step, epoch, bytes_hash, at)
        select $1, $2, b.batch, 1, 'started', $3, b.sha256, clock_timestamp()
        from payonce.batches b where b.organisation_id = $1 and b.run_id = $2 and b.claims > 0 order by b.batch
        """, lease.OrganisationId, lease.RunId, lease.Epoch);

    /// <summary>Accepted: a row for each batch that has bytes.</summary>
    public static NpgsqlBatchCommand AcceptAttempts(Lease lease) => Sql.Of(
        """
        insert into payonce.attempts (organisation_id, run_id, batch, try, step, epoch, bytes_hash, outcome, at)
        select $1, $2, b.batch, 1, 'finished', $3, b.sha256, 'accepted', clock_timestamp()
        from payonce.batches b where b.organisation_id = $1 and b.run_id = $2 and b.claims > 0 order by b.batch
        """, lease.OrganisationId, lease.RunId, lease.Epoch);

    /// <summary>Refused or unknown: a row for each try that was started and has no end yet.</summary>
    public static NpgsqlBatchCommand EndStartedAttempts(string organisationId, long runId, long epoch, AttemptOutcome outcome, string error) => Sql.Of(
        """
        insert into payonce.attempts (organisation_id, run_id, batch, try, step, epoch, bytes_hash, outcome, error, at)
        select $1, $2, a.batch, a.try, 'finished', $3, a.bytes_hash, $4, $5, clock_timestamp()
        from payonce.attempts a
        where a.organisation_id = $1 and a.run_id = $2 and a.step = 'started' and not exists (
            select 1 from payonce.attempts e where e.organisation_id = $1 and e.run_id = $2 and e.batch = a.batch and e.try = a.try and e.step = 'finished')
        order by a.batch, a.try
        """, organisationId, runId, epoch, outcome.Text(), error);

    /// <summary>The first voucher number no file has. It never falls.</summary>
    public static NpgsqlBatchCommand RaiseVoucher(Lease lease, long last) => Sql.Of(
        "update payonce.run_leases set next_voucher = greatest(next_voucher, $2) where organisation_id = $1", lease.OrganisationId, last + 1);

    public static string Hash(ReadOnlyMemory<byte> manifest) => Convert.ToHexStringLower(SHA256.HashData(manifest.Span));
}
