using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using PayOnce.Access;
using PayOnce.App.Dashboard;
using PayOnce.App.Server;
using PayOnce.Stores;

namespace PayOnce.App.Access.Providers;

/// <summary>
/// Signing in at an organisation's own provider: OpenID Connect's authorisation code flow with PKCE, state and nonce. The settings
/// are read from the store at each step, so a change counts at once on every node.
/// </summary>
/// <remarks>
/// Whoever sets up an organisation's provider decides what it says. So it signs in only users who linked themselves to it in this very
/// organisation, never by a like e-mail address, and such a session reaches nothing but this organisation (<see cref="Session.OnlyOrganisation"/>).
/// </remarks>
internal sealed class ProviderSignIns(IServerStore store, ServerParts parts, ProviderMetadata metadata, SignIns signIns, IDataProtectionProvider protection, ILogger<ProviderSignIns> log)
{
    /// <summary>The one address that every provider sends people back to.</summary>
    public const string CallbackPath = "/sign-in/callback";

    /// <summary>Under which name among the organisation's secrets the client secret is kept.</summary>
    public const string SecretName = "sign-in";

    private const string OrganisationItem = "payonce.organisation";
    private const string VersionItem = "payonce.version";

    private readonly ProviderOptions options = new(parts, metadata, protection);

    /// <summary>Where signing in at an organisation's provider begins.</summary>
    public static string Start(string organisationId, string? back) =>
        $"/sign-in/with/{organisationId}" + (back is null ? "" : $"?{SignIns.BackParameter}={Uri.EscapeDataString(back)}");

    /// <summary>The redirect address to give to providers.</summary>
    public static string Callback(HttpContext http, ServerOptions options) => PublicAddress.Of(http, options) + CallbackPath;

    /// <summary>The organisation's provider; null where there is no such organisation or no provider.</summary>
    public async Task<StoredSignInProvider?> FindAsync(string? organisationId, CancellationToken cancel) =>
        organisationId is not null && Organisation.IsValidId(organisationId) ? await store.FindSignInProviderAsync(organisationId, cancel) : null;

    /// <summary>Sends the browser to the provider.</summary>
    public async Task<ProviderAnswer> StartAsync(HttpContext http, string organisationId, ProviderPurpose purpose)
    {
        if (await FindAsync(organisationId, http.RequestAborted) is not { } stored) return new ProviderAnswer.NoProvider();
        var (handler, refusal) = await OpenAsync(http, stored);
        if (handler is null) return refusal!;
        var properties = new AuthenticationProperties();
        properties.Items[OrganisationItem] = organisationId;
        properties.Items[VersionItem] = FormattableString.Invariant($"{stored.Version}");
        purpose.Write(properties.Items);
        await handler.ChallengeAsync(properties);
        return new ProviderAnswer.Sent();
    }

    /// <summary>Takes what the provider answers by way of the browser.</summary>
    public async Task<ProviderAnswer> FinishAsync(HttpContext http)
    {
        if (http.Request.Query["state"] is not [{ } state] || options.State.Unprotect(state) is not { } began || began.Items[OrganisationItem] is not { } organisationId) return new ProviderAnswer.NotOurs();
        if (await FindAsync(organisationId, http.RequestAborted) is not { } stored || began.Items[VersionItem] != FormattableString.Invariant($"{stored.Version}")) return new ProviderAnswer.Changed();
        var (handler, refusal) = await OpenAsync(http, stored);
        if (handler is null) return refusal!;
        var provider = stored.Provider;
        // A provider that names itself must be the one that was asked (RFC 9207).
        if (http.Request.Query["iss"] is { Count: > 0 } iss && iss != provider.Issuer.OriginalString) return Told(http, new ProviderAnswer.Wrong(provider.Name), organisationId, "another issuer answered");
        var result = await handler.FinishAsync();
        if (!result.Succeeded) return Failed(http, provider, organisationId, result.Failure);
        if (result.Principal?.FindFirst("sub")?.Value is not { Length: > 0 and <= LongestSubject } subject) return Told(http, new ProviderAnswer.Wrong(provider.Name), organisationId, "no usable subject");
        var account = AccountClaims.Select(claim => result.Principal.FindFirst(claim)?.Value).FirstOrDefault(value => !string.IsNullOrWhiteSpace(value)) ?? subject;
        return await EndAsync(http, organisationId, provider, subject, Problem.Printable(account), ProviderPurpose.Read(began.Items));
    }

    /// <summary>Begins a session of the organisation alone for whom the provider vouched.</summary>
    public Task<bool> BeginAsync(HttpContext http, string organisationId, User user) => signIns.BeginAsync(http, user, onlyOrganisation: organisationId);

    /// <summary>What a provider vouched for, if it is meant for this; null if not, or too old.</summary>
    public VouchedFor? Open(string? closed, string organisationId, string bound) => VouchedFor.Open(protection, closed, organisationId, bound);

