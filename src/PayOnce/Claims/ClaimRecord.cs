using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace PayOnce.Claims;

/// <summary>
/// A claim as a store keeps it: the columns that are searched, and the lines as one piece of canonical JSON
/// (<see cref="ClaimLines"/>), which are never searched in SQL.
/// </summary>
/// <param name="ExportKey">The export key of generation 0, computed at intake.</param>
/// <param name="Lines">UTF-8 JSON written by <see cref="ClaimLines.Write"/>.</param>
/// <param name="PayloadHash">SHA-256 over every field (<see cref="ClaimLines.PayloadHash"/>): equal hash, equal content.</param>
public sealed record ClaimRecord(
    string ClaimId,
    string ExportKey,
    string ClaimantId,
    string ClaimantName,
    string Type,
    string Currency,
    long TotalMinor,
    DateTimeOffset ApprovedAt,
    string ApprovedBy,
    ReadOnlyMemory<byte> Lines,
    ReadOnlyMemory<byte> PayloadHash)
{
    /// <summary>Turns a checked claim into what is stored. Pure: the same claim gives the same bytes on every machine.</summary>
    public static ClaimRecord From(string organisationId, Claim claim)
    {
        var record = new ClaimRecords(organisationId).From(claim);
        return record with { Lines = record.Lines.ToArray() };
    }
}

/// <summary>Turns claims into what is stored, one after another; the buffers are made once, so that lines and hash of a record are valid until the next. For one thread at a time.</summary>
internal sealed class ClaimRecords
{
    private readonly string organisationId;
    private readonly ArrayBufferWriter<byte> lines = new(4096);
    private readonly ArrayBufferWriter<byte> content = new(4096);
    private readonly Utf8JsonWriter json;
    private readonly byte[] hash = new byte[SHA256.HashSizeInBytes];

    public ClaimRecords(string organisationId)
    {
        this.organisationId = organisationId;
        json = ClaimLines.NewWriter(lines);
    }

    public ClaimRecord From(Claim claim)
    {
        lines.ResetWrittenCount();
        content.ResetWrittenCount();
        json.Reset();
        ClaimLines.WriteTo(json, claim.Lines);
        ClaimLines.HashPayload(content, claim, lines.WrittenSpan, hash);
        return new ClaimRecord(
            claim.ClaimId,
            Guard.ExportKey.Derive(organisationId, claim.ClaimId, generation: 0),
            claim.Claimant.Id,
            claim.Claimant.Name,
            claim.Type,
            claim.Currency,
            claim.TotalMinor,
            claim.ApprovedAt,
            claim.ApprovedBy,
            lines.WrittenMemory,
            hash);
    }
}
