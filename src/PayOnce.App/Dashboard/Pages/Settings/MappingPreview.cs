using System.Text;
using PayOnce.Exporters;
using PayOnce.Exporters.Api;
using PayOnce.Exporters.Mapping;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.App.Dashboard.Pages.Settings;

/// <summary>What settings make of an organisation's latest claims, by the exporter that a run would use.</summary>
/// <param name="Text">The beginning of what would be sent.</param>
/// <param name="Header">The columns' names, where the file has a first row of them.</param>
/// <param name="First">The first row's cells; empty where there are no columns.</param>
public sealed record MappingPreview(int Fine, IReadOnlyList<ClaimRejection> Rejected, string Text, IReadOnlyList<string> Header, IReadOnlyList<string> First)
{
    private const int Claims = 50;
    private const int SampleBytes = 4_096;

    /// <summary>Renders; sends nothing, marks nothing. Null with what is missing where nothing can be rendered.</summary>
    internal static async Task<(MappingPreview? Preview, IReadOnlyList<Problem> Problems)> MakeAsync(
        IHistoryStore history, IApiConnector connector, IntegrationSettings settings, Organisation organisation, DateOnly today, CancellationToken cancel)
    {
        var context = new RenderContext(organisation, RunId: 0, today);
        if (settings.Transport != "api") return (Render(ExporterCatalogue.Get(settings.Exporter).CreateRenderer(settings, context), settings, await ReadAsync(history, organisation, cancel)), []);
        var (api, problems) = await connector.OpenAsync(settings, context, cancel);
        if (api is null) return (null, problems);
        await using var opened = api;
        return (Render(api.Renderer, settings, await ReadAsync(history, organisation, cancel)), []);
    }

    private static async Task<IReadOnlyList<ReservedClaim>> ReadAsync(IHistoryStore history, Organisation organisation, CancellationToken cancel) =>
        [.. (await history.ListRecentClaimsAsync(organisation.OrganisationId, Claims, cancel)).Select(claim => new ReservedClaim(claim, Generation: 0, Attempt: 1, claim.ExportKey))];

    private static MappingPreview Render(IBatchRenderer renderer, IntegrationSettings settings, IReadOnlyList<ReservedClaim> claims)
    {
        using var rendered = renderer.Render(claims, firstVoucher: 1);
        var encoding = settings.Mapping?.Encoding == FileEncoding.Windows1252 ? Encoding.Latin1 : Encoding.UTF8;
        var prologue = encoding.GetString(renderer.Prologue.Span).TrimStart('\uFEFF');
        var rows = encoding.GetString(rendered.Bytes.Span);
        var text = prologue + rows;
        if (settings.Format == "json") return new(rendered.Claims, rendered.Rejections, Beginning(text), [], []);
        var names = settings.Mapping?.Columns?.Select(column => column.Name).ToList();
        var delimiter = settings.Mapping?.Delimiter is { } chosen ? ";,\t|"[(int)chosen] : MostOf(prologue.Length > 0 ? prologue : rows);
        return new(rendered.Claims, rendered.Rejections, Beginning(text), names ?? Cells(prologue, delimiter), Cells(rows, delimiter));
    }

    private static string Beginning(string text)
    {
        if (text.Length <= SampleBytes) return text;
        var end = text.LastIndexOf('\n', SampleBytes);
        return text[..(end > 0 ? end : SampleBytes)];
    }

    // Each exporter has its own, and its header has no other sign so often.
    private static char MostOf(string text) => ";,\t|".MaxBy(sign => text.Count(each => each == sign));

    /// <summary>The first row's cells, by the rules of RFC 4180.</summary>
    private static List<string> Cells(string text, char delimiter)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '"' && quoted && i + 1 < text.Length && text[i + 1] == '"') cell.Append(text[++i]);
            else if (c == '"') quoted = !quoted;
            else if (c == delimiter && !quoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else if (c is '\r' or '\n' && !quoted) break;
            else cell.Append(c);
        }
        if (cells.Count > 0 || cell.Length > 0) cells.Add(cell.ToString());
        return cells;
    }
}
