namespace PayOnce.Sandbox.Xledger;

/// <summary>How this Xledger is set up: what differs from customer to customer, and what is not known of the real one.</summary>
public sealed record XledgerOptions
{
    /// <summary>The API token that is taken.</summary>
    public string Token { get; init; } = "sandbox-token";

    /// <summary>
    /// From the import of a line to its posting. Null: lines stay in the import. The real one posts every 30 minutes in daytime.
    /// </summary>
    public TimeSpan? PostsAfter { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Whether lists can be filtered by <c>invoiceNumber</c>; known of one list of the real one.</summary>
    public bool FiltersInvoiceNumber { get; init; } = true;

    /// <summary>Whether lists can be filtered by <c>extIdentifier</c>; not known of the real one.</summary>
    public bool FiltersExtIdentifier { get; init; }

    /// <summary>Whether posted lines are still in the list of import lines. The real one's screen hides them.</summary>
    public bool ShowsPostedImports { get; init; }

    /// <summary>Requests taken within five seconds; the next is refused.</summary>
    public int Burst { get; init; } = 20;

    /// <summary>Requests taken at the same time; the next is refused.</summary>
    public int Concurrency { get; init; } = 10;

    /// <summary>Credits there are; a request costs one. They come back at the full hour.</summary>
    public int Credits { get; init; } = 100_000;

    /// <summary>Accounts of the chart of accounts.</summary>
    public IReadOnlyList<string> Accounts { get; init; } =
        ["1010", "1920", "2400", "2910", "2990", "5330", "5500", "7100", "7130", "7140", "7150", "7160", "7190", "7195", "7199"];

    /// <summary>Entity codes that the token reaches.</summary>
    public IReadOnlyList<string> Entities { get; init; } = ["10", "1001"];

    /// <summary>Whether a subledger that is no supplier yet is taken as one; otherwise its line is refused.</summary>
    public bool KnowsEverySupplier { get; init; } = true;
}
