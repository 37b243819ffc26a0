using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace PayOnce.Claims.Intake;

/// <summary>The fields of a claim from its rows. Used again for each claim.</summary>
internal sealed class CsvClaimFields(CsvRows rows, CsvColumns columns, RecordProblems problems, ClaimRules rules)
{
    /// <summary>The columns that every file has. The first seven are the claim's, and the same on each of its rows.</summary>
    public static IReadOnlyList<string> Columns { get; } =
    [
        "claim_id", "claimant_id", "claimant_name", "type", "currency", "approved_at", "approved_by",
        "line_date", "category", "description", "amount", "quantity", "unit",
    ];

    private const int Id = 0, ClaimantId = 1, ClaimantName = 2, Type = 3, Currency = 4, ApprovedAt = 5, ApprovedBy = 6;
    private const int Date = 7, Category = 8, Description = 9, Amount = 10, Quantity = 11, Unit = 12;
    private const int OfTheClaim = 7;

    private readonly List<ClaimLine> lines = new(8);
    private readonly List<Dimension> dimensions = new(ClaimRules.MostDimensions);
    private readonly int[] firstEnds = new int[OfTheClaim];
    private byte[] first = new byte[512];
    private long firstLine;
    private int count;
    private string? claimantId, claimantName, type, currency, approvedBy;
    private DateTimeOffset approvedAt;
    private Dimension[] sameAsBefore = [];

    public int CellCount => columns.Count;

    public int IdPlace => columns.Places[Id];

    /// <summary>As far as it is known: also of a claim that is refused.</summary>
    public string? ClaimId { get; private set; }

    /// <summary>Starts on the next claim.</summary>
    public void Clear()
    {
        ClaimId = null;
        lines.Clear();
        count = 0;
        firstLine = 0;
    }

    /// <summary>Takes the id from the claim's first row, whatever else is wrong with that.</summary>
    public void TakeId(ReadOnlySpan<byte> id)
    {
        ClaimId = null;
        if (rules.ClaimId.Read(id, out var text, out var nationalNumber) is { } broken) Refuse(Id, id, broken);
        else ClaimId = text;
        if (nationalNumber) problems.Warn(rows.Line, Columns[Id], ClaimRules.HasNationalNumber);
    }

    /// <summary>Takes a row that has its cells.</summary>
    public void TakeRow()
    {
        if (firstLine == 0) TakeClaim();
        else CompareClaim();
        if (++count <= ClaimRules.MostLines) TakeLine();
    }

    /// <summary>The claim, or null if anything is wrong with it.</summary>
    /// <param name="isLast">The file ended behind its last row.</param>
    public Claim? Finish(long line, bool isLast)
    {
        if (count > ClaimRules.MostLines) problems.Add(line, "rows", count.ToString(CultureInfo.InvariantCulture), ClaimRules.LineCount);
        if (problems.Any) return null;
        if (isLast && !rows.Ended) problems.Warn(rows.LastLine, null, "is the last claim of a file that does not end with a line break; if the file was cut off, the claim may not be whole");
        if (ClaimRules.Sum(lines, out var sum) is not { } broken)
            return new Claim(ClaimId!, new Claimant(claimantId!, claimantName!), type!, currency!, approvedAt, approvedBy!, (long)sum, lines.ToArray());
        problems.Add(line, Columns[Amount], ClaimsWriter.Amount(sum), broken);
        return null;
    }

    private void TakeClaim()
    {
        firstLine = rows.Line;
        claimantId = Text(ClaimantId, rules.ClaimantId);
        claimantName = Text(ClaimantName, rules.ClaimantName);
        type = Text(Type, rules.Type);
        currency = Text(Currency, rules.Currency);
        approvedBy = Text(ApprovedBy, rules.ApprovedBy);
        var time = Cell(ApprovedAt);
        if (!Scalars.TryTime(time, out approvedAt)) Refuse(ApprovedAt, time, ClaimRules.TimeForm);
        else if (rules.CheckApprovedAt(approvedAt) is { } broken) Refuse(ApprovedAt, time, broken);
        var end = 0;
        for (var column = 0; column < OfTheClaim; column++)
        {
            var cell = Cell(column);
            if (first.Length < end + cell.Length) Array.Resize(ref first, Math.Max(first.Length * 2, end + cell.Length));
            cell.CopyTo(first.AsSpan(end));
            firstEnds[column] = end += cell.Length;
        }
    }

