namespace PayOnce.Sandbox.Dynamics;

/// <summary>How the stand-in's tenant is set up. Everything that a tenant's owner can set differently and that matters to a client.</summary>
public sealed record BcOptions
{
    public Guid Company { get; init; } = Guid.Parse("824820a2-508c-ed11-aada-000d3a298ab3");

    public string CompanyName { get; init; } = "CRONUS Norge";

    /// <summary>The company's own currency, which blank currency codes are answered as.</summary>
    public string LocalCurrency { get; init; } = "NOK";

    public string ClientId { get; init; } = "sandbox";

    public string ClientSecret { get; init; } = "sandbox-secret";

    /// <summary>How long an access token is taken.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromSeconds(3599);

    /// <summary>General ledger accounts with the percentage of VAT that their posting group adds.</summary>
    public IReadOnlyDictionary<string, decimal> Accounts { get; init; } =
        new Dictionary<string, decimal> { ["2400"] = 0, ["2910"] = 0, ["5330"] = 0, ["7100"] = 0, ["7130"] = 0, ["7140"] = 0, ["7150"] = 0, ["7199"] = 0 };

    /// <summary>The account that vendors' postings are collected on.</summary>
    public string PayablesAccount { get; init; } = "2400";

    /// <summary>Vendors there are from the start, by number.</summary>
    public IReadOnlyList<string> Vendors { get; init; } = [];

    /// <summary>Whether an unknown vendor is there as soon as somebody asks for it: for tests with many claimants.</summary>
    public bool EveryVendor { get; init; }

    /// <summary>Dimensions and their values.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Dimensions { get; init; } =
        new Dictionary<string, IReadOnlyList<string>> { ["AVDELING"] = ["OSLO", "BERGEN"], ["PROSJEKT"] = ["P1", "P2"] };

    /// <summary>By account: the dimension value that every line with this account has already, without anybody saying so.</summary>
    public IReadOnlyDictionary<string, (string Code, string Value)> DefaultDimensions { get; init; } = new Dictionary<string, (string, string)>();

    /// <summary>First day that may be posted on ("Allow Posting From"); null: any.</summary>
    public DateOnly? PostingFrom { get; init; }

    /// <summary>"Post with Job Queue": a post is only scheduled, and happens this much later. Null: at once.</summary>
    public TimeSpan? PostingDelay { get; init; }

    /// <summary>400 as live reports say, or 409 as some clients expect (both are told of in public).</summary>
    public int SameKeyStatus { get; init; } = 400;

    /// <summary>409 as the error list says, or 412.</summary>
    public int ChangedStatus { get; init; } = 409;

    /// <summary>Whether the application may read general ledger entries; some tenants' applications may not.</summary>
    public bool MayReadLedger { get; init; } = true;

    /// <summary>Entities on a page; the service's own is 20 000.</summary>
    public int PageSize { get; init; } = 20_000;

    /// <summary>How far reads lag behind that do not say <c>Data-Access-Intent: ReadWrite</c>.</summary>
    public TimeSpan ReadLag { get; init; }

    /// <summary>"Increment Batch Name" of the journal template: a posted batch with a digit in its name is replaced by the next one.</summary>
    public bool IncrementBatchName { get; init; } = true;
}
