namespace PayOnce.Stores.Sqlite;

/// <summary>A parameter of a statement. The implicit conversions are the only places where a value becomes a column.</summary>
internal readonly struct SqliteValue
{
    public enum Kind { Null, Integer, Text, Utf8, Blob }

    private SqliteValue(Kind type, long integer, string? text, ReadOnlyMemory<byte> bytes)
    {
        Type = type;
        Integer = integer;
        Text = text;
        Bytes = bytes;
    }

    public Kind Type { get; }

    public long Integer { get; }

    public string? Text { get; }

    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Text that is UTF-8 already.</summary>
    public static SqliteValue Utf8(ReadOnlyMemory<byte> text) => new(Kind.Utf8, 0, null, text);

    public static implicit operator SqliteValue(long value) => new(Kind.Integer, value, null, default);

    public static implicit operator SqliteValue(int value) => new(Kind.Integer, value, null, default);

    public static implicit operator SqliteValue(long? value) => value is { } known ? known : default(SqliteValue);

    public static implicit operator SqliteValue(int? value) => value is { } known ? known : default(SqliteValue);

    public static implicit operator SqliteValue(string? value) => value is null ? default : new(Kind.Text, 0, value, default);

    public static implicit operator SqliteValue(ReadOnlyMemory<byte> value) => new(Kind.Blob, 0, null, value);

    public static implicit operator SqliteValue(byte[] value) => new(Kind.Blob, 0, null, value);

    public static implicit operator SqliteValue(DateTimeOffset value) => new(Kind.Integer, SqliteTime.ToMicroseconds(value), null, default);

    public static implicit operator SqliteValue(DateTimeOffset? value) => value is { } known ? known : default(SqliteValue);
}
