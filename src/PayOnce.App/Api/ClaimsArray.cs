using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;

namespace PayOnce.App.Api;

/// <summary>
/// The array out of <c>{"claims": [ … ]}</c>, as a file that the import reads: the bytes of each claim as they came, each on a line of
/// its own, so that a problem's line is the claim's place in the array.
/// </summary>
internal static class ClaimsArray
{
    private const string Only = "must be an object with \"claims\", an array, and nothing else";

    /// <param name="most">More claims than this are refused.</param>
    public static async Task<(MemoryStream? Array, int Count, ProblemHttpResult? Problem)> ReadAsync(Stream body, int most, CancellationToken cancel)
    {
        using var read = new MemoryStream();
        await body.CopyToAsync(read, cancel);
        try
        {
            return Cut(read.GetBuffer().AsSpan(0, (int)read.Length), most);
        }
        catch (JsonException wrong)
        {
            return (null, 0, Problems.BadInput.Because(errors: JsonFaults.Of(wrong)));
        }
    }

    private static (MemoryStream?, int, ProblemHttpResult?) Cut(ReadOnlySpan<byte> body, int most)
    {
        var json = new Utf8JsonReader(body.StartsWith("\uFEFF"u8) ? body[3..] : body);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return Refused("", Only);
        MemoryStream? array = null;
        var count = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (!json.ValueTextEquals("claims"u8)) return Refused(Problem.Printable(Name(ref json)), "is not known here");
            if (array is not null) return Refused("claims", "stands there twice");
            if (!json.Read() || json.TokenType != JsonTokenType.StartArray) return Refused("claims", "must be an array");
            array = new MemoryStream(body.Length + 16);
            array.WriteByte((byte)'[');
            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            {
                if (++count > most) return Refused("claims", FormattableString.Invariant($"must be at most {most} claims; send more as application/x-ndjson"));
                if (count > 1) array.Write(",\n"u8);
                var start = json.TokenStartIndex;
                json.Skip();
                Write(array, (body.StartsWith("\uFEFF"u8) ? body[3..] : body)[(int)start..(int)json.BytesConsumed]);
            }
            array.WriteByte((byte)']');
        }
        // What stands behind the object is no part of it.
        if (json.Read()) return Refused("", Only);
        if (array is null) return Refused("claims", "is missing");
        array.Position = 0;
        return (array, count, null);
    }

    // A line end can only stand between two tokens: within a text it is not JSON, and the reader has said so.
    private static void Write(MemoryStream array, ReadOnlySpan<byte> claim)
    {
        while (claim.IndexOfAny((byte)'\n', (byte)'\r') is >= 0 and var end)
        {
            array.Write(claim[..end]);
            array.WriteByte((byte)' ');
            claim = claim[(end + 1)..];
        }
        array.Write(claim);
    }

    private static string Name(ref Utf8JsonReader json)
    {
        try
        {
            return json.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            // Not UTF-8, or half of a surrogate pair.
            return "";
        }
    }

    private static (MemoryStream?, int, ProblemHttpResult?) Refused(string name, string rule) => (null, 0, Problems.Refuse(name, null, rule));
}
