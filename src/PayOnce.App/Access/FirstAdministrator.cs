using PayOnce.Stores;

namespace PayOnce.App.Access;

/// <summary>While there is no user, a link to make the first one. It is printed to the console and never logged: whoever sees the console owns the installation.</summary>
internal static class FirstAdministrator
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <param name="replace">Whether a link that another start has shown is to count no more.</param>
    /// <returns>The link's path, null if it is another that counts; and whether there is no user yet.</returns>
    public static async Task<(string? Path, bool Needed)> OfferAsync(IServerStore store, bool replace, CancellationToken cancel)
    {
        var secret = Secret.New();
        var answer = await store.OfferFirstAdministratorAsync(Secret.Sha256(secret), Lifetime, replace, cancel);
        return (answer is FirstLinkAnswer.Offered ? $"/first-administrator/{secret}" : null, answer is not FirstLinkAnswer.NotNeeded);
    }
}
