using System.Text;

namespace PayOnce.Exporters.Mapping;

/// <summary>Renders a character-separated file from a mapping that was checked and is compiled here once for the run.</summary>
internal sealed class MappedRenderer : BatchRenderer
{
    private readonly ColumnMapping mapping;
    private readonly RowPlan line;
    private readonly RowPlan balance;

    /// <param name="limit">The longest text of a column: documented, or the organisation's own.</param>
    public MappedRenderer(ColumnMapping mapping, RunFacts facts, Func<Column, int> limit) : base(facts)
    {
        this.mapping = mapping;
        line = RowPlan.Compile(mapping, facts, limit, balance: false);
        balance = RowPlan.Compile(mapping, facts, limit, balance: true);
        Prologue = Head(mapping);
    }

    public override string FileExtension => "csv";

    public override string ContentType => mapping.Encoding == FileEncoding.Windows1252 ? "text/csv; charset=windows-1252" : "text/csv; charset=utf-8";

    public override ReadOnlyMemory<byte> Prologue { get; }

    public override ReadOnlyMemory<byte> Separator => default;

    public override ReadOnlyMemory<byte> Epilogue => default;

    protected override ClaimWriter CreateWriter() => new RowWriter(this);

    private static byte[] Head(ColumnMapping mapping)
    {
        var output = new OutputBuffer(1024);
        if (mapping.Encoding == FileEncoding.Utf8Bom) output.Append("\uFEFF"u8);
        if (!mapping.Header) return output.Memory.ToArray();
        var quotes = new[] { (char)Cell.Delimiter(mapping), '"' };
        foreach (var (index, column) in mapping.Columns.Index())
        {
            if (index > 0) output.Append(Cell.Delimiter(mapping));
            var quoted = mapping.Quoting == Quoting.Always || column.Name.AsSpan().ContainsAny(quotes);
            var name = quoted ? $"\"{column.Name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : column.Name;
            if (mapping.Encoding != FileEncoding.Windows1252) output.Append(Encoding.UTF8.GetBytes(name));
            else foreach (var rune in name.EnumerateRunes()) output.Append(Windows1252.TryEncode(rune, out var encoded) ? encoded : throw new ArgumentException($"The header {name} is not in the encoding.", nameof(mapping)));
        }
        output.Append(mapping.LineEnding == LineEnding.Lf ? "\n"u8 : "\r\n"u8);
        return output.Memory.ToArray();
    }

    private sealed class RowWriter(MappedRenderer renderer) : ClaimWriter
    {
        private readonly (int Start, int Length)[] written = new (int, int)[Math.Max(renderer.line.Slots, renderer.balance.Slots)];

        public override bool Write(RenderCursor cursor, OutputBuffer output)
        {
            Array.Fill(written, (-1, 0));
            var rows = renderer.mapping.Rows == RowKind.Claims ? 1 : cursor.Lines.Count;
            Int128 sum = 0;
            for (var row = 0; row < rows; row++)
            {
                cursor.MoveTo(row);
                if (!renderer.line.Write(cursor, output, written)) return false;
                sum += cursor.Amount;
            }
            if (renderer.mapping.Rows != RowKind.LinesAndBalance) return true;
            Array.Fill(written, (-1, 0));
            cursor.MoveTo(rows);
            if (!renderer.balance.Write(cursor, output, written)) return false;
            return sum + cursor.Amount == 0 ? true : throw new InvalidOperationException($"The voucher of claim {cursor.Claim.Claim.ClaimId} does not sum to zero.");
        }

        public override void Dispose()
        {
        }

        public override int RowsOf(RenderCursor cursor) => renderer.mapping.Rows switch
        {
            RowKind.Claims => 1,
            RowKind.Lines => cursor.Lines.Count,
            _ => cursor.Lines.Count + 1,
        };
    }
}
