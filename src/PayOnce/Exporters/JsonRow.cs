using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PayOnce.Exporters.Mapping;

namespace PayOnce.Exporters;

/// <summary>Writes the rows of vouchers as JSON objects, and keeps to the same lengths and characters as a cell of a file does.</summary>
internal sealed class JsonRow(Func<string, int> limit) : IDisposable
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private static readonly DatePattern IsoDate = DatePattern.Parse("yyyy-MM-dd", withTime: false)!;

    private readonly byte[] amount = new byte[AmountFormats.Longest];

    public Utf8JsonWriter Json { get; } = new(Stream.Null, Options);

    public void Dispose() => Json.Dispose();

    /// <summary>A text within its limit; a problem of the claim if it cannot stand there.</summary>
    public void Text(RenderCursor cursor, string name, ReadOnlySpan<byte> value, bool cut = false) => Text(cursor, name, name, value, cut);

    /// <summary>An object <c>{"code": …}</c>, by which Xledger names what it holds; nothing if there is no value.</summary>
    public void Code(RenderCursor cursor, string name, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty) return;
        Json.WriteStartObject(name);
        Text(cursor, name, "code", value, cut: false);
        Json.WriteEndObject();
    }

    /// <summary>A text under another name than its limit's.</summary>
    public void Text(RenderCursor cursor, string limitName, string name, ReadOnlySpan<byte> value, bool cut)
    {
        var longest = limit(limitName);
        var length = TextRules.Measure(value, windows1252: false, out var rule);
        if (length > longest && !cut) (length, rule) = (-1, TextRules.TooLong(length, longest));
        if (length < 0) cursor.Reject(Place(cursor, limitName), Encoding.UTF8.GetString(value), rule);
        else Json.WriteString(name, length > longest ? TextRules.Cut(value, longest, out _) : value);
    }

    public void Date(string name, DateOnly date)
    {
        Span<byte> text = stackalloc byte[16];
        Json.WriteString(name, text[..IsoDate.Write(date.ToDateTime(default), text)]);
    }

    /// <summary>The row's amount with a point and two decimals.</summary>
    public ReadOnlySpan<byte> Amount(RenderCursor cursor) =>
        amount.AsSpan(0, AmountFormats.Write(AmountFormats.Magnitude(cursor.Amount), cursor.Amount < 0, AmountFormat.Decimal, (byte)'.', amount));

    /// <summary>The row's amount without its sign.</summary>
    public ReadOnlySpan<byte> Magnitude(RenderCursor cursor) =>
        amount.AsSpan(0, AmountFormats.Write(AmountFormats.Magnitude(cursor.Amount), negative: false, AmountFormat.Decimal, (byte)'.', amount));

    private static string Place(RenderCursor cursor, string name) =>
        cursor.IsBalance ? name : string.Create(CultureInfo.InvariantCulture, $"lines[{cursor.Row}], {name}");
}
