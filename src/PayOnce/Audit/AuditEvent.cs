using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PayOnce.Audit;

/// <summary>What is to be told in the audit trail; sequence, time and hashes come from the store that appends it.</summary>
/// <param name="Actor">Who did it.</param>
/// <param name="Action">One of <see cref="AuditActions"/>.</param>
/// <param name="Subject">What it was done to: <c>run 12</c>, <c>claim A-1</c>, <c>integration</c>.</param>
/// <param name="Details">A JSON object with counts, reasons and checksums; no personal data beyond ids.</param>
public sealed record AuditEntry(string Actor, string Action, string Subject, string Details);

/// <summary>One event of an organisation's append-only trail, chained to the one before by hash.</summary>
/// <param name="Sequence">Counted from 1 within the organisation, without gaps.</param>
/// <param name="At">UTC, whole microseconds, by the store's clock.</param>
/// <param name="PreviousHash">The hash of the event before; <see cref="AuditHead.Start"/>'s for the first.</param>
public sealed record AuditEvent(string OrganisationId, long Sequence, DateTimeOffset At, string Actor, string Action, string Subject, string Details, string PreviousHash, string Hash)
{
    /// <summary>Chains an entry to the trail's head.</summary>
    public static AuditEvent Chain(string organisationId, AuditHead head, DateTimeOffset at, AuditEntry entry)
    {
        var sequence = head.Sequence + 1;
        return new(organisationId, sequence, at, entry.Actor, entry.Action, entry.Subject, entry.Details, head.Hash,
            ComputeHash(organisationId, sequence, at, entry.Actor, entry.Action, entry.Subject, entry.Details, head.Hash));
    }

    /// <summary>What <see cref="Hash"/> must be, from everything else.</summary>
    public string RecomputedHash() => ComputeHash(OrganisationId, Sequence, At, Actor, Action, Subject, Details, PreviousHash);

    // Each part is preceded by its length in bytes, so that moving a character from one part to the next changes the input.
    private static string ComputeHash(string organisationId, long sequence, DateTimeOffset at, string actor, string action, string subject, string details, string previousHash)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in (ReadOnlySpan<string>)["payonce.audit.1", previousHash, organisationId, sequence.ToString(CultureInfo.InvariantCulture), Timestamp(at), actor, action, subject, details])
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            sha.AppendData(Encoding.ASCII.GetBytes(bytes.Length.ToString(CultureInfo.InvariantCulture) + ":"));
            sha.AppendData(bytes);
        }
        return Convert.ToHexStringLower(sha.GetHashAndReset());
    }

    private static string Timestamp(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}

/// <summary>The last event's sequence and hash.</summary>
public sealed record AuditHead(long Sequence, string Hash)
{
    /// <summary>The head of an empty trail: sequence 0 and a hash of zeros.</summary>
    public static AuditHead Start { get; } = new(0, new string('0', 64));
}
