using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PayOnce.Exporters.Mapping;

namespace PayOnce.Exporters.Settings;

/// <summary>Writes settings as canonical JSON: fixed order, no white space.</summary>
internal static class SettingsWriter
{
    private static readonly JsonWriterOptions Canonical = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(IntegrationSettings settings)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Canonical))
        {
            json.WriteStartObject();
            json.WriteString("exporter", settings.Exporter);
            json.WriteString("transport", settings.Transport);
            json.WriteString("format", settings.Format);
            json.WriteStartArray("currencies");
            foreach (var currency in settings.Currencies) json.WriteStringValue(currency);
            json.WriteEndArray();
            json.WriteString("localCurrency", settings.LocalCurrency);
            Text(json, "folder", settings.Folder);
            if (settings.Accounts is { } accounts) WriteAccounts(json, accounts);
            WriteDimensions(json, settings.Dimensions);
            WriteVoucher(json, settings.Voucher);
            if (settings.Texts is { } texts)
            {
                json.WriteStartObject("texts");
                json.WriteString("line", texts.Line);
                json.WriteString("balance", texts.Balance);
                json.WriteEndObject();
            }
            if (settings.Limits.Count > 0)
            {
                json.WriteStartObject("limits");
                foreach (var (column, limit) in settings.Limits) json.WriteNumber(column, limit);
                json.WriteEndObject();
            }
            if (settings.Mapping is { } mapping) WriteMapping(json, mapping);
            if (settings.Api is { } api) ApiWriter.Write(json, api);
            ApiWriter.WriteFlags(json, settings.Flags);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteAccounts(Utf8JsonWriter json, AccountSettings accounts)
    {
        json.WriteStartObject("accounts");
        Text(json, "default", accounts.Default);
        Texts(json, "categories", accounts.Categories);
        Texts(json, "types", accounts.Types);
        Text(json, "credit", accounts.Credit);
        json.WriteString("creditTo", MappingWords.BalanceOns[(int)accounts.CreditTo]);
        json.WriteEndObject();
    }

    private static void WriteDimensions(Utf8JsonWriter json, IReadOnlyList<DimensionSettings> dimensions)
    {
        if (dimensions.Count == 0) return;
        json.WriteStartObject("dimensions");
        foreach (var dimension in dimensions)
        {
            json.WriteStartObject(dimension.Name);
            json.WriteString("target", dimension.Target);
            json.WriteStartObject("values");
            foreach (var (from, to) in dimension.Values) json.WriteString(from, to);
            json.WriteEndObject();
            json.WriteBoolean("passThrough", dimension.PassThrough);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteVoucher(Utf8JsonWriter json, VoucherSettings voucher)
    {
        json.WriteStartObject("voucher");
        Text(json, "voucherType", voucher.VoucherType);
        Text(json, "entity", voucher.Entity);
        Text(json, "journalTemplate", voucher.JournalTemplate);
        Text(json, "journalBatch", voucher.JournalBatch);
        json.WriteString("postingDate", MappingWords.PostingDates[(int)voucher.PostingDate]);
        if (voucher.DueDays is { } days) json.WriteNumber("dueDays", days);
        json.WriteEndObject();
    }

    private static void WriteMapping(Utf8JsonWriter json, MappingSettings mapping)
    {
        json.WriteStartObject("mapping");
        if (mapping.Delimiter is { } delimiter) json.WriteString("delimiter", MappingWords.Delimiters[(int)delimiter]);
        if (mapping.Encoding is { } encoding) json.WriteString("encoding", MappingWords.Encodings[(int)encoding]);
        if (mapping.Header is { } header) json.WriteBoolean("header", header);
        if (mapping.LineEnding is { } lineEnding) json.WriteString("lineEnding", MappingWords.LineEndings[(int)lineEnding]);
        if (mapping.DecimalSign is { } sign) json.WriteString("decimalSign", MappingWords.DecimalSigns[(int)sign]);
        Text(json, "dateFormat", mapping.DateFormat);
        if (mapping.Quoting is { } quoting) json.WriteString("quoting", MappingWords.Quotings[(int)quoting]);
        if (mapping.DefuseFormulas is { } defuse) json.WriteBoolean("defuseFormulas", defuse);
        if (mapping.Rows is { } rows) json.WriteString("rows", MappingWords.Rows[(int)rows]);
        if (mapping.Columns is { } columns)
        {
            json.WriteStartArray("columns");
            foreach (var column in columns) WriteColumn(json, column);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static void WriteColumn(Utf8JsonWriter json, Column column)
    {
        json.WriteStartObject();
        json.WriteString("name", column.Name);
        WriteSource(json, column.Source);
        if (column.Width is { } width)
        {
            json.WriteNumber("width", width);
            json.WriteString("align", MappingWords.Alignments[(int)column.Align]);
            json.WriteString("pad", [column.Pad]);
        }
        if (column.MaxLength is { } longest) json.WriteNumber("maxLength", longest);
        if (column.OnTooLong != TooLong.Reject) json.WriteString("onTooLong", MappingWords.TooLongs[(int)column.OnTooLong]);
        if (column.Quote) json.WriteBoolean("quote", true);
        if (column.Required) json.WriteBoolean("required", true);
        if (column.Balance is { } balance)
        {
            json.WriteStartObject("balance");
            WriteSource(json, balance);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteSource(Utf8JsonWriter json, ColumnSource source)
    {
        Text(json, "field", source.Field);
        Text(json, "constant", source.Constant);
        Text(json, "template", source.Template);
        Text(json, "format", source.Format);
    }

    private static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }

    private static void Texts(Utf8JsonWriter json, string name, IReadOnlyList<KeyValuePair<string, string>> values)
    {
        if (values.Count == 0) return;
        json.WriteStartObject(name);
        foreach (var (from, to) in values) json.WriteString(from, to);
        json.WriteEndObject();
    }
}
