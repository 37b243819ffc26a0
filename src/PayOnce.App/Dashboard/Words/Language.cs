namespace PayOnce.App.Dashboard;

/// <summary>The languages of the dashboard.</summary>
internal enum Language
{
    Bokmal,
    English,
}

internal static class Languages
{
    /// <summary>For <c>lang</c> and <c>Content-Language</c>.</summary>
    public static string Tag(this Language language) => language is Language.English ? "en" : "nb";

    /// <summary>Nynorsk and plain Norwegian are served in bokmål; null for what we do not have.</summary>
    public static Language? Find(string? tag) => tag switch
    {
        "en" => Language.English,
        "nb" or "no" or "nn" => Language.Bokmal,
        _ => null,
    };
}
