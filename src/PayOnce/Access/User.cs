namespace PayOnce.Access;

/// <summary>A person who can sign in, for the whole installation. What they may do in an organisation stands in their <see cref="Membership"/>.</summary>
/// <param name="UserId">Made by the host from randomness; never used again, so that the audit trail can name it.</param>
/// <param name="Email">As they write it; no two users' differ only in case.</param>
/// <param name="Language"><c>nb</c>, <c>en</c>, or null: what the browser asks for.</param>
/// <param name="LiveUpdates">Pages follow a run's progress by themselves. Off: they change when the user loads them (WCAG 2.2.2).</param>
/// <param name="Operator">May run the installation: see <see cref="Permission.Operate"/>.</param>
/// <param name="Disabled">Cannot sign in, and has no sessions.</param>
/// <param name="HasPassword">False: they sign in at an organisation's provider only.</param>
/// <param name="SecurityStamp">Changes with each password. What rests on an older one counts no more.</param>
public sealed record User(
    string UserId,
    string Email,
    string Name,
    string? Language,
    bool LiveUpdates,
    bool Operator,
    bool Disabled,
    bool HasPassword,
    string SecurityStamp,
    DateTimeOffset CreatedAt,
    DateTimeOffset? LastSignedInAt)
{
    /// <summary>What is the same for two addresses that differ only in case. By the program: the databases do not agree on letters beyond a–z.</summary>
    public static string EmailKey(string email) => email.ToLowerInvariant();
}

/// <summary>A user to be made. Id and stamp are the host's, from randomness.</summary>
/// <param name="PasswordHash">Opaque here; null if they sign in at an organisation's provider only.</param>
public sealed record NewUser(string UserId, string Email, string Name, string? Language, string? PasswordHash, string SecurityStamp);

/// <summary>How many sign-ins may fail in a row, and for how long none is tried then.</summary>
public sealed record LockOut(int Failures, TimeSpan Duration)
{
    /// <summary>Ten failures, fifteen minutes: a guesser gets a thousand tries a day, and a person who mistypes is not shut out for long.</summary>
    public static LockOut Default { get; } = new(10, TimeSpan.FromMinutes(15));
}

/// <summary>What becomes of a try to sign in with a password. It was counted as failed before the password was looked at.</summary>
public abstract record SignInTry
{
    private SignInTry() { }

    /// <summary>Compare the password, and say <see cref="Stores.IAccessStore.SignInAsync"/> if it is right.</summary>
    public sealed record Compare(User User, string PasswordHash) : SignInTry;

    /// <summary>Nobody has this address, they are disabled, or they have no password. The host hashes a dummy, so that the time tells nothing.</summary>
    public sealed record Nobody : SignInTry;

    /// <summary>Too many tries failed; the password is not looked at before then.</summary>
    public sealed record Locked(DateTimeOffset Until) : SignInTry;
}
