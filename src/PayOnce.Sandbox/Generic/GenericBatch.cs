using System.Text.Json;

namespace PayOnce.Sandbox.Generic;

/// <summary>A claim as the endpoint read it.</summary>
/// <param name="Refusal">Why it cannot be booked; null if it can.</param>
internal sealed record GenericClaim(string Key, string Currency, long TotalMinor, string? Refusal);

/// <summary>Reads the body of a batch: strictly, as the contract says.</summary>
internal static class GenericBatch
{
    private const int KeyLength = 16;
    private const string KeyLetters = "BCDFGHJKLMNPQRSTVWXZ";

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>The claims, or what is wrong with the batch as a whole.</summary>
    public static (IReadOnlyList<GenericClaim>? Claims, string? Problem) Read(string body, int maxClaims)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) return (null, "The body must be an object.");
            if (Text(root, "organisation") is null or "") return (null, "organisation is missing.");
            if (Number(root, "run") is null) return (null, "run is missing.");
            if (!root.TryGetProperty("claims", out var claims) || claims.ValueKind != JsonValueKind.Array || claims.GetArrayLength() == 0) return (null, "claims is missing or empty.");
            if (claims.GetArrayLength() > maxClaims) return (null, null);
            var read = new List<GenericClaim>();
            foreach (var claim in claims.EnumerateArray())
            {
                if (Read(claim) is not { } one) return (null, $"claims[{read.Count}] has no exportKey of sixteen upper-case consonants.");
                if (read.Any(other => other.Key == one.Key)) return (null, $"{one.Key} stands twice in the batch.");
                read.Add(one);
            }
            return (read, null);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return (null, $"The body is not the JSON of the contract: {fault.Message}");
        }
    }

    private static GenericClaim? Read(JsonElement claim)
    {
        if (claim.ValueKind != JsonValueKind.Object || Text(claim, "exportKey") is not { Length: KeyLength } key || key.Any(c => !KeyLetters.Contains(c, StringComparison.Ordinal))) return null;
        var currency = Text(claim, "currency") ?? "";
        var total = Number(claim, "totalMinor") ?? 0;
        return new GenericClaim(key, currency, total, Refusal(claim, currency, total));
    }

    private static string? Refusal(JsonElement claim, string currency, long total)
    {
        if (string.IsNullOrEmpty(Text(claim, "claimId"))) return "claimId is missing.";
        if (currency.Length != 3 || !currency.All(char.IsAsciiLetterUpper)) return "currency must be three letters.";
        if (total <= 0) return "totalMinor must be more than zero.";
        if (!claim.TryGetProperty("claimant", out var claimant) || claimant.ValueKind != JsonValueKind.Object || string.IsNullOrEmpty(Text(claimant, "id"))) return "claimant.id is missing.";
        if (!claim.TryGetProperty("lines", out var lines) || lines.ValueKind != JsonValueKind.Array || lines.GetArrayLength() == 0) return "lines is missing or empty.";
        Int128 sum = 0;
        foreach (var line in lines.EnumerateArray())
        {
            if (line.ValueKind != JsonValueKind.Object || Text(line, "date") is null || Text(line, "category") is null || Number(line, "amountMinor") is not { } amount) return "A line lacks date, category or amountMinor.";
            sum += amount;
        }
        return sum == total ? null : "The lines do not sum to totalMinor.";
    }

    private static string? Text(JsonElement parent, string name) => parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long? Number(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;
}