    // What a person knows their account by, the best first (OpenID Connect Core 1.0 §5.1).
    private static readonly string[] AccountClaims = ["preferred_username", "email", "name"];

    // OpenID Connect Core 1.0 §2: at most 255 ASCII characters.
    private const int LongestSubject = 255;

    private async Task<ProviderAnswer> EndAsync(HttpContext http, string organisationId, SignInProvider provider, string subject, string account, ProviderPurpose purpose)
    {
        var identity = await store.FindUserByIdentityAsync(organisationId, provider.Issuer, subject, http.RequestAborted);
        if (identity is IdentityAnswer.ShutOut) return new ProviderAnswer.ShutOut(provider.Name);
        switch (purpose)
        {
            case ProviderPurpose.Link link:
                // Consent is asked for with the account in view: a page of others can send our people to a provider where they are signed in as somebody else.
                var linking = new VouchedFor(organisationId, provider.Issuer.OriginalString, subject, account, link.SessionSha256);
                return new ProviderAnswer.GoTo($"/account/link/{organisationId}?with={Uri.EscapeDataString(linking.Close(protection))}");
            case ProviderPurpose.Invitation invitation when identity is IdentityAnswer.Nobody:
                var invited = new VouchedFor(organisationId, provider.Issuer.OriginalString, subject, account, Secret.Sha256(invitation.Secret));
                return new ProviderAnswer.GoTo($"/invitation/{invitation.Secret}?with={Uri.EscapeDataString(invited.Close(protection))}");
        }
        if (identity is not IdentityAnswer.Known { User: var user }) return new ProviderAnswer.Unknown(provider.Name);
        if (!await BeginAsync(http, organisationId, user)) return await FindAsync(organisationId, http.RequestAborted) is null ? new ProviderAnswer.Changed() : new ProviderAnswer.ShutOut(provider.Name);
        return new ProviderAnswer.GoTo(purpose switch
        {
            ProviderPurpose.SignIn signIn => LocalAddress.Or(signIn.Back, Addresses.Of(organisationId)),
            ProviderPurpose.Invitation invitation => $"/invitation/{invitation.Secret}",
            _ => Addresses.Of(organisationId),
        });
    }

    private async Task<(ProviderHandler? Handler, ProviderAnswer? Refusal)> OpenAsync(HttpContext http, StoredSignInProvider stored)
    {
        var provider = stored.Provider;
        string? secret = null;
        if (provider.SecretName is { } name)
        {
            var closed = await store.FindSecretAsync(stored.OrganisationId, name, http.RequestAborted);
            secret = closed is { } kept ? parts.Vault.Unprotect(stored.OrganisationId, name, kept.Span) : null;
            if (secret is null) return (null, Down(ProviderFault.NoSecret));
        }
        switch (await metadata.FindAsync(provider.Issuer, http.RequestAborted))
        {
            case MetadataAnswer.Found found:
                var handler = new ProviderHandler(options.Of(provider, secret, found.Metadata, Callback(http, parts.Options)));
                await handler.InitializeAsync(new AuthenticationScheme(ProviderOptions.Scheme, displayName: null, typeof(ProviderHandler)), http);
                return (handler, null);
            case MetadataAnswer.Unfit unfit:
                return (null, Down(unfit.Fault));
            case var other:
                throw new InvalidOperationException($"Unknown answer {other}.");
        }

        ProviderAnswer Down(ProviderFault fault) => Told(http, new ProviderAnswer.Down(provider.Name, fault), stored.OrganisationId, fault.ToString());
    }

    private ProviderAnswer Failed(HttpContext http, SignInProvider provider, string organisationId, Exception? failure)
    {
        // The framework's own word for what does not belong to this browser: no state, or not its own.
        if (failure is AuthenticationFailureException) return new ProviderAnswer.NotOurs();
        if (failure is OpenIdConnectProtocolException && http.Request.Query.ContainsKey("error")) return new ProviderAnswer.Refused(provider.Name);
        return failure switch
        {
            HttpRequestException fault => Told(http, new ProviderAnswer.Down(provider.Name, ProviderMetadata.Of(fault)), organisationId, "no answer from the token endpoint"),
            OperationCanceledException => Told(http, new ProviderAnswer.Down(provider.Name, ProviderFault.Unreachable), organisationId, "no answer from the token endpoint in time"),
            // The kind alone: messages may hold what the provider said of a person.
            _ => Told(http, new ProviderAnswer.Wrong(provider.Name), organisationId, failure?.GetType().Name ?? "no result"),
        };
    }

    private ProviderAnswer Told(HttpContext http, ProviderAnswer answer, string organisationId, string why)
    {
        log.ProviderFailed(organisationId, why, FaultId.Of(http));
        return answer;
    }
}
