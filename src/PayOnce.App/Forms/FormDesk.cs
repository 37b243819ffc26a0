using System.Globalization;
using System.Security.Cryptography;
using PayOnce.App.Server;
using PayOnce.Claims;
using PayOnce.Claims.Forms;
using PayOnce.Declarations;
using PayOnce.Exporters;
using PayOnce.Stores;

namespace PayOnce.App.Forms;

/// <summary>What pages and API do alike with claims while they are forms, with declarations and with an organisation's own settings.</summary>
internal sealed class FormDesk(IServerStore store, TimeProvider clock)
{
    /// <summary>Whose claims wait is looked at no further than this: a warning is worth no long wait.</summary>
    private const int MostWaiting = 2_000;

    private const int MostWarnings = 100;

    // No letters and digits that are taken for each other when a form's number is read out.
    private const string IdLetters = "23456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>The id of a form to be begun.</summary>
    public static string NewId() => "PO-" + RandomNumberGenerator.GetString(IdLetters, 10);

    /// <summary>The id of the form that a page's once-only value begins: sent twice, it is the same form.</summary>
    public static string IdOf(string act) => "PO-" + act[..12].ToUpperInvariant();

    public static FormPerson PersonOf(Visit visit) => new(visit.Person!.User.UserId, visit.Membership?.ClaimantId, visit.Actor);

    public async Task<OrganisationFlags> FlagsAsync(string org, CancellationToken cancel) => OrganisationFlags.FromStored((await store.FindSettingAsync(org, SettingTopics.Flags, cancel))?.Value);

    /// <summary>The rates and their version; 0 and none while nobody has looked at them and saved.</summary>
    public async Task<(RateTable Rates, int Version)> RatesAsync(string org, CancellationToken cancel) =>
        await store.FindSettingAsync(org, SettingTopics.Rates, cancel) is { } kept ? (RateTable.FromStored(kept.Value), kept.Version) : (new RateTable([]), 0);

    public async Task<YearLimits> LimitsAsync(string org, CancellationToken cancel) => YearLimits.FromStored((await store.FindSettingAsync(org, SettingTopics.Limits, cancel))?.Value);

    /// <summary>What stands in a form's way before it can be submitted.</summary>
    public async Task<IReadOnlyList<FormFault>> CheckAsync(Visit visit, ClaimForm form, CancellationToken cancel) =>
        FormRules.Check(form.Kind, form.Content, (await RatesAsync(visit.Organisation.OrganisationId, cancel)).Rates, form.Receipts.Count, Today(visit));

    /// <summary>Submits a form that is whole.</summary>
    public async Task<(FormAnswer? Answer, IReadOnlyList<FormFault> Faults)> SubmitAsync(Visit visit, ClaimForm form, int revision, CancellationToken cancel)
    {
        if (await CheckAsync(visit, form, cancel) is { Count: > 0 } faults) return (null, faults);
        return (await store.ChangeFormAsync(visit.Organisation.OrganisationId, form.FormId, revision, FormChange.Submit.Instance, PersonOf(visit), cancel), []);
    }

    /// <summary>Approves the revision of a form that was seen, by the rates that were seen.</summary>
    public async Task<(FormAnswer? Answer, IReadOnlyList<Problem> Problems)> ApproveAsync(Visit visit, ClaimForm form, int revision, int ratesVersion, CancellationToken cancel)
    {
        var org = visit.Organisation.OrganisationId;
        var (rates, version) = await RatesAsync(org, cancel);
        if (version != ratesVersion) return (new FormAnswer.RatesChanged(version), []);
        var integration = await store.FindIntegrationAsync(org, cancel);
        var rules = FormClaims.RulesOf(integration is null ? null : IntegrationSettings.FromStored(integration.SettingsJson));
        var (claim, problems) = await FormClaims.MakeAsync(visit.Organisation, rules, form, rates, visit.Actor, clock, cancel);
        if (claim is null) return (null, problems);
        return (await store.ApproveFormAsync(org, new FormApproval(form.FormId, revision, version, claim), PersonOf(visit), cancel), []);
    }

