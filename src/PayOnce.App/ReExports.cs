using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Scheduling;
using PayOnce.Stores;

namespace PayOnce.App;

/// <summary>What follows when a person forced a re-export: the same for the dashboard and the API.</summary>
internal static class ReExports
{
    /// <summary>The order for the run of it: one for each generation, so that whoever asks again is answered with the same request.</summary>
    /// <param name="generation">The new one.</param>
    /// <param name="key">The caller's own; null for one that the generation gives.</param>
    public static RunOrder Order(string organisationId, string claimId, int generation, string actor, string? key = null) => new(organisationId, RequestKind.ReExport, RunTrigger.ReExport, actor)
    {
        Scope = new RequestScope { ClaimId = claimId, Generation = generation },
        WhenBusy = WhenBusy.Queue,
        // A space, which no caller's key has.
        IdempotencyKey = key ?? $"re-export {ExportKey.Derive(organisationId, claimId, generation)}",
    };

    /// <summary>
    /// Whether this generation was made already and no run has taken it: then its maker's answer, or the order behind it, was lost,
    /// and the same request is no new one.
    /// </summary>
    public static async Task<bool> WasMadeAsync(IStore store, string organisationId, string claimId, int generation, CancellationToken cancel) =>
        (await store.FindClaimAsync(organisationId, claimId, cancel))?.Marks is [.., { State: MarkState.Released, Attempt: 0 } newest] && newest.Generation == generation;
}
