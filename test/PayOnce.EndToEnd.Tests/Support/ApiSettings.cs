using PayOnce.Sandbox.Generic;

namespace PayOnce.EndToEnd.Tests.Support;

/// <summary>Integration files for stand-ins.</summary>
public static class ApiSettings
{
    /// <summary>The generic API with small batches, so that a run has many requests.</summary>
    public static string Generic(Uri address, GenericProof proof, int quietSeconds, int claimsPerRequest = 20) => FormattableString.Invariant($$"""
        {"exporter":"generic","transport":"api","format":"json","api":{"endpoint":"{{address}}","proofClass":"{{proof.ToString().ToLowerInvariant()}}",
         "quietSeconds":{{quietSeconds}},"claimsPerRequest":{{claimsPerRequest}},"parallel":3,"timeoutSeconds":10,"retry":{"tries":3,"baseDelaySeconds":0.02,"maximumDelaySeconds":0.1,"budgetSeconds":10} } }
        """);
}
