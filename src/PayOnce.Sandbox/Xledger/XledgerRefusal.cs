namespace PayOnce.Sandbox.Xledger;

/// <summary>An input that Xledger refuses, in the words and codes that its public clients know.</summary>
/// <param name="path">Place in the arguments, such as <c>inputs[3].node.account</c>.</param>
/// <param name="alternatives">Values there are, where it was asked for them or an unknown one was given.</param>
internal sealed class XledgerRefusal(string path, string rule, IReadOnlyList<CodeRow>? alternatives = null) : Exception($"Argument '{path}': {rule}")
{
    public const string Code = "INVALID_VALUE";

    public IReadOnlyList<CodeRow>? Alternatives => alternatives;
}
