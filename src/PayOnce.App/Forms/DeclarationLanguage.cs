using PayOnce.Declarations;
using PayOnce.Stores;

namespace PayOnce.App.Forms;

/// <summary>Which language a version of an organisation's declaration was written in.</summary>
internal static class DeclarationLanguage
{
    private const int MostVersions = 1_000;

    public static async Task<string> OfAsync(IServerStore store, string org, int version, CancellationToken cancel) =>
        (await store.ListSettingsAsync(org, SettingTopics.Declaration, MostVersions, cancel)).FirstOrDefault(each => each.Version == version) is { } kept ? DeclarationTemplate.FromStored(kept.Value).Language : "nb";
}
