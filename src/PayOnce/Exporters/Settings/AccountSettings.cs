namespace PayOnce.Exporters.Settings;

/// <summary>Where a claim is booked: a debit account for each line, and the account its total is owed on.</summary>
public sealed record AccountSettings
{
    /// <summary>For a line whose category and type have no account. Null: such a claim is rejected.</summary>
    public string? Default { get; init; }

    /// <summary>By the line's category; looked up first. Ordered by category.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Categories { get; init; } = [];

    /// <summary>By the claim's type; looked up second. Ordered by type.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Types { get; init; } = [];

    /// <summary>The balancing account. Null in Business Central with <see cref="BalanceOn.Supplier"/>: there the vendor is the account.</summary>
    public string? Credit { get; init; }

    public BalanceOn CreditTo { get; init; } = BalanceOn.Supplier;

    /// <summary>
    /// Accounts of the Norwegian standard chart NS 4102 for the categories that PayOnce's own samples use. To be confirmed with the
    /// organisation's accountant (facts on Xledger and Norway 2.3).
    /// </summary>
    public static AccountSettings Norwegian { get; } = new()
    {
        Default = "7140",
        Categories =
        [
            new("honorarium", "5330"),
            new("materials", "7199"),
            new("mileage", "7100"),
            new("mileage-taxable", "5500"),
            new("passenger", "7100"),
            new("per-diem", "7150"),
        ],
        Credit = "2400",
    };
}

/// <summary>What the balancing row credits.</summary>
public enum BalanceOn
{
    /// <summary>The claimant's own supplier account, by claimant id.</summary>
    Supplier,

    /// <summary>One fixed account for everybody.</summary>
    Account,
}

/// <summary>How one of the claims' dimensions is exported.</summary>
/// <param name="Name">As the claims name it, such as <c>department</c>.</param>
/// <param name="Target">The column (or, in JSON, the field or dimension code) it goes to.</param>
/// <param name="Values">From the claims' value to the accounting system's; ordered by the claims' value.</param>
/// <param name="PassThrough">Whether a value that is not in <paramref name="Values"/> goes out as it is; otherwise its claim is rejected.</param>
public sealed record DimensionSettings(string Name, string Target, IReadOnlyList<KeyValuePair<string, string>> Values, bool PassThrough);

/// <summary>What the vouchers look like.</summary>
public sealed record VoucherSettings
{
    /// <summary>Xledger: the voucher type (in JSON the transaction source), which must exist there. Null: GL.</summary>
    public string? VoucherType { get; init; }

    /// <summary>Xledger: the entity (company) code of GL02b and JSON. Null: in GL02b the organisation's id, in JSON the entity that the sender's token belongs to.</summary>
    public string? Entity { get; init; }

    /// <summary>Business Central: the general journal template. Null: GENERAL.</summary>
    public string? JournalTemplate { get; init; }

    /// <summary>Business Central: the general journal batch. Null: PAYONCE; without a digit, so that posting does not count it up (facts on Dynamics 1.6).</summary>
    public string? JournalBatch { get; init; }

    public PostingDateRule PostingDate { get; init; } = PostingDateRule.ApprovedAt;

    /// <summary>Days from the posting date to the due date. Null: no due date is given.</summary>
    public int? DueDays { get; init; }
}

/// <summary>Which date a voucher is booked on.</summary>
public enum PostingDateRule
{
    /// <summary>The day of approval in the organisation's time zone.</summary>
    ApprovedAt,

    /// <summary>The day of the run in the organisation's time zone.</summary>
    RunDate,

    /// <summary>The latest date among the claim's lines.</summary>
    LastLine,
}

/// <summary>Templates of the ledger texts: words and fields in braces.</summary>
public sealed record TextSettings
{
    /// <summary>Neither a name nor a description: being a claimant can reveal health, and ledgers are read by many (design §9).</summary>
    public const string Neutral = "{type} {claimId}";

    /// <summary>On the row of a claim's line.</summary>
    public string Line { get; init; } = Neutral;

    /// <summary>On the balancing row.</summary>
    public string Balance { get; init; } = Neutral;

    public static TextSettings Standard { get; } = new();
}
