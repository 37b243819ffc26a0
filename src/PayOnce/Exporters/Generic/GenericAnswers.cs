using System.Text;
using System.Text.Json;
using PayOnce.Exporters.Api;
using PayOnce.Guard;

namespace PayOnce.Exporters.Generic;

/// <summary>
/// Reads the endpoint's answers. Whatever they hold, the worst that comes of it is that nothing is known: nothing is taken for accepted,
/// refused or absent that the answer did not say in the contract's words.
/// </summary>
internal static class GenericAnswers
{
    private const int LongestReference = 200;
    private const int LongestReason = 500;
    private const int LongestCursor = 1000;
    private const long MostCounted = 1_000_000;
    private const string ProblemPrefix = "urn:payonce:";

    // The contract's problems that may be answered only when nothing of the batch was booked.
    private static readonly string[] NothingBooked = ["invalid-batch", "unauthorized", "forbidden", "too-large", "not-accepting"];

    /// <summary>What a 2xx answer says of each claim of the batch.</summary>
    public static SendAnswer ReadResults(WireAnswer answer, IReadOnlyList<ExpectedClaim> claims)
    {
        SendAnswer Unknown(string why) => new SendAnswer.Unknown { HttpStatus = answer.Status, Error = why };
        return Read<SendAnswer>(answer, Unknown, root =>
        {
            if (List(root, "results") is not { } results) return Unknown("The answer has no results.");
            var places = new Dictionary<string, int>(claims.Count, StringComparer.Ordinal);
            for (var i = 0; i < claims.Count; i++) places[claims[i].ExportKey] = i;
            var said = new ClaimAnswer?[claims.Count];
            foreach (var result in results)
            {
                // Somebody else's answer, or no answer of the contract: then nothing in it counts.
                if (AnswerJson.Text(result, "exportKey") is not { } key || !places.TryGetValue(key, out var place)) return Unknown("The answer speaks of a claim that was not sent.");
                said[place] = said[place] is null ? ReadResult(result, claims[place].ClaimId) : new ClaimAnswer.Unknown(claims[place].ClaimId, "The answer speaks of this claim twice.");
            }
            for (var i = 0; i < said.Length; i++) said[i] ??= new ClaimAnswer.Unknown(claims[i].ClaimId, "The answer does not speak of this claim.");
            return new SendAnswer.Answered(said!) { HttpStatus = answer.Status };
        });
    }

    /// <summary>Why a 4xx answer refused the whole batch with nothing booked; null if it does not prove that.</summary>
    public static string? ReadRefusal(WireAnswer answer) => Read(answer, _ => null, root =>
        AnswerJson.Text(root, "type") is { } type && type.StartsWith(ProblemPrefix, StringComparison.Ordinal) && NothingBooked.Contains(type[ProblemPrefix.Length..], StringComparer.Ordinal)
            ? Said(AnswerJson.Text(root, "detail") ?? AnswerJson.Text(root, "title") ?? type)
            : null);

    /// <summary>Adds a finding for each claim, in their order; or says why nothing was found out, and adds none.</summary>
    public static string? ReadFound(WireAnswer answer, IReadOnlyList<ExpectedClaim> claims, List<ReadBackFinding> findings) => Read(answer, why => why, root =>
    {
        if (List(root, "found") is not { } list) return "The answer has no list of what was found.";
        var asked = claims.Select(claim => claim.ExportKey).ToHashSet(StringComparer.Ordinal);
        var found = new Dictionary<string, Found>(StringComparer.Ordinal);
        foreach (var entry in list)
        {
            if (ReadFound(entry) is not { } one) return "The answer to the look-up is not as the contract says.";
            if (!asked.Contains(one.Key)) return "The answer to the look-up speaks of a claim that was not asked for.";
            // Two entries of one key are two bookings, whatever each says of itself.
            found[one.Key] = found.TryGetValue(one.Key, out var other) ? one with { Count = one.Count + other.Count } : one;
        }
        findings.AddRange(claims.Select(claim => found.TryGetValue(claim.ExportKey, out var one) ? Judge(claim, one) : new ReadBackFinding.Absent(claim.ClaimId)));
        return null;
    });

