using PayOnce.Exporters;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.App.Dashboard;

/// <summary>One claim as its pages show it: its history, and what the newest mark points at.</summary>
/// <param name="Run">The run that took the claim last; null if none has.</param>
/// <param name="File">That run's file; null where it sent over an API.</param>
/// <param name="Settings">The integration as it is now; null if there is none.</param>
/// <param name="Version">Of <paramref name="Settings"/>.</param>
public sealed record ClaimView(string ClaimId, ClaimHistory History, Run? Run, RunFile? File, IntegrationSettings? Settings, int Version)
{
    public Mark? Mark => History.Marks.Count == 0 ? null : History.Marks[^1];

    /// <summary>Registered as exported before PayOnce, without content.</summary>
    public bool IsOnlyAdopted => History.Claim is null;

    /// <summary>What it is known by at the accounting system: its own id or voucher, or what its file was imported as, or the file's name.</summary>
    public string? Acknowledgement => Mark is { State: MarkState.Exported } mark ? mark.Acknowledgement ?? File?.ImportedAs ?? File?.Name : null;

    /// <summary>The name of the exporter that had the claim, or that would.</summary>
    public string Exporter => Run is { Exporter.Length: > 0 } ? Run.Exporter : Settings?.Exporter ?? "";

    /// <param name="segment">The claim's id as the address has it.</param>
    /// <returns>Null if the organisation has no such claim.</returns>
    public static async Task<ClaimView?> FindAsync(IStore store, string org, string segment, CancellationToken cancel)
    {
        var claimId = Addresses.ReadSegment(segment);
        if (claimId.Length is 0 or > 64 || claimId.Any(letter => letter is < ' ' or > '~')) return null;
        if (await store.FindClaimAsync(org, claimId, cancel) is not { } history) return null;
        var run = history.Marks.LastOrDefault(mark => mark.RunId > 0) is { } taken ? await store.FindRunAsync(org, taken.RunId, cancel) : null;
        var file = run is null ? null : await store.FindFileAsync(org, run.RunId, cancel);
        var stored = await store.FindIntegrationAsync(org, cancel);
        return new ClaimView(claimId, history, run, file, stored is null ? null : IntegrationSettings.FromStored(stored.SettingsJson), stored?.Version ?? 0);
    }
}
