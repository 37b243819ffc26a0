using Npgsql;
using NpgsqlTypes;
using PayOnce.Claims;

namespace PayOnce.Bench;

/// <summary>Fills the table of claims past the product, for benchmarks that begin where intake has ended.</summary>
public static class PostgresClaims
{
    public static async Task LoadAsync(string superuser, int count, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(superuser);
        await connection.OpenAsync(cancel);
        await using var copy = await connection.BeginBinaryImportAsync(
            "copy payonce.claims (organisation_id, claim_id, export_key, claimant_id, claimant_name, type, currency, total_minor, approved_at, approved_by, lines, payload_hash, taken_in_at) from stdin (format binary)", cancel);
        copy.Timeout = TimeSpan.FromHours(1);
        foreach (var claim in SampleClaims.Take(count))
        {
            var record = ClaimRecord.From(SampleClaims.Organisation, claim);
            await copy.StartRowAsync(cancel);
            foreach (var text in (string[])[SampleClaims.Organisation, record.ClaimId, record.ExportKey, record.ClaimantId, record.ClaimantName, record.Type, record.Currency]) await copy.WriteAsync(text, NpgsqlDbType.Text, cancel);
            await copy.WriteAsync(record.TotalMinor, NpgsqlDbType.Bigint, cancel);
            await copy.WriteAsync(record.ApprovedAt, NpgsqlDbType.TimestampTz, cancel);
            await copy.WriteAsync(record.ApprovedBy, NpgsqlDbType.Text, cancel);
            // Text and bytea have the same binary form; the lines are UTF-8 already.
            await copy.WriteAsync(record.Lines.ToArray(), NpgsqlDbType.Bytea, cancel);
            await copy.WriteAsync(record.PayloadHash.ToArray(), NpgsqlDbType.Bytea, cancel);
            await copy.WriteAsync(record.ApprovedAt, NpgsqlDbType.TimestampTz, cancel);
        }
        await copy.CompleteAsync(cancel);
    }
}
