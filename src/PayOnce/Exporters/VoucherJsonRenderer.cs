using System.Text;
using PayOnce.Exporters.Mapping;

namespace PayOnce.Exporters;

/// <summary>A JSON file of voucher rows: for each claim an object for each line and one for the balance, one object a line of text.</summary>
internal abstract class VoucherJsonRenderer(RunFacts facts, string head, Target target) : BatchRenderer(facts)
{
    public override string FileExtension => "json";

    public override string ContentType => "application/json";

    public override ReadOnlyMemory<byte> Prologue { get; } = Encoding.UTF8.GetBytes(head);

    public override ReadOnlyMemory<byte> Separator { get; } = ",\n"u8.ToArray();

    public override ReadOnlyMemory<byte> Epilogue { get; } = "\n]}\n"u8.ToArray();

    protected override ClaimWriter CreateWriter() => new Writer(this, new JsonRow(target.LimitOf(Facts.Settings)));

    /// <summary>Writes the row the cursor stands on as one object; what cannot stand there is left with the cursor.</summary>
    protected abstract void WriteRow(RenderCursor cursor, JsonRow row);

    /// <summary>Compiles a text of the settings.</summary>
    protected static Source Compile(ColumnSource text, RunFacts facts, bool balance) => Source.Compile(text, new ColumnMapping { Columns = [] }, facts, balance);

    private sealed class Writer(VoucherJsonRenderer renderer, JsonRow row) : ClaimWriter
    {
        public override void Dispose() => row.Dispose();

        public override int RowsOf(RenderCursor cursor) => cursor.Lines.Count + 1;

        public override bool Write(RenderCursor cursor, OutputBuffer output)
        {
            Int128 sum = 0;
            for (var i = 0; i <= cursor.Lines.Count; i++)
            {
                cursor.MoveTo(i);
                if (i > 0) output.Append(",\n"u8);
                row.Json.Reset(output);
                renderer.WriteRow(cursor, row);
                row.Json.Flush();
                if (cursor.Problem is not null) return false;
                sum += cursor.Amount;
            }
            return sum == 0 ? true : throw new InvalidOperationException($"The voucher of claim {cursor.Claim.Claim.ClaimId} does not sum to zero.");
        }
    }
}
