using PayOnce.Sandbox.Dynamics;
using PayOnce.Sandbox.Generic;
using PayOnce.Sandbox.Xledger;

namespace PayOnce.Sandbox;

/// <summary>A stand-in that can be started by name.</summary>
/// <param name="Create">Makes one. What is wrong with the options is then in <see cref="StandInOptions.Problem"/>.</param>
public sealed record StandInKind(string Name, string Description, Func<StandInOptions, TimeProvider, IStandIn> Create);

/// <summary>The stand-ins there are.</summary>
public static class SandboxCatalogue
{
    public static IReadOnlyList<StandInKind> All { get; } =
    [
        new("generic", "PayOnce's own generic endpoint", GenericStandIn.Create),
        new("dynamics", "Dynamics 365 Business Central's API v2.0", BusinessCentral.Create),
        new("xledger", "Xledger's GraphQL API", XledgerStandIn.Create),
    ];

    /// <summary>Null if there is none of this name.</summary>
    public static StandInKind? Find(string name) => All.FirstOrDefault(kind => kind.Name == name);
}
