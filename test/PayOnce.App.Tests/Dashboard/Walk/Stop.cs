using Microsoft.Playwright;

namespace PayOnce.App.Tests.Dashboard.Walk;

/// <summary>One page in one state.</summary>
/// <param name="Route">The page's own pattern, so that a page without a stop is noticed.</param>
/// <param name="State">What is special about it, for pictures and messages; empty for the page as it mostly is.</param>
internal sealed record Stop(string Route, string Path, string State = "")
{
    /// <summary>What is done on the page before it is looked at; changes nothing that another stop shows.</summary>
    public Func<IPage, Task>? Act { get; init; }

    /// <summary>A form was sent with something wrong: the page must say so in its title and take the focus to what is wrong.</summary>
    public bool Refused { get; init; }

    /// <summary>Seen by somebody who has not signed in.</summary>
    public bool Stranger { get; init; }

    /// <summary>Seen by somebody who is nothing but a claimant.</summary>
    public bool Driver { get; init; }

    /// <summary>Seen at a server that has no user yet.</summary>
    public bool Fresh { get; init; }

    public int Status { get; init; } = 200;

    /// <summary>Looked at in every way, and not only where its kind of page has not been seen yet.</summary>
    public bool Key { get; init; }

    public string Name => $"{(Path == "/" ? "home" : string.Join('-', Path.Split('/', '?', '=', '&', '%', '+').Where(part => part.Length > 0)))}{(State.Length == 0 ? "" : "-" + State.Replace(' ', '-'))}";

    public override string ToString() => $"{Path}{(State.Length == 0 ? "" : $" ({State})")}";
}