    /// <summary>A page of the keys the endpoint holds. Entries whose key is none of ours are left out.</summary>
    public static KeyPageAnswer ReadKeys(WireAnswer answer, string? after) => Read<KeyPageAnswer>(answer, why => new KeyPageAnswer.Failed(why), root =>
    {
        if (List(root, "keys") is not { } list) return new KeyPageAnswer.Failed("The answer has no list of keys.");
        var keys = new List<HeldKey>();
        foreach (var entry in list)
        {
            if (AnswerJson.Text(entry, "exportKey") is not { } key) return new KeyPageAnswer.Failed("The list of keys is not as the contract says.");
            if (ExportKey.IsWellFormed(key)) keys.Add(new HeldKey(key, AnswerJson.Text(entry, "currency"), Number(entry, "totalMinor"), Reference(entry) ?? ""));
        }
        var next = AnswerJson.Text(root, "next");
        if (next is not null && (next == after || next.Length > LongestCursor)) return new KeyPageAnswer.Failed("The list of keys does not come to an end.");
        return new KeyPageAnswer.Page(keys, next);
    });

    /// <summary>Reads a whole answer with <paramref name="read"/>.</summary>
    public static T Read<T>(WireAnswer answer, Func<string, T> unreadable, Func<JsonElement, T> read) =>
        AnswerJson.Read(answer.Body) is { } root ? read(root) : unreadable("The answer is not the JSON that the contract says.");

    /// <summary>Null if it is not there or no whole number.</summary>
    public static long? Number(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;

    private static JsonElement.ArrayEnumerator? List(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : null;

    private static ClaimAnswer ReadResult(JsonElement result, string claimId) => (AnswerJson.Text(result, "status"), Reference(result)) switch
    {
        ("booked", { } reference) => new ClaimAnswer.Accepted(claimId, Evidence.Booked, reference),
        ("accepted", { } reference) => new ClaimAnswer.Accepted(claimId, Evidence.Received, reference),
        ("booked" or "accepted", null) => new ClaimAnswer.Unknown(claimId, "The endpoint took the claim and gave no reference."),
        ("refused", _) => new ClaimAnswer.Refused(claimId, Said(AnswerJson.Text(result, "reason") ?? "The endpoint refused the claim without a reason.")),
        ("duplicate", _) => new ClaimAnswer.Unknown(claimId, "The endpoint says that it holds the claim already."),
        _ => new ClaimAnswer.Unknown(claimId, "The endpoint's answer to this claim is none of the contract's."),
    };

    private static Found? ReadFound(JsonElement entry) =>
        AnswerJson.Text(entry, "exportKey") is { } key && Reference(entry) is { } reference && AnswerJson.Text(entry, "status") is ("booked" or "accepted") and var status
            && AnswerJson.Text(entry, "currency") is { } currency && Number(entry, "totalMinor") is { } total && Number(entry, "count") is >= 1 and <= MostCounted and var count
            ? new Found(key, reference, status == "booked" ? Evidence.Booked : Evidence.Received, currency, total, count)
            : null;

    private static ReadBackFinding Judge(ExpectedClaim claim, Found found)
    {
        if (found.Count > 1) return new ReadBackFinding.Conflict(claim.ClaimId, $"It stands there {found.Count} times; one of them is {found.Reference}.");
        if (found.Currency != claim.Currency || found.TotalMinor != claim.TotalMinor)
            return new ReadBackFinding.Conflict(claim.ClaimId, $"It stands there as {found.Reference} with {found.TotalMinor} minor units of {Said(found.Currency)}; {claim.TotalMinor} of {claim.Currency} were sent.");
        return new ReadBackFinding.Present(claim.ClaimId, found.Evidence, found.Reference);
    }

    // A reference is kept, shown and looked for for ever: none that is endless or could steer a terminal, or has nothing in it that can be read.
    private static string? Reference(JsonElement entry) =>
        AnswerJson.Text(entry, "reference") is { Length: <= LongestReference } text && !text.Any(char.IsControl) && text.EnumerateRunes().Any(Rune.IsLetterOrDigit) ? text : null;

    private static string Said(string text) =>
        new([.. text.Take(LongestReason).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '\ufffd' : c)]);

    private sealed record Found(string Key, string Reference, Evidence Evidence, string Currency, long TotalMinor, long Count);
}
