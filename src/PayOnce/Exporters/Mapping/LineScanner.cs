using System.Buffers.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace PayOnce.Exporters.Mapping;

/// <summary>A piece of a claim's lines: in the stored JSON itself, or among the texts that had escapes.</summary>
internal readonly record struct Slice(int Start, int Length, bool Unescaped);

/// <summary>One line of a claim, as slices: nothing is copied that is not printed.</summary>
internal struct LineView
{
    public Slice Date;
    public Slice Category;
    public Slice Description;
    public Slice Quantity;
    public Slice Unit;
    public long AmountMinor;
    public int FirstDimension;
    public int Dimensions;
}

/// <summary>
/// Reads a claim's stored lines (<see cref="Claims.ClaimLines"/>) without making a string or an object of them. Reused from claim
/// to claim. Other JSON than <c>ClaimLines</c> writes is a fault of the store and throws.
/// </summary>
/// <remarks>
/// The form is canonical, so lines without escapes are read by their fixed words, in a fifth of a JSON reader's time (it is on
/// the path of a million claims); everything else goes to the reader. A test holds the two equal.
/// </remarks>
internal sealed partial class LineScanner
{
    private LineView[] lines = new LineView[16];
    private (Slice Name, Slice Value)[] dimensions = new (Slice, Slice)[16];
    private byte[] unescaped = new byte[256];
    private int unescapedLength;
    private int dimensionCount;
    private ReadOnlyMemory<byte> json;

    public int Count { get; private set; }

    public ref readonly LineView this[int index] => ref lines[index];

    public (Slice Name, Slice Value) Dimension(in LineView line, int index) => dimensions[line.FirstDimension + index];

    public ReadOnlySpan<byte> Text(Slice slice) =>
        slice.Unescaped ? unescaped.AsSpan(slice.Start, slice.Length) : json.Span.Slice(slice.Start, slice.Length);

    public void Read(ReadOnlyMemory<byte> storedLines)
    {
        json = storedLines;
        Count = dimensionCount = unescapedLength = 0;
        if (!Utf8.IsValid(storedLines.Span)) throw Damaged();
        if (ReadCanonical(storedLines.Span)) return;
        ReadJson(storedLines);
    }

    /// <summary>The general way, for lines with escapes.</summary>
    internal void ReadJson(ReadOnlyMemory<byte> storedLines)
    {
        json = storedLines;
        Count = dimensionCount = unescapedLength = 0;
        var reader = new Utf8JsonReader(storedLines.Span);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray) throw Damaged();
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            ReadLine(ref reader, ref NextLine());
        }
        if (reader.TokenType != JsonTokenType.EndArray) throw Damaged();
    }

    private void ReadLine(ref Utf8JsonReader reader, ref LineView line)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            // The first letter decides, the name proves it: one comparison a property.
            switch (reader.ValueSpan.Length > 1 ? reader.ValueSpan[1] : 0)
            {
                case (byte)'a' when reader.ValueTextEquals("date"u8): line.Date = Next(ref reader); break;
                case (byte)'a' when reader.ValueTextEquals("category"u8): line.Category = Next(ref reader); break;
                case (byte)'e' when reader.ValueTextEquals("description"u8): line.Description = Next(ref reader); break;
                case (byte)'m' when reader.ValueTextEquals("amountMinor"u8): line.AmountMinor = NextAmount(ref reader); break;
                case (byte)'u' when reader.ValueTextEquals("quantity"u8): line.Quantity = Next(ref reader); break;
                case (byte)'n' when reader.ValueTextEquals("unit"u8): line.Unit = Next(ref reader); break;
                case (byte)'i' when reader.ValueTextEquals("dimensions"u8): line.Dimensions = ReadDimensions(ref reader); break;
                default: throw Damaged();
            }
        }
        if (reader.TokenType != JsonTokenType.EndObject) throw Damaged();
    }

    private int ReadDimensions(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw Damaged();
        var first = dimensionCount;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Value(ref reader);
            AddDimension(name, Next(ref reader));
        }
        return dimensionCount - first;
    }

    private ref LineView NextLine()
    {
        if (Count == lines.Length) Array.Resize(ref lines, 2 * Count);
        ref var line = ref lines[Count++];
        line = new LineView { FirstDimension = dimensionCount };
        return ref line;
    }

    private void AddDimension(Slice name, Slice value)
    {
        if (dimensionCount == dimensions.Length) Array.Resize(ref dimensions, 2 * dimensionCount);
        dimensions[dimensionCount++] = (name, value);
    }

    private Slice Next(ref Utf8JsonReader reader)
    {
        reader.Read();
        return Value(ref reader);
    }

    private static long NextAmount(ref Utf8JsonReader reader)
    {
        reader.Read();
        return Utf8Parser.TryParse(reader.ValueSpan, out long amount, out var used) && used == reader.ValueSpan.Length ? amount : throw Damaged();
    }

    private Slice Value(ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex + (reader.TokenType == JsonTokenType.Number ? 0 : 1);
        if (!reader.ValueIsEscaped) return new Slice(start, reader.ValueSpan.Length, Unescaped: false);
        if (reader.ValueSpan.Length > unescaped.Length - unescapedLength) Array.Resize(ref unescaped, 2 * (unescapedLength + reader.ValueSpan.Length));
        var length = reader.CopyString(unescaped.AsSpan(unescapedLength));
        unescapedLength += length;
        return new Slice(unescapedLength - length, length, Unescaped: true);
    }

    private static InvalidDataException Damaged() => new("The stored lines of a claim are not what PayOnce wrote.");
}
