using System.Text.Json;
using PayOnce.Exporters.Api;
using PayOnce.Guard;

namespace PayOnce.Exporters.Xledger;

/// <summary>
/// What an answer to <c>addGLImportItems</c> proves of each claim. Lines are matched by <c>clientId</c>, since nothing says that they
/// come back in their order. A mutation is taken whole or not at all: it either has data or none.
/// </summary>
internal sealed class ImportAnswer(ImportNodes nodes, IReadOnlyList<ExpectedClaim> claims, Func<string, string> clean, DateTimeOffset now)
{
    private const string NotSpokenOf = "The answer does not speak of all of its lines.";

    public SendAnswer Read(WireAnswer wire)
    {
        if (wire.Class == WireClass.NotProcessed) return new SendAnswer.NotProcessed(wire.RetryAfter) { HttpStatus = wire.Status, Error = Clean(wire.Error) };
        var answer = wire.Class == WireClass.Unknown ? null : GraphQlAnswer.Read(wire.Body);
        // Xledger documents no meaning of any status: without its own words, a no proves nothing.
        var verdict = answer is not null ? Judge(answer) : new SendAnswer.Unknown { Error = wire.Class == WireClass.Answered ? "The answer could not be read." : null };
        return verdict with { HttpStatus = wire.Status, Error = answer is { Errors.Count: > 0 } ? Clean(answer.Words()) : Clean(verdict.Error ?? wire.Error) };
    }

    private SendAnswer Judge(GraphQlAnswer answer)
    {
        var taken = nodes.Mutations.Where(mutation => EdgesOf(answer, mutation) is not null).ToList();
        if (taken.Count == 0 && answer.Errors.Count > 0 && (nodes.Mutations.Count == 1 || !answer.Executed))
        {
            // Nothing of the request was stored, if every error is of a kind that proves it.
            if (answer.Errors.All(error => error.Kind == GraphQlErrorKind.Limit)) return new SendAnswer.NotProcessed(answer.Errors.Max(error => error.Wait(now)));
            if (answer.Errors.All(error => error.Kind == GraphQlErrorKind.Refusal)) return RefusedAsAWhole(answer.Errors);
        }
        return new SendAnswer.Answered([.. claims.Select(claim => JudgeClaim(answer, claim))]);
    }

    // The claims that the errors name are told their own reason; the others may go again with the next run.
    private SendAnswer RefusedAsAWhole(IReadOnlyList<GraphQlError> errors)
    {
        var reasons = Blamed(errors);
        if (reasons.Count == 0) return new SendAnswer.Refused();
        return new SendAnswer.Answered([.. claims.Select(claim => new ClaimAnswer.Refused(
            claim.ClaimId,
            reasons.TryGetValue(claim.ExportKey, out var reason) ? reason : "Nothing of its request was taken, because another claim in it was refused."))]);
    }

    private ClaimAnswer JudgeClaim(GraphQlAnswer answer, ExpectedClaim claim)
    {
        var lines = nodes.LinesOf(claim.ExportKey);
        if (nodes.MutationOf(claim.ExportKey) is not { } mutation) return new ClaimAnswer.Unknown(claim.ClaimId, NotSpokenOf);
        if (EdgesOf(answer, mutation) is not { } edges)
        {
            var own = answer.Errors.Where(error => error.Path.Count > 0 && error.Path[0] == mutation).ToList();
            return own.Count > 0 && own.All(error => error.Kind != GraphQlErrorKind.Other)
                ? new ClaimAnswer.Refused(claim.ClaimId, Blamed(own).GetValueOrDefault(claim.ExportKey) ?? Clean(own[0].Message)!)
                : new ClaimAnswer.Unknown(claim.ClaimId, NotSpokenOf);
        }
        var ids = IdsOf(edges, claim.ExportKey);
        if (ids is null) return new ClaimAnswer.Unknown(claim.ClaimId, "The answer speaks twice of one of its lines.");
        if (lines.All(ids.ContainsKey)) return new ClaimAnswer.Accepted(claim.ClaimId, Evidence.Received, ids[lines[0]]);
        return ids.Count == 0 && Blamed(answer.Errors).TryGetValue(claim.ExportKey, out var reason)
            ? new ClaimAnswer.Refused(claim.ClaimId, reason)
            : new ClaimAnswer.Unknown(claim.ClaimId, NotSpokenOf);
    }

    /// <summary>Refusals by the claim they name, if nothing that they name has an error of another kind.</summary>
    private Dictionary<string, string> Blamed(IEnumerable<GraphQlError> errors)
    {
        var reasons = new Dictionary<string, string>(StringComparer.Ordinal);
        var unclear = new HashSet<string>(StringComparer.Ordinal);
        foreach (var error in errors)
        {
            var key = error.Place() is var (mutation, index) ? nodes.KeyAt(mutation, index) : claims.FirstOrDefault(claim => error.Message.Contains(claim.ExportKey, StringComparison.Ordinal))?.ExportKey;
            if (key is null) continue;
            if (error.Kind == GraphQlErrorKind.Refusal) reasons.TryAdd(key, Clean(error.Message)!);
            else unclear.Add(key);
        }
        foreach (var key in unclear) reasons.Remove(key);
        return reasons;
    }

    private static JsonElement? EdgesOf(GraphQlAnswer answer, string mutation) =>
        answer.Data is { } data && data.TryGetProperty(mutation, out var payload) && payload.ValueKind == JsonValueKind.Object
        && payload.TryGetProperty("edges", out var edges) && edges.ValueKind == JsonValueKind.Array
            ? edges
            : null;

    // Id of each of the claim's lines; null if a line has two.
    private static Dictionary<string, string>? IdsOf(JsonElement edges, string exportKey)
    {
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var edge in edges.EnumerateArray())
        {
            if (edge.ValueKind != JsonValueKind.Object || AnswerJson.Text(edge, "clientId") is not { } clientId || ImportNodes.KeyOf(clientId) != exportKey) continue;
            if (!edge.TryGetProperty("node", out var node) || XledgerJson.Id(node, "dbId") is not { } id) continue;
            if (!ids.TryAdd(clientId, id)) return null;
        }
        return ids;
    }

    private string? Clean(string? text) => text is null ? null : clean(text);
}
