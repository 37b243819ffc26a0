using System.Security.Cryptography;
using System.Text;
using PayOnce.Exporters;

namespace PayOnce.App.Dashboard.Pages.Settings;

/// <summary>A change of the integration, as far as it is known what it switched.</summary>
/// <param name="Flag">Null: it changed something else, or more than one flag.</param>
internal sealed record FlagSwitch(IntegrationChange Change, string? Flag, bool On);

/// <summary>
/// Who switched which flag. The audit trail keeps each version's checksum: where the settings with one flag the other way have the
/// checksum of the version before, that change was this switch and nothing else.
/// </summary>
internal static class FlagHistory
{
    public static IntegrationSettings Switched(IntegrationSettings settings, string flag) => settings.With(flag, !settings.IsOn(flag));

    /// <param name="changes">Newest first; of the newest <paramref name="settings"/> are.</param>
    public static IReadOnlyList<FlagSwitch> Read(IntegrationSettings settings, IReadOnlyList<IntegrationChange> changes)
    {
        var found = new List<FlagSwitch>(changes.Count);
        IntegrationSettings? at = settings;
        for (var i = 0; i < changes.Count; i++)
        {
            var flag = at is not null && i + 1 < changes.Count ? at.Switches.FirstOrDefault(each => Sha256(Switched(at, each)) == changes[i + 1].Sha256) : null;
            found.Add(new(changes[i], flag, flag is not null && at!.IsOn(flag)));
            // Behind a change of something else nothing is known of what stood there.
            at = flag is null ? null : Switched(at!, flag);
        }
        return found;
    }

    /// <summary>Versions of an organisation's own flags that are read for their history.</summary>
    public const int MostVersions = 50;

    /// <summary>Who switched which of the organisation's own flags, newest first.</summary>
    /// <param name="versions">Newest first; of <see cref="MostVersions"/> the oldest is only what the one behind it changed.</param>
    public static IReadOnlyList<(OrganisationSetting Change, string Flag, bool On)> Read(IReadOnlyList<OrganisationSetting> versions) =>
    [
        .. from each in versions.Index()
           where each.Index + 1 < versions.Count || each.Item.Version == 1
           let before = each.Index + 1 < versions.Count ? versions[each.Index + 1].Value : null
           from change in OrganisationFlags.Between(OrganisationFlags.FromStored(before), OrganisationFlags.FromStored(each.Item.Value))
           select (each.Item, change.Key, change.Value),
    ];

    private static string Sha256(IntegrationSettings settings) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(settings.ToJson())));
}