    private void CompareClaim()
    {
        for (var column = 1; column < OfTheClaim; column++)
        {
            var expected = first.AsSpan(firstEnds[column - 1]..firstEnds[column]);
            var cell = Cell(column);
            if (!cell.SequenceEqual(expected))
                Refuse(column, cell, string.Create(CultureInfo.InvariantCulture, $"must be the same on every row of a claim; line {firstLine} has \"{RecordProblems.Shown(Encoding.UTF8.GetString(expected))}\""));
        }
    }

    private void TakeLine()
    {
        var cell = Cell(Date);
        if (!Scalars.TryDate(cell, out var date)) Refuse(Date, cell, ClaimRules.DateForm);
        else if (rules.CheckDate(date) is { } broken) Refuse(Date, cell, broken);
        var category = Text(Category, rules.Category);
        var description = Text(Description, rules.Description);
        cell = Cell(Amount);
        if (!Scalars.TryAmount(cell, out var amount, out var tooLarge)) Refuse(Amount, cell, tooLarge ? ClaimRules.AmountTooLarge : ClaimRules.AmountForm);
        else if (amount == 0) Refuse(Amount, cell, ClaimRules.NotZero);
        cell = Cell(Quantity);
        decimal? quantity = null;
        if (cell.Length > 0)
        {
            if (Scalars.TryQuantity(cell, out var value)) quantity = value;
            else Refuse(Quantity, cell, ClaimRules.QuantityForm);
        }
        var unit = Cell(Unit).Length == 0 ? null : Text(Unit, rules.Unit);
        var given = TakeDimensions();
        if (!problems.Any) lines.Add(new ClaimLine(date, category!, description!, amount, quantity, unit, given));
    }

    private Dimension[] TakeDimensions()
    {
        dimensions.Clear();
        foreach (var (column, name, index) in columns.Dimensions)
        {
            var cell = rows.Cell(index);
            if (cell.Length > 0 && Text(column, cell, rules.DimensionValue) is { } value) dimensions.Add(new Dimension(name, value));
        }
        if (dimensions.Count > ClaimRules.MostDimensions) problems.Add(rows.Line, null, null, ClaimRules.DimensionCount);
        // Most lines carry the dimensions of the line before: one list serves them all.
        if (!CollectionsMarshal.AsSpan(dimensions).SequenceEqual(sameAsBefore)) sameAsBefore = dimensions.ToArray();
        return sameAsBefore;
    }

    private ReadOnlySpan<byte> Cell(int column) => rows.Cell(columns.Places[column]);

    private string? Text(int column, TextField field) => Text(Columns[column], Cell(column), field);

    private string? Text(string column, ReadOnlySpan<byte> cell, TextField field)
    {
        if (field.Read(cell, out var text, out var nationalNumber) is { } broken)
        {
            problems.Add(rows.Line, column, CsvRows.Loose(cell), broken + Spread());
            return null;
        }
        if (nationalNumber) problems.Warn(rows.Line, column, ClaimRules.HasNationalNumber);
        return text;
    }

    private void Refuse(int column, ReadOnlySpan<byte> cell, string rule) => problems.Add(rows.Line, Columns[column], CsvRows.Loose(cell), rule);

    /// <summary>Where a row ends whose cell runs over several lines: perhaps only a quote is missing, and others were swallowed.</summary>
    private string Spread() => rows.LastLine == rows.Line ? "" : string.Create(CultureInfo.InvariantCulture, $"; the row goes on to line {rows.LastLine}");
}
