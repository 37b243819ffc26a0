using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using PayOnce.Runs;

namespace PayOnce.Scheduling;

/// <summary>What somebody asks a server to run: it becomes a row of the queue, and any node may take it.</summary>
/// <param name="Trigger">What asks: a person, a schedule, a forced re-export.</param>
/// <param name="Actor">Who asks; stands in the history and the audit trail.</param>
public sealed record RunOrder(string OrganisationId, RequestKind Kind, RunTrigger Trigger, string Actor)
{
    /// <summary>The longest idempotency key that is taken, in characters.</summary>
    public const int MaximumKeyLength = 255;

    public RequestScope Scope { get; init; } = RequestScope.Everything;

    /// <summary>What to do when somebody else runs or is before us.</summary>
    public WhenBusy WhenBusy { get; init; }

    /// <summary>
    /// The caller's own name for this order, unique within the organisation for ever: the same order under it again is answered
    /// with the request of the first time, another order is a conflict. Null: each asking is a new order.
    /// </summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>
    /// SHA-256 over what is asked, in lower-case hexadecimal. Who asks is no part of it: a program that repeats its call under
    /// another person's sign-in still means the same order.
    /// </summary>
    public string Hash() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Kind.Text()}\n{Trigger.Text()}\n{WhenBusy.Text()}\n{Scope.ToJson()}")));
}

/// <summary>What the requested run is about, in the words of a person; the run turns days into instants in the organisation's time zone.</summary>
public sealed record RequestScope
{
    /// <summary>Everything approved and not exported.</summary>
    public static RequestScope Everything { get; } = new();

    /// <summary>First day of approval; null for no bound.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Last day of approval, included; null for no bound.</summary>
    public DateOnly? To { get; init; }

    /// <summary>At most this many claims, over all runs of the request together; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>Only this claim; null for all.</summary>
    public string? ClaimId { get; init; }

    /// <summary>For a re-export: the generation that was made, so that the same key for another one is a conflict; null for other kinds.</summary>
    public int? Generation { get; init; }

    /// <summary>For a reconcile: compares everything ever exported, not only what is not booked yet.</summary>
    public bool All { get; init; }

    /// <summary>The run is stopped once more than this many claims were rejected; null for never.</summary>
    public int? StopWhenRejected { get; init; }

    /// <summary>Whether people are told by webhook or e-mail when the request needs them.</summary>
    public bool Notify { get; init; } = true;

    /// <summary>The one text of this scope: fields in a fixed order, those that say nothing left out.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, RequestJson.Default.RequestScope);

    public static RequestScope FromStored(string json) => JsonSerializer.Deserialize(json, RequestJson.Default.RequestScope)!;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RequestScope))]
[JsonSerializable(typeof(ScheduleOptions))]
[JsonSerializable(typeof(NotificationSettings))]
internal sealed partial class RequestJson : JsonSerializerContext;
