using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PayOnce.Sandbox;

/// <summary>A request that arrived, for logs and for tests that count what was really sent.</summary>
/// <param name="Path">With the query.</param>
/// <param name="Headers">Names in lower case. The sign-in header's value is left out.</param>
/// <param name="Status">What was answered; null if nothing was.</param>
public sealed record RequestRecord(DateTimeOffset At, string Method, string Path, IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body, FaultKind? Fault, int? Status)
{
    /// <summary>One line of JSON, without the body: claims are about people.</summary>
    public string ToJson() => new JsonObject
    {
        ["at"] = At.ToUniversalTime().ToString("O", System.Globalization.CultureInfo.InvariantCulture),
        ["method"] = Method,
        ["path"] = Path,
        ["bytes"] = Body.Length,
        ["fault"] = Fault?.Text(),
        ["status"] = Status,
    }.ToJsonString();

    /// <summary>The body as text.</summary>
    public string Text => Encoding.UTF8.GetString(Body.Span);
}
