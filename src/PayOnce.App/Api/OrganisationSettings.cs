using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Server;
using PayOnce.Claims.Forms;
using PayOnce.Stores;

namespace PayOnce.App.Api;

/// <param name="Flags">Name to on or off; what is not named stays as it is.</param>
internal sealed record OrganisationFlagsBody(IReadOnlyDictionary<string, bool> Flags);

/// <summary>What is switched on for the whole organisation, beside its integration's flags.</summary>
/// <param name="Version">0 if nothing was ever switched.</param>
/// <param name="Flags">Every flag that this version knows, on or off.</param>
internal sealed record OrganisationFlagsDocument(string OrganisationId, long Version, IReadOnlyDictionary<string, bool> Flags);

/// <param name="Kind">What it pays: <c>mileage-state</c>, <c>mileage-tax-free</c>, <c>passenger</c>, <c>honorarium-hour</c>, <c>honorarium-fixed</c>, <c>per-diem-short</c>, <c>per-diem-long</c>, <c>per-diem-night</c>.</param>
/// <param name="From">The first day on which it holds.</param>
/// <param name="Minor">Minor units (øre) for one.</param>
internal sealed record RateEntry(string Kind, DateOnly From, long Minor);

/// <param name="Rates">All of them.</param>
/// <param name="PassengersEach">Whether the passenger rate is paid for each passenger, or once.</param>
internal sealed record RatesBody(IReadOnlyList<RateEntry> Rates, bool PassengersEach);

/// <param name="Version">0 while nobody has saved any: what stands then is a suggestion, and no claims can be submitted.</param>
internal sealed record RatesDocument(string OrganisationId, long Version, IReadOnlyList<RateEntry> Rates, bool PassengersEach);

/// <param name="HonorariumMinor">Pay of one claimant in a calendar year, in øre.</param>
/// <param name="ExpensesMinor">Reimbursed expenses of one claimant in a calendar year, in øre.</param>
internal sealed record LimitsBody(long HonorariumMinor, long ExpensesMinor);

/// <param name="Version">0 for the standard, which nobody has changed.</param>
internal sealed record LimitsDocument(string OrganisationId, long Version, long HonorariumMinor, long ExpensesMinor);

/// <summary>What an organisation settles for itself: its own flags, rates, limits of the year.</summary>
internal static class OrganisationSettings
{
    /// <summary>NOK 100 000 000: more than anybody is paid.</summary>
    private const long LargestLimit = 10_000_000_000;

    public static void Map(IEndpointRouteBuilder organisation)
    {
        ProblemKind[] conditional = [Problems.BadInput, Problems.ChangedMeanwhile, Problems.VersionNeeded];
        organisation.MapGet("/flags/organisation", FlagsAsync).WithName("getOrganisationFlags").WithTags("Claims filled in here").Needs(Permission.Read);
        organisation.MapPut("/flags/organisation", SaveFlagsAsync).WithName("saveOrganisationFlags").WithTags("Claims filled in here").Needs(Permission.Configure).Refuses(conditional).Conditional();
        organisation.MapGet("/rates", RatesAsync).WithName("getRates").WithTags("Claims filled in here").Needs(Permission.Read);
        organisation.MapPut("/rates", SaveRatesAsync).WithName("saveRates").WithTags("Claims filled in here").Needs(Permission.Configure).Refuses(conditional).Conditional();
        organisation.MapGet("/limits", LimitsAsync).WithName("getLimits").WithTags("Claims filled in here").Needs(Permission.Read);
        organisation.MapPut("/limits", SaveLimitsAsync).WithName("saveLimits").WithTags("Claims filled in here").Needs(Permission.Configure).Refuses(conditional).Conditional();
    }

    /// <summary>What is switched on for the organisation</summary>
    public static async Task<Ok<OrganisationFlagsDocument>> FlagsAsync(HttpContext http, Visit visit, IServerStore store, CancellationToken cancel)
    {
        var kept = await store.FindSettingAsync(visit.Organisation.OrganisationId, SettingTopics.Flags, cancel);
        if (kept is not null) Versions.Show(http, kept.Version);
        return TypedResults.Ok(Document(visit, kept?.Version ?? 0, OrganisationFlags.FromStored(kept?.Value)));
    }

    /// <summary>Switch the organisation's flags on or off</summary>
    public static async Task<Results<Ok<OrganisationFlagsDocument>, ProblemHttpResult>> SaveFlagsAsync(OrganisationFlagsBody body, HttpContext http, Visit visit, IServerStore store, CancellationToken cancel)
    {
        var (known, version) = Versions.Asked(http.Request);
        if (version is not null) return version;
        var faults = new Faults();
        foreach (var name in body.Flags.Keys) faults.OneOf($"flags.{name}", name, OrganisationFlags.Known, Fault.Body);
        if (faults.Problem is { } problem) return problem;
        var kept = await store.FindSettingAsync(visit.Organisation.OrganisationId, SettingTopics.Flags, cancel);
        // All flags are saved: what somebody switched meanwhile must not be switched back with them.
        if (known is { } asked && asked != (kept?.Version ?? 0)) return Versions.Changed(http, kept?.Version ?? 0);
        var wanted = OrganisationFlags.FromStored(kept?.Value).With(body.Flags);
        var (saved, changed) = await KeepAsync(http, visit, store, SettingTopics.Flags, wanted.ToJson(), kept?.Version ?? 0, cancel);
        return changed is not null ? changed : TypedResults.Ok(Document(visit, saved, wanted));
    }

