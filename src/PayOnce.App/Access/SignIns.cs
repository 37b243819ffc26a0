using Microsoft.AspNetCore.Identity;
using PayOnce.Access;
using PayOnce.Stores;

namespace PayOnce.App.Access;

/// <summary>What becomes of an e-mail address and a password.</summary>
internal abstract record SignInAnswer
{
    private SignInAnswer() { }

    /// <summary>The cookie is set.</summary>
    public sealed record SignedIn : SignInAnswer;

    /// <summary>Wrong address or wrong password: nobody is told which.</summary>
    public sealed record Wrong : SignInAnswer;

    /// <summary>Too many tries; not looked at before then.</summary>
    public sealed record Locked(DateTimeOffset Until) : SignInAnswer;
}

/// <summary>Signing in with a password, and beginning a session for whoever else has proved who they are.</summary>
internal sealed class SignIns(IServerStore store, IPasswordHasher<User> hasher)
{
    public const string Path = "/sign-in";

    public const string BackParameter = "to";

    // Compared against where there is nobody, so that the time tells nothing about who has an account.
    private readonly Lazy<string> dummy = new(() => hasher.HashPassword(null!, Secret.New()));

    public async Task<SignInAnswer> TryAsync(HttpContext http, string email, string password)
    {
        switch (await store.TrySignInAsync(email.Trim(), LockOut.Default, CancellationToken.None))
        {
            case SignInTry.Locked locked:
                return new SignInAnswer.Locked(locked.Until);
            case SignInTry.Compare { User: var user, PasswordHash: var known }:
                var compared = hasher.VerifyHashedPassword(user, known, password);
                if (compared is PasswordVerificationResult.Failed) return new SignInAnswer.Wrong();
                if (compared is PasswordVerificationResult.SuccessRehashNeeded) await store.RehashPasswordAsync(user.UserId, known, hasher.HashPassword(user, password), CancellationToken.None);
                return await BeginAsync(http, user, onlyOrganisation: null) ? new SignInAnswer.SignedIn() : new SignInAnswer.Wrong();
            default:
                hasher.VerifyHashedPassword(null!, dummy.Value, password);
                return new SignInAnswer.Wrong();
        }
    }

    /// <summary>Begins a session and sets its cookie; false if the user was disabled or changed, or the provider they came from removed, meanwhile.</summary>
    public async Task<bool> BeginAsync(HttpContext http, User user, string? onlyOrganisation)
    {
        const int longestClient = 200;
        var secret = Secret.New();
        var client = http.Request.Headers.UserAgent.ToString();
        var session = new NewSession(Secret.Sha256(secret), Session.DefaultDuration, onlyOrganisation, client.Length == 0 ? null : client[..Math.Min(client.Length, longestClient)]);
        if (!await store.SignInAsync(user.UserId, user.SecurityStamp, session, CancellationToken.None)) return false;
        await SessionCookie.SignInAsync(http, secret);
        return true;
    }

    public string Hash(string password) => hasher.HashPassword(null!, password);
}
