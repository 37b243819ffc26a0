using System.Net.Mail;
using PayOnce.App.Dashboard;

namespace PayOnce.App.Access;

/// <summary>What somebody types to become a user, and what is wrong with it.</summary>
internal static class NewUserForm
{
    private const int LongestName = 80;
    private const int LongestEmail = 254;

    /// <returns>The field's id and what is to be corrected, in the order of the fields.</returns>
    public static IEnumerable<(string Field, string Text)> Check(Words words, string? name, string? email, string? password)
    {
        if (!IsName(name)) yield return ("name", words.NameMissing);
        if (!IsEmail(email)) yield return ("email", words.EmailWrong);
        foreach (var error in CheckPassword(words, password)) yield return error;
    }

    public static IEnumerable<(string Field, string Text)> CheckPassword(Words words, string? password)
    {
        if ((password ?? "").Length < Passwords.Shortest) yield return ("password", words.PasswordTooShort(Passwords.Shortest));
        else if (password!.Length > Passwords.Longest) yield return ("password", words.PasswordTooLong(Passwords.Longest));
    }

    public static bool IsName(string? name) => name?.Trim() is { Length: > 0 and <= LongestName } trimmed && !trimmed.Any(char.IsControl);

    public static bool IsEmail(string? email) => email?.Trim() is { Length: > 0 and <= LongestEmail } trimmed && MailAddress.TryCreate(trimmed, out var address) && address.Address == trimmed;
}
