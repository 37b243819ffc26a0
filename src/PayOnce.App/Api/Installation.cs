using Microsoft.AspNetCore.Http.HttpResults;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Server;
using PayOnce.History;
using PayOnce.Stores;

namespace PayOnce.App.Api;

/// <summary>A person who can sign in.</summary>
internal sealed record UserDocument(string UserId, string Email, string Name, bool Operator, bool Disabled, DateTimeOffset CreatedAt, DateTimeOffset? LastSignedInAt)
{
    public static UserDocument Of(User user) => new(user.UserId, user.Email, user.Name, user.Operator, user.Disabled, user.CreatedAt, user.LastSignedInAt);
}

/// <param name="Operator">May run the installation; null: as it is.</param>
/// <param name="Disabled">Cannot sign in, and has no sessions; null: as it is.</param>
internal sealed record UserChangeBody(bool? Operator = null, bool? Disabled = null);

/// <summary>What belongs to no organisation: all users, and the kill switch for everybody.</summary>
internal static class Installation
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var installation = api.MapGroup("/installation").WithTags("Installation").Needs(Permission.Operate);
        installation.MapGet("/users", UsersAsync).WithName("listInstallationUsers").Refuses(Problems.BadInput);
        installation.MapPatch("/users/{user}", ChangeAsync).WithName("changeInstallationUser").Refuses(Problems.BadInput, Problems.NotFound, Problems.NotPossible);
        installation.MapGet("/pause", FindPauseAsync).WithName("getInstallationPause");
        installation.MapPut("/pause", PauseAsync).WithName("pauseInstallation").Refuses(Problems.BadInput);
        installation.MapDelete("/pause", ResumeAsync).WithName("resumeInstallation");
    }

    /// <summary>Every user, by e-mail address</summary>
    /// <param name="cursor">Where to go on, as an earlier answer said.</param>
    /// <param name="limit">At most this many, 1 to 500; 50 if nothing is said.</param>
    public static async Task<Results<Ok<Part<UserDocument>>, ProblemHttpResult>> UsersAsync(string? cursor, int? limit, IAccessStore access, CancellationToken cancel)
    {
        var faults = new Faults();
        var (size, at) = faults.Part(cursor, limit);
        if (at is { Backwards: true }) faults.Add("cursor", cursor, "must be a cursor that an earlier answer gave", Fault.Query);
        if (faults.Problem is { } problem) return problem;
        var users = await access.ListUsersAsync(at?.Id, size, cancel);
        var next = users.Count < size ? null : new ListCursor(Backwards: false, 0, User.EmailKey(users[^1].Email)).Text;
        return TypedResults.Ok(new Part<UserDocument>([.. users.Select(UserDocument.Of)], next, Previous: null));
    }

    /// <summary>Shut a user out or let them in again, make them an operator or no longer one</summary>
    public static async Task<Results<Ok<UserDocument>, ProblemHttpResult>> ChangeAsync(string user, UserChangeBody body, IAccessStore access, CancellationToken cancel)
    {
        if (body is { Operator: null, Disabled: null }) return Problems.Refuse("", null, "must change operator or disabled");
        UserAnswer answer = await access.FindUserAsync(user, cancel) is { } found ? new UserAnswer.Done(found) : new UserAnswer.NoSuchUser();
        if (answer is UserAnswer.Done && body.Operator is { } isOperator) answer = await access.SetOperatorAsync(user, isOperator, cancel);
        if (answer is UserAnswer.Done && body.Disabled is { } disabled) answer = await access.SetDisabledAsync(user, disabled, cancel);
        return answer switch
        {
            UserAnswer.Done { User: var now } => TypedResults.Ok(UserDocument.Of(now)),
            UserAnswer.LastOperator => Problems.NotPossible.Because("Nobody could run the installation any more: make somebody else an operator first."),
            _ => Problems.NotFound.Because(),
        };
    }

    /// <summary>Whether every organisation's export is paused</summary>
    public static async Task<Ok<PauseAnswer>> FindPauseAsync(IRequestStore requests, CancellationToken cancel) => TypedResults.Ok(PauseAnswer.Of(await requests.FindInstallationPauseAsync(cancel)));

    /// <summary>Pause every organisation's export</summary>
    public static async Task<Results<Ok<PauseAnswer>, ProblemHttpResult>> PauseAsync(PauseBody body, Visit visit, IRequestStore requests, CancellationToken cancel)
    {
        if (new Faults().Words("reason", body.Reason).Problem is { } problem) return problem;
        await requests.PauseInstallationAsync(body.Reason.Trim(), visit.Actor, cancel);
        return await FindPauseAsync(requests, cancel);
    }

    /// <summary>End the pause of the installation; an organisation's own goes on</summary>
    public static async Task<Ok<PauseAnswer>> ResumeAsync(Visit visit, IRequestStore requests, CancellationToken cancel)
    {
        await requests.ResumeInstallationAsync(visit.Actor, cancel);
        return await FindPauseAsync(requests, cancel);
    }
}
