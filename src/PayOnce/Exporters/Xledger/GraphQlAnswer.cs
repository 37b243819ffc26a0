using System.Text.Json;
using PayOnce.Exporters.Api;

namespace PayOnce.Exporters.Xledger;

/// <summary>An answer in the shape that GraphQL prescribes. What does not have it is unreadable, and proves nothing.</summary>
/// <param name="Data">Null if there is none, or if it is null.</param>
/// <param name="Executed">Whether the answer has data at all, even null: without it, by GraphQL's specification, nothing was begun.</param>
internal sealed record GraphQlAnswer(JsonElement? Data, bool Executed, IReadOnlyList<GraphQlError> Errors)
{
    /// <summary>Errors beyond these are not looked at; the answer then counts as unreadable, since one of them might be of another kind.</summary>
    private const int MostErrors = 1000;

    /// <summary>Null if the bytes are no such answer.</summary>
    public static GraphQlAnswer? Read(ReadOnlyMemory<byte> body)
    {
        if (AnswerJson.Read(body) is not { ValueKind: JsonValueKind.Object } root) return null;
        var executed = root.TryGetProperty("data", out var data);
        if (executed && data.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null)) return null;
        var errors = new List<GraphQlError>();
        if (root.TryGetProperty("errors", out var list) && list.ValueKind != JsonValueKind.Null)
        {
            if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MostErrors) return null;
            foreach (var error in list.EnumerateArray())
            {
                if (GraphQlError.Read(error) is not { } read) return null;
                errors.Add(read);
            }
        }
        return executed || errors.Count > 0 ? new GraphQlAnswer(data.ValueKind == JsonValueKind.Object ? data : null, executed, errors) : null;
    }

    /// <summary>The errors in words, for a person.</summary>
    public string Words() => string.Join(" ", Errors.Take(3).Select(error => error.Message)) + (Errors.Count > 3 ? " …" : "");
}
