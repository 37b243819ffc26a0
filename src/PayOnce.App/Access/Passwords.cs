namespace PayOnce.App.Access;

/// <summary>What a new password must be: long. No rules about kinds of characters and no changes by the calendar (NIST SP 800-63B §3.1.1.2).</summary>
internal static class Passwords
{
    public const int Shortest = 12;

    /// <summary>So that nobody has us hash a book.</summary>
    public const int Longest = 200;
}