    /// <summary>Rates with the day from which each holds</summary>
    public static async Task<Ok<RatesDocument>> RatesAsync(HttpContext http, Visit visit, IServerStore store, CancellationToken cancel)
    {
        var kept = await store.FindSettingAsync(visit.Organisation.OrganisationId, SettingTopics.Rates, cancel);
        if (kept is not null) Versions.Show(http, kept.Version);
        return TypedResults.Ok(Document(visit, kept?.Version ?? 0, kept is null ? RateTable.StartingPoint : RateTable.FromStored(kept.Value)));
    }

    /// <summary>Change the rates</summary>
    /// <remarks>A claim is paid by the rates that held on its day. Claims that were approved keep what they were approved with.</remarks>
    public static async Task<Results<Ok<RatesDocument>, ProblemHttpResult>> SaveRatesAsync(RatesBody body, HttpContext http, Visit visit, IServerStore store, CancellationToken cancel)
    {
        var (known, version) = Versions.Asked(http.Request);
        if (version is not null) return version;
        if (body.Rates.Count == 0 || body.Rates.Contains(null!)) return Problems.Refuse("rates", null, "must not be empty, and none of them null");
        var faults = new Faults();
        foreach (var (index, rate) in body.Rates.Index())
        {
            if (RateKinds.Find(rate.Kind) is null) faults.Add(string.Create(CultureInfo.InvariantCulture, $"rates[{index}].kind"), rate.Kind, $"must be one of {string.Join(", ", RateKinds.All.Select(kind => kind.Text()))}");
        }
        if (faults.Problem is { } unknown) return unknown;
        var table = RateTable.Of(body.Rates.Select(rate => new DatedRate(RateKinds.Find(rate.Kind)!.Value, rate.From, rate.Minor)), body.PassengersEach);
        foreach (var problem in table.Check()) faults.Add(problem.Field ?? "rates", problem.Value, problem.Rule);
        if (faults.Problem is { } wrong) return wrong;
        var (saved, changed) = await KeepAsync(http, visit, store, SettingTopics.Rates, table.ToJson(), known, cancel);
        return changed is not null ? changed : TypedResults.Ok(Document(visit, saved, table));
    }

    /// <summary>What a claimant can be paid in a year before somebody is warned</summary>
    public static async Task<Ok<LimitsDocument>> LimitsAsync(HttpContext http, Visit visit, IServerStore store, CancellationToken cancel)
    {
        var kept = await store.FindSettingAsync(visit.Organisation.OrganisationId, SettingTopics.Limits, cancel);
        if (kept is not null) Versions.Show(http, kept.Version);
        var limits = YearLimits.FromStored(kept?.Value);
        return TypedResults.Ok(new LimitsDocument(visit.Organisation.OrganisationId, kept?.Version ?? 0, limits.HonorariumMinor, limits.ExpensesMinor));
    }

    /// <summary>Change the limits of the year</summary>
    public static async Task<Results<Ok<LimitsDocument>, ProblemHttpResult>> SaveLimitsAsync(LimitsBody body, HttpContext http, Visit visit, IServerStore store, CancellationToken cancel)
    {
        var (known, version) = Versions.Asked(http.Request);
        if (version is not null) return version;
        var faults = new Faults().NotNegative("honorariumMinor", body.HonorariumMinor).NotNegative("expensesMinor", body.ExpensesMinor);
        if (body.HonorariumMinor > LargestLimit) faults.Add("honorariumMinor", null, "must be at most 10000000000");
        if (body.ExpensesMinor > LargestLimit) faults.Add("expensesMinor", null, "must be at most 10000000000");
        if (faults.Problem is { } problem) return problem;
        var (saved, changed) = await KeepAsync(http, visit, store, SettingTopics.Limits, new YearLimits(body.HonorariumMinor, body.ExpensesMinor).ToJson(), known, cancel);
        return changed is not null ? changed : TypedResults.Ok(new LimitsDocument(visit.Organisation.OrganisationId, saved, body.HonorariumMinor, body.ExpensesMinor));
    }

    /// <summary>Keeps a setting if the version is still the known one; its version, or who was first.</summary>
    public static async Task<(long Version, ProblemHttpResult? Changed)> KeepAsync(HttpContext http, Visit visit, IServerStore store, string topic, string value, long? known, CancellationToken cancel)
    {
        switch (await store.SaveSettingAsync(visit.Organisation.OrganisationId, topic, value, known, visit.Actor, cancel))
        {
            case SaveAnswer.Saved saved:
                Versions.Show(http, saved.Version);
                return (saved.Version, null);
            case SaveAnswer.Changed changed:
                return (0, Versions.Changed(http, changed.Version));
            default:
                throw new InvalidOperationException("Unknown answer to a change.");
        }
    }

    private static OrganisationFlagsDocument Document(Visit visit, long version, OrganisationFlags flags) =>
        new(visit.Organisation.OrganisationId, version, OrganisationFlags.Known.ToDictionary(flag => flag, flags.Has));

    private static RatesDocument Document(Visit visit, long version, RateTable table) =>
        new(visit.Organisation.OrganisationId, version, [.. table.Rates.Select(rate => new RateEntry(rate.Kind.Text(), rate.From, rate.Minor))], table.PassengersEach);
}
