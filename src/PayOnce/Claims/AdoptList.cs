using System.Text.Json;
using PayOnce.Claims.Intake;
using PayOnce.Guard;
using PayOnce.Stores;

namespace PayOnce.Claims;

/// <summary>What a list of claims that left before PayOnce came says.</summary>
/// <param name="Claims">In the order of the file; empty if there is any problem: half a cut-over would send the other half again.</param>
/// <param name="Problems">At most <see cref="ImportReport.MostKept"/>.</param>
/// <param name="ProblemCount">How many there are in all.</param>
public sealed record AdoptListReading(IReadOnlyList<AdoptedClaim> Claims, IReadOnlyList<Problem> Problems, long ProblemCount);

/// <summary>
/// Reads the list for <c>claims adopt</c>: CSV with the columns <c>claim_id,reference</c>, or JSON (an array or JSON Lines) of
/// <c>{"claimId", "reference"}</c>. As strict as the import, but all or nothing.
/// </summary>
public sealed class AdoptList
{
    private const string Second = "must be the only entry of its claim id (upper and lower case are one); line ";

    private readonly InputBuffer input;
    private readonly RecordProblems problems;
    private readonly TextField claimId = ClaimRules.NewClaimId();
    private readonly TextField reference = new(1, 100, TextKind.Name, "must be 1 to 100 characters and not blank");
    private readonly List<AdoptedClaim> claims = [];
    private readonly Dictionary<string, long> lines = new(StringComparer.Ordinal);
    private readonly List<Problem> kept = [];
    private long count;

    private AdoptList(string file, Stream content)
    {
        input = new InputBuffer(content, capacity: 1 << 16, limit: JsonValues.LargestValue + 1);
        problems = new RecordProblems(file);
    }

    /// <summary>Reads the whole list, or to where it cannot be read any further.</summary>
    public static async Task<AdoptListReading> ReadAsync(string fileName, Stream content, CancellationToken cancel)
    {
        var list = new AdoptList(fileName, content);
        switch (await InputStart.FindAsync(list.input, cancel))
        {
            case { Broken: { } broken }: list.Keep([new Problem(broken) { File = fileName }]); break;
            case { IsJson: true }: await list.ReadJsonAsync(cancel); break;
            default: await list.ReadCsvAsync(cancel); break;
        }
        return new AdoptListReading(list.count == 0 ? list.claims : [], list.kept, list.count);
    }

    private async Task ReadJsonAsync(CancellationToken cancel)
    {
        var records = new JsonRecords(input, problems, "an entry");
        var fields = new JsonFields(input, problems);
        while (true)
        {
            switch (await records.NextAsync(cancel))
            {
                case JsonRecord.Value:
                    if (!ReadEntry(records, fields)) return;
                    break;
                case JsonRecord.Refused: Keep([records.Problem!]); break;
                case JsonRecord.Unreadable: Keep([records.Problem!]); return;
                default: return;
            }
        }
    }

    /// <summary>False if the file cannot be read behind it.</summary>
    private bool ReadEntry(JsonRecords records, JsonFields fields)
    {
        problems.Clear();
        string? id = null, given = null;
        try
        {
            var json = new Utf8JsonReader(records.Current);
            json.Read();
            if (fields.ExpectHere(ref json, "", JsonTokenType.StartObject))
            {
                var seen = 0;
                while (fields.NextName(ref json))
                {
                    if (json.ValueTextEquals("claimId"u8)) { if (!fields.IsDoubled(ref json, "claimId", ref seen, 1)) id = fields.Text(ref json, "claimId", claimId); }
                    else if (json.ValueTextEquals("reference"u8)) { if (!fields.IsDoubled(ref json, "reference", ref seen, 2)) given = fields.Text(ref json, "reference", reference); }
                    else fields.Unknown(ref json, "an adopted claim");
                }
                if ((seen & 1) == 0) fields.Missing(records.Line, "claimId");
                if ((seen & 2) == 0) fields.Missing(records.Line, "reference");
            }
            json.Read();
        }
        catch (JsonException e)
        {
            var (problem, ends) = records.Syntax(e, id);
            Keep([problem]);
            return !ends;
        }
        Add(records.Line, id, given);
        return true;
    }

    private async Task ReadCsvAsync(CancellationToken cancel)
    {
        var rows = new CsvRows(input);
        await rows.FindDelimiterAsync(cancel);
        var piece = await rows.NextAsync(cancel);
        var columns = piece == CsvPiece.Row ? CsvColumns.Read(rows, problems, ["claim_id", "reference"], dimensionName: null) : null;
        if (columns is null)
        {
            Keep(piece == CsvPiece.Row ? problems.TakeProblems(null) : [problems.At(rows.Line, piece == CsvPiece.TooLarge ? "has a header larger than 64 KiB" : rows.Why)]);
            return;
        }
        while ((piece = await rows.NextAsync(cancel)) != CsvPiece.End)
        {
            problems.Clear();
            string? id = null, given = null;
            switch (piece)
            {
                case CsvPiece.Row when rows.Count == columns.Count:
                    id = ReadCell(rows, columns.Places[0], "claim_id", claimId);
                    given = ReadCell(rows, columns.Places[1], "reference", reference);
                    break;
                case CsvPiece.Row: problems.Add(rows.Line, null, null, CsvRows.WrongCount(rows.Count, columns.Count)); break;
                case CsvPiece.TooLarge:
                    problems.Add(rows.Line, null, null, CsvRows.TooLarge);
                    await rows.SkipAsync(cancel);
                    break;
                default: problems.Add(rows.Line, null, null, rows.Why); break;
            }
            Add(rows.Line, id, given);
            if (piece == CsvPiece.Lost) return;
        }
    }

    private string? ReadCell(CsvRows rows, int place, string column, TextField field)
    {
        var cell = rows.Cell(place);
        if (field.Read(cell, out var text, out _) is not { } broken) return text;
        problems.Add(rows.Line, column, CsvRows.Loose(cell), broken);
        return null;
    }

    private void Add(long line, string? id, string? given)
    {
        if (id is not null && !lines.TryAdd(ExportKey.Fold(id), line)) problems.Add(line, null, null, FormattableString.Invariant($"{Second}{lines[ExportKey.Fold(id)]} has one"));
        if (problems.Any) Keep(problems.TakeProblems(id));
        else if (count == 0) claims.Add(new AdoptedClaim(id!, given!));
    }

    private void Keep(IReadOnlyList<Problem> found)
    {
        count += found.Count;
        kept.AddRange(found.Take(ImportReport.MostKept - kept.Count));
    }
}
