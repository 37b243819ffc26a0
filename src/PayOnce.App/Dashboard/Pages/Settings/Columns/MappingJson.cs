using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using PayOnce.Exporters;

namespace PayOnce.App.Dashboard.Pages.Settings.Columns;

/// <summary>
/// Writes a form as the integration file it means, faults and all: the file's own reader and the exporter's own check then find what
/// is wrong, so that a form can pass nothing that a file cannot.
/// </summary>
internal static class MappingJson
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="rest">What the form does not show, taken over as it stands.</param>
    public static ReadOnlyMemory<byte> Write(MappingForm form, IntegrationSettings rest)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using var json = new Utf8JsonWriter(buffer, Relaxed);
        json.WriteStartObject();
        var bare = rest with { Exporter = form.System[..Math.Max(0, form.System.IndexOf(' ', StringComparison.Ordinal))], Format = form.Format, Accounts = null, Dimensions = [], Limits = [], Mapping = null };
        using (var kept = JsonDocument.Parse(bare.ToJson()))
        {
            foreach (var field in kept.RootElement.EnumerateObject()) field.WriteTo(json);
        }
        if (form.OwnAccounts) WriteAccounts(json, form);
        WriteDimensions(json, form);
        WriteLimits(json, form);
        if (form.HasColumns) WriteMapping(json, form);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteAccounts(Utf8JsonWriter json, MappingForm form)
    {
        json.WriteStartObject("accounts");
        Filled(json, "default", form.DefaultAccount);
        Pairs(json, "categories", form.Categories);
        Pairs(json, "types", form.Types);
        Filled(json, "credit", form.CreditAccount);
        Filled(json, "creditTo", form.CreditTo);
        json.WriteEndObject();
    }

    private static void WriteDimensions(Utf8JsonWriter json, MappingForm form)
    {
        json.WriteStartObject("dimensions");
        foreach (var dimension in form.Dimensions.Where(each => !each.IsEmpty))
        {
            json.WriteStartObject(dimension.Name);
            Filled(json, "target", dimension.Target);
            // Left out where there are none, so that the reader asks for them.
            if (dimension.Values.Exists(each => !each.IsEmpty)) Pairs(json, "values", dimension.Values);
            json.WriteBoolean("passThrough", dimension.PassThrough);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteLimits(Utf8JsonWriter json, MappingForm form)
    {
        json.WriteStartObject("limits");
        foreach (var limit in form.Limits.Where(each => !each.IsEmpty)) Number(json, limit.From, limit.To, evenEmpty: true);
        json.WriteEndObject();
    }

    private static void WriteMapping(Utf8JsonWriter json, MappingForm form)
    {
        var file = form.File.Where(each => each.Value != MappingForm.AsExporter).ToList();
        if (file.Count == 0 && form.DateFormat == MappingForm.AsExporter && !form.OwnColumns) return;
        json.WriteStartObject("mapping");
        foreach (var (name, word) in file)
        {
            if (name is "header" or "defuseFormulas" && word is "true" or "false") json.WriteBoolean(name, word == "true");
            else json.WriteString(name, word);
        }
        Filled(json, "dateFormat", form.DateFormat);
        if (form.OwnColumns)
        {
            json.WriteStartArray("columns");
            foreach (var column in form.Columns) WriteColumn(json, column);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static void WriteColumn(Utf8JsonWriter json, ColumnRow column)
    {
        json.WriteStartObject();
        json.WriteString("name", column.Name);
        WriteSource(json, column.Source, column.Text, column.Format);
        Number(json, "width", column.Width);
        Filled(json, "align", column.Align);
        Filled(json, "pad", column.Pad);
        Number(json, "maxLength", column.Longest);
        Filled(json, "onTooLong", column.TooLong);
        if (column.Quote) json.WriteBoolean("quote", true);
        if (column.Required) json.WriteBoolean("required", true);
        if (column.Balance.Length > 0)
        {
            json.WriteStartObject("balance");
            WriteSource(json, column.Balance, column.BalanceText, column.BalanceFormat);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteSource(Utf8JsonWriter json, string source, string text, string format)
    {
        if (source is ColumnRow.Constant or ColumnRow.Template) json.WriteString(source, text);
        else if (source.StartsWith(ColumnRow.FieldPrefix, StringComparison.Ordinal)) json.WriteString("field", source[ColumnRow.FieldPrefix.Length..]);
        Filled(json, "format", format);
    }

    private static void Pairs(Utf8JsonWriter json, string name, List<PairRow> rows)
    {
        json.WriteStartObject(name);
        foreach (var row in rows.Where(each => !each.IsEmpty)) json.WriteString(row.From, row.To);
        json.WriteEndObject();
    }

    private static void Filled(Utf8JsonWriter json, string name, string value)
    {
        if (value.Length > 0) json.WriteString(name, value);
    }

    // What is no number goes as text: the reader then says that it must be one.
    private static void Number(Utf8JsonWriter json, string name, string value, bool evenEmpty = false)
    {
        if (value.Length == 0 && !evenEmpty) return;
        if (int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) json.WriteNumber(name, number);
        else json.WriteString(name, value);
    }
}
