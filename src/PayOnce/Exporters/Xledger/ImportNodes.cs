using System.Text.Json;
using PayOnce.Guard;

namespace PayOnce.Exporters.Xledger;

/// <summary>Which lines a frozen request holds, read from its bytes: what an answer must speak of.</summary>
internal sealed class ImportNodes
{
    private readonly Dictionary<string, List<string>> lines = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> mutationOf = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, List<string>> mutations = new(StringComparer.Ordinal);

    private ImportNodes() { }

    /// <summary>The mutations' names in the document.</summary>
    public IReadOnlyCollection<string> Mutations => mutations.Keys;

    /// <exception cref="InvalidDataException">The bytes are not what <see cref="ImportRequest"/> wrote.</exception>
    public static ImportNodes Read(ReadOnlySpan<byte> request)
    {
        var found = new ImportNodes();
        var json = new Utf8JsonReader(request);
        string? mutation = null;
        while (json.Read())
        {
            if (json.TokenType != JsonTokenType.PropertyName) continue;
            if (json.CurrentDepth == 2) mutation = json.GetString();
            else if (json.CurrentDepth == 4 && json.ValueTextEquals("clientId"u8) && json.Read()) found.Add(mutation!, json.GetString()!);
        }
        return found.lines.Count > 0 ? found : throw new InvalidDataException("The stored request holds no import lines.");
    }

    /// <summary>The <c>clientId</c> of each of a claim's lines, in their order; empty if the request does not hold the claim.</summary>
    public IReadOnlyList<string> LinesOf(string exportKey) => lines.TryGetValue(exportKey, out var found) ? found : [];

    /// <summary>The mutation that holds a claim; null if none does.</summary>
    public string? MutationOf(string exportKey) => mutationOf.GetValueOrDefault(exportKey);

    /// <summary>The claim that a line belongs to; null if there is no such line.</summary>
    /// <param name="mutation">Null: the only one.</param>
    public string? KeyAt(string? mutation, int index)
    {
        var ids = mutation is not null ? mutations.GetValueOrDefault(mutation) : mutations.Count == 1 ? mutations.Values.Single() : null;
        return ids is not null && index >= 0 && index < ids.Count ? KeyOf(ids[index]) : null;
    }

    /// <summary>The export key at the beginning of a <c>clientId</c>.</summary>
    public static string KeyOf(string clientId) => clientId[..Math.Min(ExportKey.Length, clientId.Length)];

    private void Add(string mutation, string clientId)
    {
        var key = KeyOf(clientId);
        if (!lines.TryGetValue(key, out var ofClaim)) lines.Add(key, ofClaim = []);
        ofClaim.Add(clientId);
        mutationOf[key] = mutation;
        if (!mutations.TryGetValue(mutation, out var ofMutation)) mutations.Add(mutation, ofMutation = []);
        ofMutation.Add(clientId);
    }
}
