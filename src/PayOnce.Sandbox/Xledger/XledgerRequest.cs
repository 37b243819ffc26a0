using GraphQL;

namespace PayOnce.Sandbox.Xledger;

/// <summary>What is the same for everything that one request does.</summary>
/// <param name="Now">As this Xledger's clock shows it, which may be off.</param>
/// <param name="SeenUntil">Reads do not see what was written later.</param>
/// <param name="PostsAfter">From import to posting; null: never.</param>
/// <param name="Faults">Asked once for each voucher whether it is refused, or left out of the answer.</param>
internal sealed record XledgerRequest(DateTimeOffset Now, DateTimeOffset SeenUntil, TimeSpan? PostsAfter, FaultContext Faults)
{
    private const string Name = "request";

    public Dictionary<string, object?> Context => new(StringComparer.Ordinal) { [Name] = this };

    public static XledgerRequest Of(IResolveFieldContext context) => (XledgerRequest)context.UserContext[Name]!;
}
