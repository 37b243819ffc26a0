using System.Text.Json;
using PayOnce.Exporters.Api;

namespace PayOnce.Exporters.Dynamics;

/// <summary>A line of a journal that is not posted yet, as far as it matters whether it is ours.</summary>
internal sealed record JournalLineRow(int Number, string Document, long AmountMinor)
{
    public static IComparer<JournalLineRow> ByNumber { get; } = Comparer<JournalLineRow>.Create((left, right) => left.Number.CompareTo(right.Number));

    /// <summary>Null if what a line must have is missing or of another kind.</summary>
    public static JournalLineRow? Read(JsonElement entity) =>
        AnswerJson.Number(entity, "lineNumber") is { } at
        && AnswerJson.Text(entity, "documentNumber") is { } document && BcReply.Minor(entity, "amount") is { } amount
            ? new JournalLineRow(at, document, amount)
            : null;
}

/// <summary>What stands in the general ledger under one document number.</summary>
/// <param name="Entry">The lowest entry's number.</param>
internal sealed record LedgerDocument(string Entry, long DebitMinor, long CreditMinor, IReadOnlyList<long> Credits)
{
    /// <summary>Null if it is the claim, booked once; otherwise what it is.</summary>
    public string? Differs(long totalMinor)
    {
        var owed = Credits.Count(credit => credit == totalMinor);
        if (DebitMinor != CreditMinor || owed == 0) return $"The general ledger has entries with this key, but none over {InvoiceRow.Amount(totalMinor)} (debit {InvoiceRow.Amount(DebitMinor)}, credit {InvoiceRow.Amount(CreditMinor)}).";
        // Booked twice, the debits would be at least twice the total. A deduction as large as the total looks the same: a person tells them apart.
        return DebitMinor >= 2 * totalMinor && owed > 1 ? $"The general ledger seems to have this key more than once: {owed} entries over {InvoiceRow.Amount(totalMinor)}." : null;
    }
}
