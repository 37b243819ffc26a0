using Microsoft.AspNetCore.Http.HttpResults;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Output;
using PayOnce.App.Server;
using PayOnce.History;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.App.Api;

/// <summary>The last run in six words.</summary>
/// <param name="RunId">The last run; null before the first.</param>
/// <param name="ExportedAt">When it ended; null before that.</param>
/// <param name="TotalClaims">Claims in its scope.</param>
/// <param name="SuccessCount">Claims that it exported.</param>
/// <param name="FailureCount">Claims that it rejected or left in doubt.</param>
/// <param name="IntegrationStatus"><c>not_set_up</c>, <c>ready</c>, <c>running</c> or <c>needs_attention</c>.</param>
/// <param name="WithdrawnClaims">Claims that are approved no longer, whatever run there was.</param>
internal sealed record ExportStatusDocument(long? RunId, DateTimeOffset? ExportedAt, long TotalClaims, long SuccessCount, long FailureCount, string IntegrationStatus, long WithdrawnClaims);

/// <summary>The organisation at a glance.</summary>
/// <param name="Ready">Claims that the next run takes.</param>
/// <param name="Rejected">Of these, claims that were rejected before.</param>
/// <param name="Reserved">Claims that a run has taken and not settled yet.</param>
/// <param name="OldestDoubt">Since when the claim that is longest in doubt has been so.</param>
/// <param name="LastContact">When the accounting system last answered over its API.</param>
/// <param name="Withdrawn">Claims that are approved no longer.</param>
internal sealed record OverviewDocument(
    OrganisationDocument Organisation,
    ClaimSumDocument Ready,
    long Rejected,
    long Reserved,
    long Exported,
    ClaimSumDocument InDoubt,
    DateTimeOffset? OldestDoubt,
    RunRowDocument? Running,
    RunRowDocument? LastEnded,
    DateTimeOffset? LastContact,
    long Withdrawn);

/// <summary>How many claims, and what they come to.</summary>
internal sealed record ClaimSumDocument(long Claims, IReadOnlyList<AmountDocument> Totals)
{
    public static ClaimSumDocument Of(ClaimSum sum) => new(sum.Claims, AmountDocument.Of(sum.Totals));
}

/// <summary>What was exported in one month, in one currency.</summary>
/// <param name="Month">Its first day.</param>
internal sealed record MonthDocument(DateOnly Month, string Currency, long Claims, long AmountMinor);

/// <summary>Months with exports, oldest first.</summary>
internal sealed record MonthsDocument(string OrganisationId, IReadOnlyList<MonthDocument> Months);

/// <summary>How an organisation's export stands.</summary>
internal static class ExportStatus
{
    public static void Map(IEndpointRouteBuilder organisation)
    {
        organisation.MapGet("/export-status", FindAsync).WithName("getExportStatus").WithTags("Status").Needs(Permission.Read);
        organisation.MapGet("/overview", OverviewAsync).WithName("getOverview").WithTags("Status").Needs(Permission.Read);
        organisation.MapGet("/months", MonthsAsync).WithName("listMonths").WithTags("Status").Needs(Permission.Read).Refuses(Problems.BadInput);
    }

    /// <summary>The export status: the last run, and whether a person is needed</summary>
    public static async Task<Ok<ExportStatusDocument>> FindAsync(Visit visit, IStore store, IHistoryStore history, CancellationToken cancel)
    {
        var id = visit.Organisation.OrganisationId;
        var overview = await history.ReadOverviewAsync(id, cancel);
        // A run whose process died is neither running nor ended until the next one recovers it: the newest is the last one all the same.
        var last = (await history.PageRunsAsync(id, RunFilter.Any, new ListRequest(1), cancel)).Page.Rows is [var newest] ? newest.Run : null;
        var isSetUp = await store.FindIntegrationAsync(id, cancel) is not null;
        var status = (isSetUp, overview) switch
        {
            (false, _) => "not_set_up",
            (_, { Running: not null }) => "running",
            (_, { InDoubt.Claims: > 0 }) => "needs_attention",
            _ when last is { State: RunState.Failed or RunState.Running } => "needs_attention",
            _ => "ready",
        };
        return TypedResults.Ok(new ExportStatusDocument(
            last?.RunId, last?.EndedAt, last?.Counters.Total ?? 0, last?.Counters.Exported ?? 0, (last?.Counters.Rejected ?? 0) + (last?.Counters.InDoubt ?? 0), status,
            overview.Withdrawn));
    }

    /// <summary>The organisation at a glance</summary>
    public static async Task<Ok<OverviewDocument>> OverviewAsync(Visit visit, IHistoryStore history, CancellationToken cancel)
    {
        var seen = await history.ReadOverviewAsync(visit.Organisation.OrganisationId, cancel);
        return TypedResults.Ok(new OverviewDocument(
            OrganisationDocument.Of(visit.Organisation), ClaimSumDocument.Of(seen.Ready), seen.Rejected, seen.Reserved, seen.Exported, ClaimSumDocument.Of(seen.InDoubt), seen.OldestDoubt,
            seen.Running is { } running ? RunRowDocument.Of(running) : null, seen.LastEnded is { } ended ? RunRowDocument.Of(ended) : null, seen.LastContact, seen.Withdrawn));
    }

    /// <summary>What was exported, by month and currency</summary>
    /// <param name="from">The first day of the first month; twelve months ago if nothing is said.</param>
    public static async Task<Results<Ok<MonthsDocument>, ProblemHttpResult>> MonthsAsync(Day? from, Visit visit, IHistoryStore history, CancellationToken cancel)
    {
        if (from is { Date.Day: not 1 } day) return Problems.Refuse("from", FormattableString.Invariant($"{day.Date:yyyy-MM-dd}"), "must be the first day of a month", Fault.Query);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(visit.Now, visit.Zone).DateTime);
        var first = from?.Date ?? new DateOnly(today.Year, today.Month, 1).AddMonths(-11);
        var months = await history.ListMonthTotalsAsync(visit.Organisation.OrganisationId, first, cancel);
        return TypedResults.Ok(new MonthsDocument(visit.Organisation.OrganisationId, [.. months.Select(each => new MonthDocument(each.Month, each.Currency, each.Claims, each.AmountMinor))]));
    }
}
