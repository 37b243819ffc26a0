using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace PayOnce.Sandbox;

/// <summary>
/// One accounting system's stand-in: behaves as the system's public documentation says. The frame (<see cref="SandboxServer"/>) runs it
/// behind a real socket and does to the wire around it what networks do.
/// </summary>
public interface IStandIn
{
    /// <summary><c>xledger</c>, <c>dynamics</c> or <c>generic</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Answers one request. Called from several threads at once. Nothing tells it that the client has gone: a system that has read a
    /// request to its end processes it, whoever still listens.
    /// </summary>
    /// <param name="context">The request with its whole body; the answer is held back until this returns.</param>
    Task HandleAsync(HttpContext context, FaultContext faults);

    /// <summary>What was booked, oldest first: the truth that tests judge by. A copy.</summary>
    IReadOnlyList<Booking> Bookings { get; }

    /// <summary>What it holds, for people and for tests of other processes.</summary>
    JsonNode State();
}

/// <summary>Something that stands in the accounting system. A claim with two of them of the kind that pays was paid twice.</summary>
/// <param name="Key">The export key.</param>
/// <param name="Reference">The system's own id or voucher number.</param>
/// <param name="Kind">What it is there: <c>claim</c>, <c>import-line</c>, <c>journal</c>, <c>draft</c>, <c>posted</c>.</param>
public sealed record Booking(string Key, string Reference, string Currency, long TotalMinor, DateTimeOffset At, string Kind);
