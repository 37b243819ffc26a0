using PayOnce.Exporters.Api;

namespace PayOnce.Exporters.Settings;

/// <summary>The <c>api</c> object of an integration with transport <c>api</c>. Everything but the exporter's own required fields has a default.</summary>
public sealed record ApiSettings
{
    /// <summary>Address of the API: <c>https</c>, or <c>http</c> on loopback. Null: the exporter's documented one (generic has none and needs it).</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Generic only: what the endpoint promises; probed by "Test connection". Null: readable.</summary>
    public ProofClass? ProofClass { get; init; }

    /// <summary>Generic and windowed only: for how long the endpoint remembers a key.</summary>
    public TimeSpan? Window { get; init; }

    /// <summary>Null: the exporter's own (a request may outlive our connection by as much).</summary>
    public TimeSpan? QuietTime { get; init; }

    /// <summary>Null: the exporter's own.</summary>
    public int? ClaimsPerRequest { get; init; }

    /// <summary>Requests under way at the same time. Null: the exporter's own.</summary>
    public int? Parallel { get; init; }

    /// <summary>Longest time of one try. Default 100 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(100);

    public RetryOptions Retry { get; init; } = RetryOptions.Standard;

    /// <summary>Whether a claim read back as absent twice, with the quiet time between, may go again without a person. Off by default.</summary>
    public bool AutomaticRelease { get; init; }

    /// <summary>Xledger only.</summary>
    public XledgerApiSettings? Xledger { get; init; }

    /// <summary>Business Central only; required there.</summary>
    public DynamicsApiSettings? Dynamics { get; init; }
}

/// <summary>What Xledger's API is told beside the lines. All of it is each customer's own (facts on Xledger 1.3).</summary>
/// <param name="Owner">Entity code to create in; null: the token's own entity.</param>
/// <param name="ImportDefinition">Code of the import definition; null: none is sent.</param>
/// <param name="JobLevel"><c>dbSubId</c> of the job level the lines are put at; null: none is sent.</param>
/// <param name="RequestsPerMonth">Requests the subscription includes; PayOnce warns in the run's report when a run uses more than a tenth of it. Null: not watched.</param>
public sealed record XledgerApiSettings(string? Owner = null, string? ImportDefinition = null, int? JobLevel = null, int? RequestsPerMonth = null);

/// <summary>Where in Business Central, and how a claim becomes a document there (facts on Dynamics 1.1 to 1.8).</summary>
/// <param name="Tenant">Entra tenant id.</param>
/// <param name="Environment">Environment's name, such as <c>production</c>.</param>
/// <param name="Company">The company's id (GUID).</param>
/// <param name="ClientId">Application (client) id.</param>
/// <param name="Booking">Purchase invoice (the claimant is a vendor), or general journal.</param>
/// <param name="Post">Whether documents are posted, or stay drafts for the accountant.</param>
/// <param name="CreateVendors">Whether an unknown claimant becomes a new vendor; otherwise such a claim is rejected.</param>
/// <param name="Authority">Where tokens come from; null: Microsoft's login address. A stand-in's is on loopback.</param>
public sealed record DynamicsApiSettings(
    string Tenant, string Environment, Guid Company, string ClientId, DynamicsBooking Booking = DynamicsBooking.PurchaseInvoice, bool Post = true, bool CreateVendors = false, Uri? Authority = null);

/// <summary>What a claim becomes in Business Central.</summary>
public enum DynamicsBooking
{
    PurchaseInvoice,
    Journal,
}
