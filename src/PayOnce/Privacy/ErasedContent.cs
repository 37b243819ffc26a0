using System.Security.Cryptography;
using System.Text;
using PayOnce.Claims;
using PayOnce.Claims.Forms;
using PayOnce.Runs;
using PayOnce.Scheduling;

namespace PayOnce.Privacy;

/// <summary>What stands where personal data was (docs/decisions/0021). Pure, so that both stores leave the same.</summary>
public static class ErasedContent
{
    /// <summary>Where a name stood, and where a text stood that must not be empty.</summary>
    public const string Word = "erased";

    /// <summary>
    /// The claimant, without a way back once the salt is gone. The same claimant is the same within one erasure, so that sums by
    /// claimant stay possible. Longer than any supplier number may be, so that it is nobody's.
    /// </summary>
    public static string Pseudonym(ReadOnlySpan<byte> salt, string claimantId) =>
        $"{Word}-{Convert.ToHexStringLower(HMACSHA256.HashData(salt, Encoding.UTF8.GetBytes(claimantId)).AsSpan(0, 12))}";

    /// <summary>Days, categories, amounts and quantities stay: the books rest on them. Texts and dimensions go, since nobody can tell a cost centre from a name.</summary>
    public static ReadOnlyMemory<byte> Lines(ReadOnlySpan<byte> lines) => ClaimLines.Write(ClaimLines.Read(lines).ConvertAll(line => line with { Description = "", Dimensions = [] }));

    /// <summary>What was typed goes; what the sum came of stays.</summary>
    public static FormContent Form(FormContent content) => content with { Reference = "", Route = "", PassengerNames = "", Departure = null, Return = null };

    /// <summary>How a request ended stays. Why it could not do its work can be an answer of the accounting system, word for word.</summary>
    internal static string Outcome(string outcome) => RequestOutcome.FromStored(outcome) is { Failure: not null } told ? (told with { Failure = Word }).ToJson() : outcome;

    /// <summary>Which claims were refused stays. A reason can quote the claim.</summary>
    internal static IReadOnlyList<ClaimRejection> Rejections(IEnumerable<ClaimRejection> rejections) => [.. rejections.Select(each => new ClaimRejection(each.ClaimId, new Problem(Word) { ClaimId = each.ClaimId }))];
}
