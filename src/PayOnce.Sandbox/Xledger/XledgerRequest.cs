using GraphQL;

namespace PayOnce.Sandbox.Xledger;

/// <summary>What is the same for everything that one request does.</summary>
/// <param name="Now">As this Xledger's clock shows it, which may be off.</param>
/// <param name="SeenUntil">Reads do not see what was written later.</param>
/// <param name="PostsAfter">From import to posting; null: never.</param>
/// <param name="RefusesSome">Every other voucher is refused, the others are taken.</param>
/// <param name="KeepsQuiet">The answer leaves out the last of what was taken.</param>
internal sealed record XledgerRequest(DateTimeOffset Now, DateTimeOffset SeenUntil, TimeSpan? PostsAfter, bool RefusesSome, bool KeepsQuiet)
{
    private const string Name = "request";

    public Dictionary<string, object?> Context => new(StringComparer.Ordinal) { [Name] = this };

    public static XledgerRequest Of(IResolveFieldContext context) => (XledgerRequest)context.UserContext[Name]!;
}
