namespace PayOnce;

/// <summary>What an organisation settles for itself beside its integration. Each topic has versions of its own, none of which is ever changed or removed.</summary>
public static class SettingTopics
{
    /// <summary><see cref="OrganisationFlags"/>.</summary>
    public const string Flags = "flags";

    /// <summary><see cref="Declarations.DeclarationTemplate"/>.</summary>
    public const string Declaration = "declaration";

    /// <summary><see cref="PayOnce.Claims.Forms.RateTable"/>.</summary>
    public const string Rates = "rates";

    /// <summary><see cref="PayOnce.Claims.Forms.YearLimits"/>.</summary>
    public const string Limits = "limits";

    /// <summary><see cref="PayOnce.Privacy.PrivacySettings"/>.</summary>
    public const string Privacy = "privacy";

    public static IReadOnlyList<string> All { get; } = [Flags, Declaration, Rates, Limits, Privacy];
}

/// <summary>One version of what an organisation settled.</summary>
/// <param name="Version">From 1 in its topic.</param>
/// <param name="Value">JSON as the topic's own type writes it.</param>
public sealed record OrganisationSetting(string Topic, int Version, string Value, string ChangedBy, DateTimeOffset ChangedAt);
