using Microsoft.AspNetCore.Http.HttpResults;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Output;
using PayOnce.App.Server;
using PayOnce.Stores;

namespace PayOnce.App.Api;

/// <param name="Reason">Which backup was put back and why; stays in the audit trail.</param>
internal sealed record RestoreBeginBody(string Reason);

/// <param name="Reason">How you know that everything exported since the backup is registered; stays in the audit trail.</param>
/// <param name="Confirm">The organisation's id once more: what was exported since the backup and is not registered goes out again.</param>
internal sealed record RestoreEndBody(string Reason, string Confirm);

/// <summary>Restore mode: after a backup was put back, nothing is sent before the accounting system was asked.</summary>
internal static class Restore
{
    public static void Map(IEndpointRouteBuilder organisation)
    {
        var restore = organisation.MapGroup("/restore").WithTags("Restore");
        restore.MapGet("", FindAsync).WithName("getRestoreMode").Needs(Permission.Read);
        restore.MapPost("/begin", BeginAsync).WithName("beginRestoreMode").Needs(Permission.Decide).Refuses(Problems.BadInput);
        restore.MapPost("/end", EndAsync).WithName("endRestoreMode").Needs(Permission.Decide).Refuses(Problems.BadInput);
    }

    /// <summary>Whether the organisation is in restore mode, since when and why</summary>
    public static Task<Ok<RestoreDocument>> FindAsync(Visit visit, IStore store, CancellationToken cancel) => ToldAsync(visit, store, changed: false, cancel);

    /// <summary>Switch restore mode on, after a backup was put back</summary>
    /// <remarks>Whoever still runs is fenced off. If it is on already, it begins anew: the backup may have been made in restore mode.</remarks>
    public static async Task<Results<Ok<RestoreDocument>, ProblemHttpResult>> BeginAsync(RestoreBeginBody body, Visit visit, IStore store, CancellationToken cancel)
    {
        if (new Faults().Words("reason", body.Reason).Problem is { } problem) return problem;
        await store.BeginRestoreAsync(visit.Organisation.OrganisationId, body.Reason.Trim(), visit.Actor, cancel);
        return await ToldAsync(visit, store, changed: true, cancel);
    }

    /// <summary>Switch restore mode off by hand</summary>
    /// <remarks>Over an API it ends by itself when everything was read back.</remarks>
    public static async Task<Results<Ok<RestoreDocument>, ProblemHttpResult>> EndAsync(RestoreEndBody body, Visit visit, IStore store, CancellationToken cancel)
    {
        var id = visit.Organisation.OrganisationId;
        if (new Faults().Words("reason", body.Reason).Repeats("confirm", body.Confirm, id).Problem is { } problem) return problem;
        var changed = await store.EndRestoreAsync(id, body.Reason.Trim(), visit.Actor, cancel);
        return await ToldAsync(visit, store, changed, cancel);
    }

    private static async Task<Ok<RestoreDocument>> ToldAsync(Visit visit, IStore store, bool changed, CancellationToken cancel)
    {
        var id = visit.Organisation.OrganisationId;
        var mode = await store.FindRestoreModeAsync(id, cancel);
        return TypedResults.Ok(new RestoreDocument(id, mode is not null, changed, mode?.Since, mode?.Reason, mode?.Actor));
    }
}
