using System.Collections.Frozen;

namespace PayOnce.Exporters.Mapping;

/// <summary>What a field's value is, which decides the formats it may have.</summary>
internal enum FieldKind
{
    /// <summary>Words from a claim: may be cut and defused.</summary>
    Text,

    /// <summary>Names something in the accounting system: is never changed to make it fit.</summary>
    Reference,

    Integer,

    /// <summary>Minor units in, a decimal number out.</summary>
    Amount,

    /// <summary>A decimal number as the claim has it.</summary>
    Decimal,

    Date,

    /// <summary>A moment; written in the organisation's time zone, or in UTC where the format ends in Z.</summary>
    Instant,
}

/// <summary>How often a field's value changes.</summary>
internal enum FieldScope
{
    Run,
    Claim,
    Line,
}

/// <summary>One field that a column may hold.</summary>
internal sealed record FieldInfo(string Name, FieldKind Kind, FieldScope Scope);

/// <summary>The fields of a mapping. <c>dimension:NAME</c> stands for any dimension that the settings name.</summary>
internal static class FieldCatalogue
{
    public const string ExportKey = "exportKey";
    public const string DimensionPrefix = "dimension:";

    public static IReadOnlyList<FieldInfo> All { get; } =
    [
        new("organisation", FieldKind.Reference, FieldScope.Run),
        new("run", FieldKind.Integer, FieldScope.Run),
        new("runDate", FieldKind.Date, FieldScope.Run),
        new("claimId", FieldKind.Reference, FieldScope.Claim),
        new(ExportKey, FieldKind.Reference, FieldScope.Claim),
        new("generation", FieldKind.Integer, FieldScope.Claim),
        new("claimantId", FieldKind.Reference, FieldScope.Claim),
        new("claimantName", FieldKind.Text, FieldScope.Claim),
        new("type", FieldKind.Text, FieldScope.Claim),
        new("currency", FieldKind.Reference, FieldScope.Claim),
        // Empty for the local currency, as Business Central wants it (facts on Dynamics 3).
        new("foreignCurrency", FieldKind.Reference, FieldScope.Claim),
        new("approvedAt", FieldKind.Instant, FieldScope.Claim),
        new("approvedBy", FieldKind.Text, FieldScope.Claim),
        new("total", FieldKind.Amount, FieldScope.Claim),
        new("voucherNumber", FieldKind.Integer, FieldScope.Claim),
        new("postingDate", FieldKind.Date, FieldScope.Claim),
        new("dueDate", FieldKind.Date, FieldScope.Claim),
        new("fiscalYear", FieldKind.Integer, FieldScope.Claim),
        new("period", FieldKind.Integer, FieldScope.Claim),
        new("lineNumber", FieldKind.Integer, FieldScope.Line),
        new("lineDate", FieldKind.Date, FieldScope.Line),
        new("category", FieldKind.Text, FieldScope.Line),
        new("description", FieldKind.Text, FieldScope.Line),
        new("amount", FieldKind.Amount, FieldScope.Line),
        new("debit", FieldKind.Amount, FieldScope.Line),
        new("credit", FieldKind.Amount, FieldScope.Line),
        new("quantity", FieldKind.Decimal, FieldScope.Line),
        new("unit", FieldKind.Text, FieldScope.Line),
        new("account", FieldKind.Reference, FieldScope.Line),
        // The claimant's id in the balancing row if that credits the supplier; empty otherwise.
        new("subledger", FieldKind.Reference, FieldScope.Line),
    ];

    private static readonly FrozenDictionary<string, FieldInfo> ByName = All.ToFrozenDictionary(field => field.Name, StringComparer.Ordinal);

    /// <summary>Null for an unknown name.</summary>
    public static FieldInfo? Find(string name)
    {
        if (ByName.TryGetValue(name, out var field)) return field;
        return name.Length > DimensionPrefix.Length && name.StartsWith(DimensionPrefix, StringComparison.Ordinal)
            ? new FieldInfo(name, FieldKind.Reference, FieldScope.Line)
            : null;
    }
}
