namespace PayOnce.App.Dashboard.Pages.Settings;

/// <summary><see cref="SecretRules"/> in the reader's language.</summary>
internal static class SecretWords
{
    /// <summary>What is wrong with a value, never the value; null if it can be kept.</summary>
    public static string? Wrong(Words words, string value) => value switch
    {
        { Length: < SecretRules.Shortest } => words.SecretTooShort(SecretRules.Shortest),
        { Length: > SecretRules.Longest } => words.SecretTooLong(SecretRules.Longest),
        _ when value.Any(char.IsControl) => words.SecretOneLine,
        _ when char.IsWhiteSpace(value[0]) || char.IsWhiteSpace(value[^1]) => words.SecretNoSpaces,
        _ => null,
    };
}
