using System.Text;
using System.Text.Json;
using PayOnce.Exporters;
using PayOnce.Runs;

namespace PayOnce.App.Dashboard;

/// <summary>A claim's posting lines as the integration's own exporter writes them, cut into columns for people.</summary>
/// <param name="Columns">Those that have a value in some row, by the accounting system's names.</param>
/// <param name="Problem">Why the claim cannot be written; then there are no rows.</param>
/// <param name="Text">The bytes as text where they are no table.</param>
internal sealed record PostingTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows, Problem? Problem, string? Text)
{
    private const int LongestText = 20_000;

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Column texts of Windows-1252 files; part of the framework, but registered by name only.
    private static readonly Encoding Western = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    /// <summary>Renders with the real exporter. Pure: nothing is sent or marked.</summary>
    /// <param name="settings">Settings that a run may use.</param>
    public static PostingTable Of(ReservedClaim claim, IntegrationSettings settings, RenderContext context)
    {
        var exporter = ExporterCatalogue.Get(settings.Exporter);
        if (exporter.Check(settings) is [var wrong, ..]) return new([], [], wrong, null);
        var renderer = exporter.CreateRenderer(settings, context);
        using var rendered = renderer.Render([claim], firstVoucher: 1);
        if (rendered.Rejections is [var refused, ..]) return new([], [], refused.Problem, null);
        var encoding = renderer.ContentType.Contains("windows-1252", StringComparison.Ordinal) ? Western : Encoding.UTF8;
        var text = (encoding.GetString(renderer.Prologue.Span) + encoding.GetString(rendered.Bytes.Span) + encoding.GetString(renderer.Epilogue.Span)).TrimStart('\uFEFF');
        var table = renderer.FileExtension == "csv" ? FromCsv(text, renderer.Prologue.Length > 3) : FromJson(text);
        return table ?? new([], [], null, Shown(text));
    }

    // In lines that a person can read; what is sent has none.
    private static string Shown(string json)
    {
        using var document = JsonDocument.Parse(json);
        var text = JsonSerializer.Serialize(document.RootElement, Readable);
        return text.Length > LongestText ? text[..LongestText] : text;
    }

    private static PostingTable FromCsv(string text, bool hasHeader)
    {
        var rows = CsvText.Rows(text);
        if (rows.Count == 0) return new([], [], null, null);
        var names = hasHeader ? rows[0] : [.. rows[0].Select((_, index) => (index + 1).ToString(System.Globalization.CultureInfo.InvariantCulture))];
        return WithoutEmpty(names, hasHeader ? rows[1..] : rows);
    }

    /// <summary>Null where the document is no list of flat objects.</summary>
    private static PostingTable? FromJson(string text)
    {
        using var document = JsonDocument.Parse(text);
        var list = document.RootElement.ValueKind == JsonValueKind.Array ? document.RootElement : document.RootElement.EnumerateObject().Select(property => property.Value).FirstOrDefault(value => value.ValueKind == JsonValueKind.Array);
        if (list.ValueKind != JsonValueKind.Array) return null;
        var names = new List<string>();
        foreach (var row in list.EnumerateArray())
        {
            if (row.ValueKind != JsonValueKind.Object) return null;
            foreach (var property in row.EnumerateObject())
            {
                if (property.Value.ValueKind == JsonValueKind.Array) return null;
                if (!names.Contains(property.Name)) names.Add(property.Name);
            }
        }
        return WithoutEmpty(names, [.. list.EnumerateArray().Select(row => names.Select(name => row.TryGetProperty(name, out var value) ? Cell(value) : "").ToList())]);
    }

    private static string Cell(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Null => "",
        // A reference by code, such as {"code": "7140"}: the code is what people know.
        JsonValueKind.Object => string.Join(", ", value.EnumerateObject().Select(part => Cell(part.Value))),
        _ => value.GetRawText(),
    };

    private static PostingTable WithoutEmpty(List<string> names, List<List<string>> rows)
    {
        var kept = Enumerable.Range(0, names.Count).Where(column => rows.Any(row => column < row.Count && row[column].Trim().Length > 0)).ToList();
        return new([.. kept.Select(column => names[column])], [.. rows.Select(row => (IReadOnlyList<string>)[.. kept.Select(column => column < row.Count ? row[column] : "")])], null, null);
    }
}
