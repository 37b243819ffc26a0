using PayOnce.Exporters;
using PayOnce.Exporters.Api;
using PayOnce.Exporters.Settings;
using PayOnce.Sandbox;
using PayOnce.Sandbox.Generic;
using PayOnce.Tests.Exporters.Api;

namespace PayOnce.Tests.Exporters.Generic;

/// <summary>The generic API against an endpoint of each proof class.</summary>
public abstract class GenericApiConformance(ProofClass proof) : ExporterApiConformance
{
    public const string Token = "planted-secret-0123456789";

    protected override IReadOnlyDictionary<string, string> Secrets { get; } = new Dictionary<string, string> { ["token"] = Token };

    protected override string BookingPath => "/batches";

    protected override string PaidKind => "claim";

    protected override bool MergesRepeats => proof is ProofClass.Unique or ProofClass.Windowed;

    protected override ProofClass Proof => proof;

    protected override IStandIn CreateStandIn(TimeProvider clock) => new GenericStandIn(Behaviour(proof));

    protected override IntegrationSettings Settings(Uri address) => For(address, proof);

    public static GenericBehaviour Behaviour(ProofClass proof) => new() { Proof = Enum.Parse<GenericProof>(proof.ToString()), Token = Token };

    public static IntegrationSettings For(Uri address, ProofClass proof) => new()
    {
        Exporter = "generic",
        Transport = "api",
        Format = "json",
        Api = new ApiSettings { Endpoint = address, ProofClass = proof, Window = proof == ProofClass.Windowed ? TimeSpan.FromHours(24) : null },
    };
}

public sealed class UniqueGenericApiConformance() : GenericApiConformance(ProofClass.Unique);

public sealed class WindowedGenericApiConformance() : GenericApiConformance(ProofClass.Windowed);

public sealed class ReadableGenericApiConformance() : GenericApiConformance(ProofClass.Readable);

public sealed class BlindGenericApiConformance() : GenericApiConformance(ProofClass.Blind);
