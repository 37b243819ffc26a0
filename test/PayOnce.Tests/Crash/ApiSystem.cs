using PayOnce.Exporters.Api;
using PayOnce.Sandbox;
using PayOnce.Sandbox.Dynamics;
using PayOnce.Sandbox.Generic;
using PayOnce.Sandbox.Xledger;

namespace PayOnce.Tests.Crash;

/// <summary>An accounting system to export to: its stand-in, and the settings that lead there.</summary>
/// <param name="StandIn">Makes a fresh one.</param>
/// <param name="Exporter">The settings' exporter, flags and own part of <c>api</c>, for the stand-in's address.</param>
/// <param name="Sends">Part of the path of requests that book.</param>
/// <param name="Pays">Whether a booking pays: a draft does not.</param>
public sealed record ApiSystem(
    ProofClass Proof, Func<IStandIn> StandIn, Func<Uri, string> Exporter, IReadOnlyDictionary<string, string> Secrets, string Sends, int ClaimsPerRequest, Func<Booking, bool> Pays)
{
    // First, since the others are made of it.
    private static BcOptions Company { get; } = new() { EveryVendor = true };

    /// <summary>The generic endpoint of a proof class.</summary>
    public static ApiSystem Generic(ProofClass proof) => new(
        proof,
        () => new GenericStandIn(new GenericBehaviour { Proof = Enum.Parse<GenericProof>(proof.ToString()) }),
        address => $"\"exporter\":\"generic\",\"api\":{{\"endpoint\":\"{address}\",\"proofClass\":\"{proof.Text()}\",{(proof == ProofClass.Windowed ? "\"windowSeconds\":86400," : "")}",
        new Dictionary<string, string> { ["token"] = new GenericBehaviour().Token },
        "/batches", ClaimsPerRequest: 3, _ => true);

    /// <summary>Xledger's import, which posts nothing here: an import line pays.</summary>
    public static ApiSystem Xledger { get; } = new(
        ProofClass.Readable,
        () => new XledgerStandIn(),
        address => $"\"exporter\":\"xledger\",\"api\":{{\"endpoint\":\"{address}graphql\",",
        new Dictionary<string, string> { ["token"] = new XledgerOptions().Token },
        "/graphql", ClaimsPerRequest: 3, _ => true);

    /// <summary>Business Central's purchase invoices.</summary>
    public static ApiSystem Dynamics { get; } = new(
        ProofClass.Readable,
        () => new BusinessCentral(Company),
        address => $"\"exporter\":\"dynamics\",\"flags\":[\"dynamics-api\"],\"api\":{{\"endpoint\":\"{address}\",\"dynamics\":{{\"tenant\":\"tenant\",\"environment\":\"sandbox\",\"company\":\"{Company.Company}\",\"clientId\":\"{Company.ClientId}\",\"authority\":\"{address}\"}},",
        new Dictionary<string, string> { ["client-secret"] = Company.ClientSecret },
        "/purchaseInvoices", ClaimsPerRequest: 1, booking => booking.Kind != "draft");
}
