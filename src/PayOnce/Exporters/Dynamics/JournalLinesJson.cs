using System.Collections.Frozen;
using System.Text.Encodings.Web;
using System.Text.Json;
using PayOnce.Exporters.Mapping;

namespace PayOnce.Exporters.Dynamics;

/// <summary>
/// The same rows under the property names of the API's journal with its journalLines (facts on Dynamics 1.3 and 1.4):
/// <c>{"code":"PAYONCE","templateDisplayName":"GENERAL","journalLines":[…]}</c>.
/// Business Central validates properties in the order they are sent, so the account's type stands before its number. The API has
/// no document type and no currency: it books in the company's own currency, and its vendor check for doubles is off.
/// </summary>
internal sealed class JournalLinesJson : VoucherJsonRenderer
{
    // Lengths of the API's own metadata (facts on Dynamics 1.4 and 1.5).
    public static readonly Target Target = new(
        "Business Central",
        new Dictionary<string, int>
        {
            ["accountNumber"] = 20,
            ["documentNumber"] = 20,
            ["externalDocumentNumber"] = 35,
            ["description"] = 100,
            ["code"] = 20,
            ["valueCode"] = 20,
        }.ToFrozenDictionary(StringComparer.Ordinal),
        [],
        VouchersOnly: true);

    private static readonly string[] Fields = ["accountNumber", "documentNumber", "externalDocumentNumber", "description", "code", "valueCode"];

    private readonly JournalRow line;

    private JournalLinesJson(RunFacts facts, string head) : base(facts, head, Target) => line = Row(facts);

    /// <summary>What writes a line, with the settings' texts.</summary>
    public static JournalRow Row(RunFacts facts) =>
        new(facts, Compile(ColumnSource.Line(facts.Settings.Texts), facts, balance: false), Compile(ColumnSource.Balance(facts.Settings.Texts), facts, balance: true));

    public static JournalLinesJson Create(RunFacts facts)
    {
        var (code, template) = Names(facts.Settings);
        return new JournalLinesJson(facts, $"{{\"code\":{Quoted(code)},\"templateDisplayName\":{Quoted(template)},\"journalLines\":[\n");
    }

    public static IEnumerable<Problem> Check(IntegrationSettings settings) =>
    [
        .. SettingsCheck.LocalCurrencyOnly(settings, "the API's journal lines have no currency"),
        .. new[] { ("voucher.journalBatch", settings.Voucher.JournalBatch), ("voucher.journalTemplate", settings.Voucher.JournalTemplate) }
            .Where(name => name.Item2 is { Length: > 10 })
            .Select(name => new Problem("must have at most 10 characters") { Field = name.Item1, Value = Problem.Printable(name.Item2!) }),
        .. VoucherJsonCheck.Run(settings, Target, Fields, dimension => dimension.Target.Length <= 20 ? null : "must be a dimension code of at most 20 characters"),
    ];

    private static (string Code, string Template) Names(IntegrationSettings settings) =>
        (settings.Voucher.JournalBatch ?? Journal.StandardBatch, settings.Voucher.JournalTemplate ?? Journal.StandardTemplate);

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    protected override void WriteRow(RenderCursor cursor, JsonRow row) => line.Write(cursor, row, numbered: false);
}
