using System.Security.Cryptography;
using PayOnce.Audit;
using PayOnce.Privacy;
using PayOnce.Stores;

namespace PayOnce.App.Privacy;

/// <summary>What pages, API and commands share of retention and of a person's data.</summary>
internal sealed class PrivacyDesk(IServerStore store, TimeProvider clock)
{
    /// <summary>How long a page or an endpoint erases before it says how far it came: below what a proxy waits for.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly PersonExport export = new(store, clock);

    private Eraser Eraser => new(store, clock, () => RandomNumberGenerator.GetBytes(NewErasure.SaltBytes));

    public async Task<(PrivacySettings Settings, long Version)> SettingsAsync(string org, CancellationToken cancel)
    {
        var kept = await store.FindSettingAsync(org, SettingTopics.Privacy, cancel);
        return (PrivacySettings.FromStored(kept?.Value), kept?.Version ?? 0);
    }

    public Task<ErasurePreview> PreviewAsync(Organisation organisation, DateTimeOffset? before, CancellationToken cancel) => Eraser.PreviewAsync(organisation, before, cancel);

    public Task<EraseAnswer> EraseAsync(Organisation organisation, ErasureOrder order, TimeSpan? patience, CancellationToken cancel) => Eraser.EraseAsync(organisation, order, patience, cancel);

    public Task<bool> KnowsAsync(string org, string claimantId, CancellationToken cancel) => export.KnowsAsync(org, claimantId, cancel);

    /// <summary>Tells the trail that everything about a person is given out, whether or not views are told.</summary>
    public Task TellAsync(string org, string claimantId, string by, string actor, CancellationToken cancel) => store.NoteViewAsync(org, AuditEntries.PersonExported(claimantId, by, actor), cancel);

    /// <summary>Writes the document; <see cref="TellAsync"/> comes first.</summary>
    public Task WriteAsync(Organisation organisation, string claimantId, Stream to, CancellationToken cancel) => export.WriteAsync(organisation, claimantId, to, cancel);

    /// <summary>Midnight at which a day begins in the organisation's zone.</summary>
    public static DateTimeOffset BeginningOf(DateOnly day, TimeZoneInfo zone)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight)).ToUniversalTime();
    }
}
