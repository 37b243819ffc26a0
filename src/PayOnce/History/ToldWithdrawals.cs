using System.Text.Encodings.Web;
using System.Text.Json;
using PayOnce.Audit;
using PayOnce.Stores;

namespace PayOnce.History;

/// <summary>What the trail tells of a claim's withdrawals. The claim itself keeps only the one that stands: one that was approved again afterwards stands in the trail alone, and there among others if several were withdrawn at once.</summary>
internal static class ToldWithdrawals
{
    /// <summary>The events that can tell of one.</summary>
    public static readonly string[] Actions = [AuditActions.ClaimsWithdrawn, AuditActions.AcknowledgementWithdrawn];

    private const string OfAcknowledgement = "acknowledgement ";

    /// <summary>How the claim's id stands in such an event's details. An event without it is about others; one with it may be.</summary>
    public static string AsWritten(string claimId) => $"\"{JsonEncodedText.Encode(claimId, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    /// <param name="events">Oldest first.</param>
    public static IReadOnlyList<Withdrawal> Of(string claimId, IEnumerable<AuditEvent> events) => [.. events.Select(told => Of(claimId, told)).OfType<Withdrawal>()];

    private static Withdrawal? Of(string claimId, AuditEvent told)
    {
        using var details = JsonDocument.Parse(told.Details);
        if (!details.RootElement.TryGetProperty("withdrawnClaims", out var claims) || !claims.EnumerateArray().Any(claim => claim.ValueEquals(claimId))) return null;
        var reason = told.Action == AuditActions.ClaimsWithdrawn
            ? details.RootElement.GetProperty("reason").GetString()!
            : FormSteps.WithdrawnWith(long.Parse(told.Subject[OfAcknowledgement.Length..], System.Globalization.CultureInfo.InvariantCulture));
        return new Withdrawal(told.At, told.Actor, reason);
    }
}
