namespace PayOnce.Access;

/// <summary>A setting of the whole installation.</summary>
/// <param name="Version">From 1; rises with each change.</param>
public sealed record InstallationSetting(string Key, string Value, int Version, DateTimeOffset ChangedAt, string ChangedBy);
