using PayOnce.Sources;

namespace PayOnce.App;

/// <summary>What a connection string of a source looks like, whoever gives it.</summary>
internal static class SourceRules
{
    /// <summary>The rule that it breaks, which never repeats what was given; null if it is fine.</summary>
    public static string? WrongConnection(string text) => SecretRules.Wrong(text) ?? ClaimsSource.WrongConnection(text);
}
