using PayOnce.Claims.Intake;
using PayOnce.Exporters;

namespace PayOnce.Claims.Forms;

/// <summary>How a form becomes a claim: by the rules that every claim goes through at intake, and no other way in.</summary>
public static class FormClaims
{
    /// <param name="rules">What the organisation's integration adds.</param>
    /// <param name="approver">As the claim says who approved it.</param>
    /// <returns>What is stored, or why it cannot be.</returns>
    public static async Task<(ClaimRecord? Claim, IReadOnlyList<Problem> Problems)> MakeAsync(
        Organisation organisation, IntakeRules rules, ClaimForm form, RateTable rates, string approver, TimeProvider clock, CancellationToken cancel)
    {
        var (lines, missing) = FormLines.Of(form.Kind, form.Content, rates);
        if (missing.Count > 0) return (null, [new Problem($"has no rate for {string.Join(", ", missing.Select(each => each.Rate.Text()))} on its day") { ClaimId = form.FormId }]);
        var claim = new Claim(
            form.FormId, new Claimant(form.ClaimantId, form.ClaimantName), form.Kind.Text(), "NOK", Whole(clock.GetUtcNow()), approver, FormLines.TotalMinor(lines), lines);
        using var written = new MemoryStream();
        await ClaimsWriter.WriteAsync(written, ClaimsFormat.JsonLines, [claim], [], cancel);
        written.Position = 0;
        var reader = await ClaimReader.OpenAsync("form", written, new ClaimRules(organisation, rules, clock), cancel);
        var read = await reader.NextAsync(cancel);
        return read.Claim is { } taken ? (ClaimRecord.From(organisation.OrganisationId, taken), []) : (null, [.. read.Problems.Select(problem => problem with { File = null, Line = null })]);
    }

    /// <summary>What an organisation's settings add to the rules for its claims.</summary>
    public static IntakeRules RulesOf(IntegrationSettings? settings) => settings is null ? IntakeRules.None : new IntakeRules(settings.Currencies);

    // Both stores keep whole microseconds.
    private static DateTimeOffset Whole(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}
