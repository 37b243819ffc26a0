namespace PayOnce.Exporters.Mapping;

/// <summary>
/// One kind of row, compiled: what never changes is one piece of bytes, delimiters and all; what changes only from claim to claim
/// is written for the claim's first row and copied for the others; the rest is read for each row.
/// </summary>
internal sealed class RowPlan
{
    private readonly Segment[] segments;
    private readonly int claimSegments;

    private RowPlan(Segment[] segments) => (this.segments, claimSegments) = (segments, segments.Count(segment => segment.Slot >= 0));

    /// <summary>How many places a claim needs to remember where its own segments stand.</summary>
    public int Slots => claimSegments;

    public static RowPlan Compile(ColumnMapping mapping, RunFacts facts, Func<Column, int> limit, bool balance)
    {
        var pieces = new List<Piece>();
        var cursor = new RenderCursor(facts);
        foreach (var (index, column) in mapping.Columns.Index())
        {
            if (index > 0) Literal(pieces, [Cell.Delimiter(mapping)]);
            var cell = new Cell(column, Source.Compile(balance && column.Balance is { } other ? other : column.Source, mapping, facts, balance), mapping, limit(column));
            var output = new OutputBuffer(64);
            cursor.ClearProblem();
            // What cannot be written even without a claim is left as a cell, so that it rejects each claim by name.
            if (cell.Scope == FieldScope.Run && cell.Write(cursor, output)) Literal(pieces, output.Memory.Span);
            else pieces.Add(new Piece(null, cell));
        }
        Literal(pieces, mapping.LineEnding == LineEnding.Lf ? "\n"u8 : "\r\n"u8);
        return new RowPlan([.. Segments(pieces)]);
    }

    /// <summary>Appends a row; false with the cursor's problem if a cell cannot stand there.</summary>
    /// <param name="written">Where this claim's segments of this plan stand, from its first row on; start -1 before it.</param>
    public bool Write(RenderCursor cursor, OutputBuffer output, Span<(int Start, int Length)> written)
    {
        foreach (var segment in segments)
        {
            if (segment.Slot < 0)
            {
                if (!segment.Write(cursor, output)) return false;
                continue;
            }
            ref var place = ref written[segment.Slot];
            if (place.Start >= 0)
            {
                output.Repeat(place.Start, place.Length);
                continue;
            }
            var start = output.Length;
            if (!segment.Write(cursor, output)) return false;
            place = (start, output.Length - start);
        }
        return true;
    }

    private static void Literal(List<Piece> pieces, ReadOnlySpan<byte> bytes)
    {
        if (pieces is [.., { Literal: { } before }]) pieces[^1] = new Piece([.. before, .. bytes], null);
        else pieces.Add(new Piece(bytes.ToArray(), null));
    }

    private static IEnumerable<Segment> Segments(List<Piece> pieces)
    {
        var slot = 0;
        for (var i = 0; i < pieces.Count;)
        {
            var end = i;
            while (end < pieces.Count && !pieces[end].IsLine) end++;
            if (end == i)
            {
                yield return new Segment([pieces[i++]], -1);
                continue;
            }
            var group = pieces[i..end];
            yield return new Segment([.. group], group.Exists(piece => piece.Cell is not null) ? slot++ : -1);
            i = end;
        }
    }

    private readonly record struct Piece(byte[]? Literal, Cell? Cell)
    {
        public bool IsLine => Cell is { Scope: FieldScope.Line };
    }

    private sealed class Segment(Piece[] pieces, int slot)
    {
        public int Slot => slot;

        public bool Write(RenderCursor cursor, OutputBuffer output)
        {
            foreach (var piece in pieces)
            {
                if (piece.Literal is { } literal) output.Append(literal);
                else if (!piece.Cell!.Write(cursor, output)) return false;
            }
            return true;
        }
    }
}
