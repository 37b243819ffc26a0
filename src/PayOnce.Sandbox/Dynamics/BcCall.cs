namespace PayOnce.Sandbox.Dynamics;

/// <summary>One request below the API's root, whether it came alone or in a batch.</summary>
/// <param name="Root">Address of the API's root, with a slash at the end.</param>
/// <param name="Path">Below the root.</param>
internal sealed record BcCall(string Method, string Root, string Path, IReadOnlyDictionary<string, string> Query, Func<string, string?> Header, ReadOnlyMemory<byte> Body)
{
    public string Address => Root + Path;
}

/// <summary>What is answered.</summary>
/// <param name="Body">Null: none.</param>
internal sealed record BcAnswer(int Status, System.Text.Json.Nodes.JsonObject? Body, string? Location = null);
