namespace PayOnce.Claims.Intake;

/// <summary>
/// Reads claims from CSV with one row for each line of a claim. Rows of one claim stand together and agree on what is the claim's.
/// </summary>
/// <remarks>
/// A claim without one of its rows would pay too little and look right. So a row that cannot be read counts to the claim before it
/// unless its id can be trusted and is another one.
/// </remarks>
internal sealed class CsvClaimReader(string file, InputBuffer input, ClaimRules rules) : ClaimReader
{
    private readonly CsvRows rows = new(input);
    private readonly RecordProblems problems = new(file);
    private CsvClaimFields? fields;
    private CsvPiece piece;
    private byte[] openId = new byte[64];
    private int openIdLength;

    public override long BytesRead => input.BytesRead;

    public override string SecondHint => "; all rows of a claim must stand together";

    public override async ValueTask<ClaimReading> NextAsync(CancellationToken cancel)
    {
        if (fields is null && await ReadHeaderAsync(cancel) is { } broken) return broken;
        if (piece == CsvPiece.End) return ClaimReading.End;
        if (IsLost()) return Lost();
        problems.Clear();
        fields!.Clear();
        Open();
        var line = rows.Line;
        do
        {
            if (piece == CsvPiece.Row && rows.Count == fields.CellCount) fields.TakeRow();
            else await RefuseRowAsync(cancel);
            if (piece != CsvPiece.Lost) piece = await rows.NextAsync(cancel);
        }
        while (piece != CsvPiece.End && Belongs() && !IsLost());
        // The row that is cut off is one of this claim: it is not whole.
        if (IsLost() && Belongs()) return Lost();
        var claim = fields.Finish(line, piece == CsvPiece.End);
        return claim is null
            ? ClaimReading.Refused(fields.ClaimId, line, problems.TakeProblems(fields.ClaimId))
            : ClaimReading.Whole(claim, line, problems.TakeWarnings(claim.ClaimId));
    }

    private async ValueTask<ClaimReading?> ReadHeaderAsync(CancellationToken cancel)
    {
        await rows.FindDelimiterAsync(cancel);
        piece = await rows.NextAsync(cancel);
        if (piece == CsvPiece.TooLarge) return ClaimReading.Unreadable(problems.At(rows.Line, "has a header larger than 64 KiB"));
        if (piece != CsvPiece.Row) return ClaimReading.Unreadable(problems.At(rows.Line, rows.Why));
        if (CsvColumns.Read(rows, problems, CsvClaimFields.Columns, rules.DimensionName) is not { } columns) return ClaimReading.Unreadable(problems.TakeProblems(null));
        fields = new CsvClaimFields(rows, columns, problems, rules);
        piece = await rows.NextAsync(cancel);
        return null;
    }

    private async ValueTask RefuseRowAsync(CancellationToken cancel)
    {
        if (piece == CsvPiece.Row) problems.Add(rows.Line, null, null, CsvRows.WrongCount(rows.Count, fields!.CellCount));
        else if (piece == CsvPiece.Broken) problems.Add(rows.Line, null, null, rows.Why);
        else
        {
            problems.Add(rows.Line, null, null, CsvRows.TooLarge);
            if (!await rows.SkipAsync(cancel)) piece = CsvPiece.Lost;
        }
    }

    /// <summary>Whether the file ends in the row at hand, or nobody can say where the next one begins.</summary>
    private bool IsLost() => piece == CsvPiece.Lost || (piece == CsvPiece.Row && !rows.Ended && rows.Count < fields!.CellCount);

    private ClaimReading Lost()
    {
        var why = piece == CsvPiece.Lost ? rows.Why : "ends in the middle of a row";
        piece = CsvPiece.End;
        return ClaimReading.Unreadable(problems.At(rows.Line, why, openIdLength > 0 && Belongs() ? fields!.ClaimId : null));
    }

    private void Open()
    {
        openIdLength = 0;
        if (!TryId(out var id)) return;
        if (openId.Length < id.Length) openId = new byte[id.Length];
        id.CopyTo(openId);
        openIdLength = id.Length;
        fields!.TakeId(id);
    }

    private bool Belongs()
    {
        if (!TryId(out var id)) return true;
        var open = openId.AsSpan(0, openIdLength);
        // The very last row may be cut off within its id.
        return id.SequenceEqual(open) || (!rows.Ended && rows.Count == 1 && open.StartsWith(id));
    }

    /// <summary>The row's id, if it is certain that this cell is the id's: with cells too many or too few only a first one is.</summary>
    private bool TryId(out ReadOnlySpan<byte> id)
    {
        id = default;
        var place = fields!.IdPlace;
        if (rows.Count <= place || (place > 0 && (piece != CsvPiece.Row || rows.Count != fields.CellCount))) return false;
        id = rows.Cell(place);
        return true;
    }
}
