using PayOnce.Exporters;
using PayOnce.Exporters.Api;
using PayOnce.Guard;
using PayOnce.Sandbox;
using PayOnce.Sandbox.Xledger;
using PayOnce.Tests.Exporters.Api;

namespace PayOnce.Tests.Exporters.Xledger;

/// <summary>Xledger's API, whose import takes what is sent as often as it is sent, in each of the states a line can be found in.</summary>
public abstract class XledgerApiConformance(string paidKind, XledgerOptions options) : ExporterApiConformance
{
    private const string Token = "planted-secret-0123456789";

    protected override IReadOnlyDictionary<string, string> Secrets { get; } = new Dictionary<string, string> { ["token"] = Token };

    protected override string BookingPath => "/graphql";

    protected override string PaidKind => paidKind;

    protected override bool MergesRepeats => false;

    protected override ProofClass Proof => ProofClass.Readable;

    /// <summary>The answer tells of import lines; only a read-back knows the ledger.</summary>
    protected override Evidence Taken => Evidence.Received;

    protected override IStandIn CreateStandIn(TimeProvider clock) => new XledgerStandIn(options with { Token = Token }, clock);

    protected override IntegrationSettings Settings(Uri address) => XledgerScene.Settled(address, "");
}

/// <summary>Lines that wait in the import.</summary>
public sealed class StagedXledgerApiConformance() : XledgerApiConformance("import-line", new XledgerOptions { PostsAfter = null });

/// <summary>Lines that are in the ledger at once.</summary>
public sealed class PostedXledgerApiConformance() : XledgerApiConformance("posted", new XledgerOptions { PostsAfter = TimeSpan.Zero });

/// <summary>An Xledger whose lists cannot be filtered by invoice number.</summary>
public sealed class UnfilteredXledgerApiConformance() : XledgerApiConformance("import-line", new XledgerOptions { PostsAfter = null, FiltersInvoiceNumber = false });