    /// <summary>The current declaration as this driver reads it, and how they stand to it; null without one.</summary>
    public async Task<(DeclarationTemplate Template, int Version, string Text)?> DeclarationForAsync(Visit visit, string claimantId, CancellationToken cancel)
    {
        if (await store.FindSettingAsync(visit.Organisation.OrganisationId, SettingTopics.Declaration, cancel) is not { } kept) return null;
        var template = DeclarationTemplate.FromStored(kept.Value);
        return (template, kept.Version, template.Fill(new DeclarationFacts(visit.Organisation.Name, visit.Actor, claimantId, Today(visit), kept.Version)));
    }

    /// <summary>Which limits of the year a claimant is beyond once this form is approved.</summary>
    public async Task<IReadOnlyList<YearWarning>> WarningsAsync(Visit visit, ClaimForm form, IReadOnlyList<ClaimLine> lines, CancellationToken cancel)
    {
        var sums = await SumsAsync(visit, [form.ClaimantId], cancel);
        var sum = sums.GetValueOrDefault(form.ClaimantId);
        if (form.State is not FormState.Approved) sum = sum.With(lines);
        return [.. (await LimitsAsync(visit.Organisation.OrganisationId, cancel)).Warnings(form.ClaimantId, Today(visit).Year, sum)];
    }

    /// <summary>Claimants with a claim that waits who are beyond a limit of this year; nothing where claims are not filled in here.</summary>
    public async Task<IReadOnlyList<YearWarning>> WaitingWarningsAsync(Visit visit, CancellationToken cancel)
    {
        var org = visit.Organisation.OrganisationId;
        if (!(await FlagsAsync(org, cancel)).AnyForms) return [];
        var claimants = await store.ListWaitingClaimantsAsync(org, MostWaiting, cancel);
        if (claimants.Count == 0) return [];
        var limits = await LimitsAsync(org, cancel);
        var year = Today(visit).Year;
        return [.. (await SumsAsync(visit, claimants, cancel)).OrderBy(each => each.Key, StringComparer.Ordinal).SelectMany(each => limits.Warnings(each.Key, year, each.Value)).Take(MostWarnings)];
    }

    public DateOnly Today(Visit visit) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), visit.Zone).DateTime);

    private async Task<Dictionary<string, YearSums>> SumsAsync(Visit visit, IReadOnlyList<string> claimants, CancellationToken cancel)
    {
        var year = Today(visit).Year;
        var sums = new Dictionary<string, YearSums>(StringComparer.Ordinal);
        foreach (var claim in await store.ListYearClaimsAsync(visit.Organisation.OrganisationId, claimants, Begins(year), Begins(year + 1), cancel))
        {
            // The limits are in kroner, and so are nearly all claims.
            if (claim.Currency == "NOK") sums[claim.ClaimantId] = sums.GetValueOrDefault(claim.ClaimantId).With(ClaimLines.Read(claim.Lines.Span));
        }
        return sums;

        DateTimeOffset Begins(int which)
        {
            var midnight = new DateTime(which, 1, 1, 0, 0, 0, DateTimeKind.Unspecified);
            return new DateTimeOffset(midnight, visit.Zone.GetUtcOffset(midnight));
        }
    }

    /// <summary>A number as a person types it: spaces between thousands, a comma or a point; null if it is none.</summary>
    public static decimal? ReadNumber(string typed)
    {
        var text = string.Concat(typed.Where(each => !char.IsWhiteSpace(each) && each != '\u202f')).Replace(',', '.');
        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number < 100_000_000 ? number : null;
    }

    /// <summary>An amount as a person types it, in whole øre; null if it is none.</summary>
    public static long? ReadMinor(string typed) => ReadNumber(typed) is { } number && decimal.Round(number, 2) == number ? (long)(number * 100) : null;
}
