namespace PayOnce.Sandbox.Xledger;

/// <summary>Anything that is listed: all lists are ordered by it, oldest first.</summary>
internal interface IRow
{
    long DbId { get; }

    DateTimeOffset CreatedAt { get; }
}

/// <summary>Something that has a code and a text: an account, a tax rule, a currency, an entity.</summary>
internal sealed record CodeRow(long DbId, string Code, string Description, DateTimeOffset CreatedAt) : IRow;

/// <summary>A supplier: here the person who is paid back.</summary>
internal sealed record SupplierRow(long DbId, string Code, string Description, string? Email, DateTimeOffset CreatedAt) : IRow;

/// <summary>A line of the import.</summary>
/// <param name="Delivery">Which mutation brought it: a count.</param>
/// <param name="PostsAt">When the job takes it; null: never.</param>
internal sealed record ImportRow(
    long DbId,
    long Delivery,
    DateTimeOffset CreatedAt,
    DateTimeOffset? PostsAt,
    string? TransactionSource,
    long? TrRegNumber,
    long? TrItemNumber,
    string? PostedDate,
    string? InvoiceDate,
    string? DueDate,
    string? InvoiceNumber,
    string? ExtIdentifier,
    string? ExtOrderNumber,
    CodeRow? Account,
    string? Subledger,
    string? Text,
    long AmountMinor,
    string? Currency,
    string? Owner) : IRow
{
    /// <summary>Whether the job has posted it.</summary>
    public bool Posted { get; set; }

    /// <summary>Whether the job has found it wrong.</summary>
    public bool Failed { get; set; }

    /// <summary>What makes lines one voucher.</summary>
    public (long? Number, string? Source, string? Date) Voucher => (TrRegNumber, TransactionSource, PostedDate);

    public string Key => ExtIdentifier ?? InvoiceNumber ?? "";
}

/// <summary>A line of the ledger.</summary>
internal sealed record EntryRow(long DbId, long TransactionNumber, DateTimeOffset CreatedAt, ImportRow Import) : IRow;

/// <summary>What the job found wrong with a line of the import.</summary>
internal sealed record ErrorRow(long DbId, long TransactionDbId, string Message, DateTimeOffset CreatedAt) : IRow;
