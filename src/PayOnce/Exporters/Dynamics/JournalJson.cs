using PayOnce.Exporters.Mapping;

namespace PayOnce.Exporters.Dynamics;

/// <summary>
/// A claim as a general journal batch of its own with all its lines: the body that creates the batch, and within it the bodies of its
/// lines, which are sent as one transaction. Its code is the beginning of the export key: letters only, since posting counts up
/// what has a digit, and the same for every try, so that the primary keys of batch and lines refuse a second of them.
/// </summary>
internal sealed class JournalJson(RunFacts facts) : BatchRenderer(facts)
{
    /// <summary>Longest code of a journal batch.</summary>
    public const int CodeLength = 10;

    /// <summary>Operations in one <c>$batch</c>: a claim with more lines could not be written in one transaction.</summary>
    public const int MostLines = 100;

    private readonly JournalRow line = JournalLinesJson.Row(facts);

    public override string FileExtension => "json";

    public override string ContentType => "application/json";

    public override ReadOnlyMemory<byte> Prologue => default;

    public override ReadOnlyMemory<byte> Separator => default;

    public override ReadOnlyMemory<byte> Epilogue => default;

    public static string Code(string exportKey) => exportKey[..CodeLength];

    protected override ClaimWriter CreateWriter() => new Writer(this, new JsonRow(JournalLinesJson.Target.LimitOf(Facts.Settings)));

    private sealed class Writer(JournalJson renderer, JsonRow row) : ClaimWriter
    {
        public override void Dispose() => row.Dispose();

        public override int RowsOf(RenderCursor cursor) => cursor.Lines.Count + 1;

        public override bool Write(RenderCursor cursor, OutputBuffer output)
        {
            if (cursor.Lines.Count >= MostLines)
                return cursor.Reject("lines", null, "are too many: Business Central takes 100 lines, the balancing one included, in one transaction");
            if (output.Length > 0) output.Append((byte)'\n');
            row.Json.Reset(output);
            row.Json.WriteStartObject();
            row.Json.WriteString("code", Code(cursor.Claim.ExportKey));
            row.Json.WriteString("displayName", "PayOnce");
            row.Json.WriteStartArray("journalLines");
            for (var i = 0; i <= cursor.Lines.Count; i++)
            {
                cursor.MoveTo(i);
                renderer.line.Write(cursor, row, numbered: true);
            }
            row.Json.WriteEndArray();
            row.Json.WriteEndObject();
            row.Json.Flush();
            return cursor.Problem is null;
        }
    }
}
