using System.Text;
using Npgsql;
using NpgsqlTypes;
using PayOnce.Runs;

namespace PayOnce.Stores.Postgres;

/// <summary>Statements with their values, and rows as values.</summary>
internal static class Sql
{
    /// <summary>A statement whose <c>$1</c>, <c>$2</c>… are the values in their order. Null needs no type: the server knows it from the statement.</summary>
    public static NpgsqlBatchCommand Of(string text, params ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlBatchCommand(text);
        foreach (var value in values) command.Parameters.Add(Parameter(value));
        return command;
    }

    private static NpgsqlParameter Parameter(object? value) => value switch
    {
        NpgsqlParameter made => made,
        DateTimeOffset time => new() { Value = time.ToUniversalTime() },
        _ => new() { Value = value ?? DBNull.Value },
    };

    /// <summary>A day as text, to be cast to <c>date</c>: as a value of its own the driver would make infinity of the calendar's last one.</summary>
    public static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    public static NpgsqlParameter Json(ReadOnlyMemory<byte> utf8) => new() { Value = utf8, NpgsqlDbType = NpgsqlDbType.Jsonb };

    /// <summary>Rejections as JSON text; null for none.</summary>
    public static string? Rejections(IReadOnlyList<ClaimRejection> rejections) => rejections.Count == 0 ? null : Text(StoredJson.Rejections(rejections));

    public static string Text(ReadOnlyMemory<byte> utf8) => Encoding.UTF8.GetString(utf8.Span);

    /// <summary>Texts that may be null or UTF-8 bytes, as <c>text[]</c>.</summary>
    public static NpgsqlParameter Texts<T>(T[] values) => new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    public static NpgsqlParameter Bytes(ReadOnlyMemory<byte>[] values) => new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea };

    public static async Task<List<T>> ListAsync<T>(this NpgsqlDataReader reader, Func<NpgsqlDataReader, T> row, CancellationToken cancel)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(cancel)) rows.Add(row(reader));
        return rows;
    }

    /// <summary>The result's only row, or the default.</summary>
    public static async Task<T?> FirstAsync<T>(this NpgsqlDataReader reader, Func<NpgsqlDataReader, T> row, CancellationToken cancel) =>
        await reader.ReadAsync(cancel) ? row(reader) : default;

    public static string? Text(this NpgsqlDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);

    public static int? Integer(this NpgsqlDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetInt32(ordinal);

    public static long? Long(this NpgsqlDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetInt64(ordinal);

    public static DateTimeOffset Time(this NpgsqlDataReader reader, int ordinal) => reader.GetFieldValue<DateTimeOffset>(ordinal);

    public static DateTimeOffset? TimeOrNull(this NpgsqlDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetFieldValue<DateTimeOffset>(ordinal);
}
