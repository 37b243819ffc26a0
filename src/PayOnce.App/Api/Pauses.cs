using Microsoft.AspNetCore.Http.HttpResults;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Server;
using PayOnce.Scheduling;
using PayOnce.Stores;

namespace PayOnce.App.Api;

/// <param name="Reason">Why; whoever finds the export paused reads it.</param>
internal sealed record PauseBody(string Reason);

/// <summary>Export is paused: no run starts, requests wait.</summary>
/// <param name="Installation">For every organisation; false for this one alone.</param>
internal sealed record PauseDocument(DateTimeOffset Since, string Reason, string By, bool Installation)
{
    public static PauseDocument Of(Pause pause) => new(pause.Since, pause.Reason, pause.Actor, pause.Installation);
}

/// <param name="Pause">Null if nothing is paused.</param>
internal sealed record PauseAnswer(bool Paused, PauseDocument? Pause)
{
    public static PauseAnswer Of(Pause? pause) => new(pause is not null, pause is null ? null : PauseDocument.Of(pause));
}

/// <summary>The organisation's kill switch.</summary>
internal static class Pauses
{
    public static void Map(IEndpointRouteBuilder organisation)
    {
        var pause = organisation.MapGroup("/pause").WithTags("Schedule");
        pause.MapGet("", FindAsync).WithName("getPause").Needs(Permission.Read);
        pause.MapPut("", PauseAsync).WithName("pauseExport").Needs(Permission.Configure).Refuses(Problems.BadInput);
        pause.MapDelete("", ResumeAsync).WithName("resumeExport").Needs(Permission.Configure);
    }

    /// <summary>Whether export is paused, since when, why and by whom</summary>
    public static async Task<Ok<PauseAnswer>> FindAsync(Visit visit, IRequestStore requests, CancellationToken cancel) =>
        TypedResults.Ok(PauseAnswer.Of(await requests.FindPauseAsync(visit.Organisation.OrganisationId, cancel)));

    /// <summary>Pause the organisation's export</summary>
    /// <remarks>No run starts any more; one that runs goes on, stop it if it shall not. If it is paused already, the first reason stands.</remarks>
    public static async Task<Results<Ok<PauseAnswer>, ProblemHttpResult>> PauseAsync(PauseBody body, Visit visit, IRequestStore requests, CancellationToken cancel)
    {
        if (new Faults().Words("reason", body.Reason).Problem is { } problem) return problem;
        await requests.PauseAsync(visit.Organisation.OrganisationId, body.Reason.Trim(), visit.Actor, cancel);
        return await FindAsync(visit, requests, cancel);
    }

    /// <summary>End the organisation's pause</summary>
    /// <remarks>The answer tells if the whole installation is paused still.</remarks>
    public static async Task<Ok<PauseAnswer>> ResumeAsync(Visit visit, IRequestStore requests, CancellationToken cancel)
    {
        await requests.ResumeAsync(visit.Organisation.OrganisationId, visit.Actor, cancel);
        return await FindAsync(visit, requests, cancel);
    }
}
