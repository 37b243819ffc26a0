using System.Net.Mail;
using PayOnce.App.Dashboard;
using PayOnce.App.Dashboard.Parts;

namespace PayOnce.App.Access;

/// <summary>What somebody types to become a user, and what is wrong with it.</summary>
internal static class NewUserForm
{
    private const int LongestName = 80;
    private const int LongestEmail = 254;

    /// <returns>What is to be corrected, in the order of the fields.</returns>
    public static IEnumerable<FieldError> Check(Words words, string? name, string? email, string? password)
    {
        if (!IsName(name)) yield return new FieldError("name", words.NameMissing);
        if (!IsEmail(email)) yield return new FieldError("email", words.EmailWrong);
        foreach (var error in CheckPassword(words, password)) yield return error;
    }

    public static IEnumerable<FieldError> CheckPassword(Words words, string? password)
    {
        if ((password ?? "").Length < Passwords.Shortest) yield return new FieldError("password", words.PasswordTooShort(Passwords.Shortest));
        else if (password!.Length > Passwords.Longest) yield return new FieldError("password", words.PasswordTooLong(Passwords.Longest));
    }

    public static bool IsName(string? name) => name?.Trim() is { Length: > 0 and <= LongestName } trimmed && !trimmed.Any(char.IsControl);

    public static bool IsEmail(string? email) => email?.Trim() is { Length: > 0 and <= LongestEmail } trimmed && MailAddress.TryCreate(trimmed, out var address) && address.Address == trimmed;
}
