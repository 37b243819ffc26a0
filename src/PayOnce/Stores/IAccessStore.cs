using PayOnce.Access;

namespace PayOnce.Stores;

/// <summary>
/// Who may do what, beside <see cref="IStore"/> and in the same database: users, what they are in each organisation, sessions,
/// one-time links, API tokens, sign-in providers, and the keys and settings of the installation. Each method is at most one
/// transaction, and what several people or nodes may do at the same moment is decided inside it.
/// </summary>
/// <remarks>
/// Secrets come here as SHA-256 (lower-case hexadecimal) or as a password's opaque hash, never themselves. Ids and randomness are
/// the host's. All times are the store's clock's: limits are given as durations. What changes who can reach an organisation is
/// told in that organisation's audit trail, in the same commit; what concerns a user as such has no organisation and no event.
/// </remarks>
public interface IAccessStore
{
    // ---- Users ---------------------------------------------------------------------------------------------------------

    /// <summary>True once the installation has any user: the first administrator's link is not needed any more.</summary>
    Task<bool> AnyUserAsync(CancellationToken cancel);

    /// <summary>Makes a user who belongs to no organisation yet: by an operator or the command line.</summary>
    /// <returns><see cref="UserAnswer.Done"/> or <see cref="UserAnswer.EmailTaken"/>.</returns>
    Task<UserAnswer> AddUserAsync(NewUser user, bool isOperator, CancellationToken cancel);

    Task<User?> FindUserAsync(string userId, CancellationToken cancel);

    /// <summary>By e-mail address, whatever its case.</summary>
    Task<User?> FindUserByEmailAsync(string email, CancellationToken cancel);

    /// <summary>Every user of the installation, ordered by e-mail address in lower case. For operators.</summary>
    /// <param name="afterEmail">The last address of the page before.</param>
    Task<IReadOnlyList<User>> ListUsersAsync(string? afterEmail, int size, CancellationToken cancel);

    /// <summary>What a user changes about themselves.</summary>
    Task<UserAnswer> ChangeProfileAsync(string userId, string name, string? language, bool liveUpdates, CancellationToken cancel);

    /// <summary>A new address, by the users themselves or an operator: whoever holds the address gets the links to reset the password. One on its way to the old address counts no more.</summary>
    Task<UserAnswer> ChangeEmailAsync(string userId, string email, CancellationToken cancel);

    /// <summary>Makes a user an operator or no longer one. The last who can sign in stays one.</summary>
    Task<UserAnswer> SetOperatorAsync(string userId, bool isOperator, CancellationToken cancel);

    /// <summary>
    /// Shuts a user out everywhere and ends their sessions, or lets them in again. Not the last operator. An organisation's last
    /// administrator can be shut out: operators look after such organisations.
    /// </summary>
    Task<UserAnswer> SetDisabledAsync(string userId, bool disabled, CancellationToken cancel);

    /// <summary>A new password with a new stamp; ends a lock-out, a link to reset it, and every session of theirs but <paramref name="exceptSession"/>.</summary>
    /// <param name="passwordHash">Null: from now on they sign in at a provider only.</param>
    Task<UserAnswer> SetPasswordAsync(string userId, string? passwordHash, string securityStamp, string? exceptSession, CancellationToken cancel);

    /// <summary>The same password hashed with more work. False if the hash is no longer <paramref name="knownHash"/>.</summary>
    Task<bool> RehashPasswordAsync(string userId, string knownHash, string passwordHash, CancellationToken cancel);

    // ---- Signing in and sessions -----------------------------------------------------------------------------------------

    /// <summary>
    /// Counts a try to sign in as failed, before the password is looked at, so that many tries at the same moment are not more
    /// tries; refuses it while the account is locked. After a lock-out the counting starts anew.
    /// </summary>
    Task<SignInTry> TrySignInAsync(string email, LockOut rule, CancellationToken cancel);

    /// <summary>
    /// Begins a session, ends the counting of failed tries and notes the time. For a password that was right, and for a provider
    /// that vouched for the user.
    /// </summary>
    /// <param name="securityStamp">The user's as it was when they were found.</param>
    /// <returns>False if they were disabled or got another password meanwhile, there is no such user, or the session is for an organisation that has no sign-in provider.</returns>
    Task<bool> SignInAsync(string userId, string securityStamp, NewSession session, CancellationToken cancel);

    /// <summary>
    /// Who the session's cookie stands for; null if it was ended, is over, or the user is disabled. Notes that it was seen, at most
    /// once in <see cref="Session.SeenEvery"/>.
    /// </summary>
    /// <param name="idle">Without a request for so long the session is over.</param>
    Task<SignedInPerson?> FindSessionAsync(string sessionSha256, TimeSpan idle, CancellationToken cancel);

    /// <summary>A user's sessions that still count, the one seen last first.</summary>
    Task<IReadOnlyList<Session>> ListSessionsAsync(string userId, TimeSpan idle, CancellationToken cancel);

    /// <summary>Ends one session of this user; false if it had ended or is not theirs.</summary>
    Task<bool> EndSessionAsync(string userId, string sessionSha256, CancellationToken cancel);

    /// <summary>Ends all sessions of a user but <paramref name="exceptSession"/>. How many.</summary>
    Task<int> EndSessionsAsync(string userId, string? exceptSession, CancellationToken cancel);

    /// <summary>Removes sessions and links that have counted for nothing for <paramref name="keep"/>. How many.</summary>
    Task<int> RemoveExpiredAsync(TimeSpan keep, CancellationToken cancel);

    // ---- Members of an organisation --------------------------------------------------------------------------------------

    /// <summary>Everybody who belongs to the organisation, ordered by e-mail address in lower case.</summary>
    Task<IReadOnlyList<Member>> ListMembersAsync(string organisationId, CancellationToken cancel);

    Task<Membership?> FindMembershipAsync(string organisationId, string userId, CancellationToken cancel);

    /// <summary>Every organisation of one user, ordered by organisation.</summary>
    Task<IReadOnlyList<UserMembership>> ListMembershipsAsync(string userId, CancellationToken cancel);

    /// <summary>
    /// Gives a user a role in the organisation, or another one, with an audit event if anything differs. The last administrator who
    /// is not disabled keeps that role.
    /// </summary>
    /// <exception cref="ArgumentException">A claimant without a claimant's id.</exception>
    Task<MembershipAnswer> SetMembershipAsync(Membership membership, string actor, CancellationToken cancel);

    /// <summary>Takes a user out of the organisation, with what links them to its sign-in provider.</summary>
    Task<MembershipAnswer> RemoveMembershipAsync(string organisationId, string userId, string actor, CancellationToken cancel);

    // ---- One-time links --------------------------------------------------------------------------------------------------

    /// <summary>
    /// Offers the link for the first administrator. Of many nodes that start at the same moment one is told to show its own. One that
    /// has expired is replaced.
    /// </summary>
    /// <param name="replace">Also replaces one that still counts: whoever has the console lost it.</param>
    Task<FirstLinkAnswer> OfferFirstAdministratorAsync(string linkSha256, TimeSpan lifetime, bool replace, CancellationToken cancel);

    /// <summary>Makes the installation's first user, an operator, and administrator of <paramref name="organisationId"/> if that is given; in one commit with using the link up.</summary>
    /// <returns><see cref="LinkAnswer.Granted"/> or <see cref="LinkAnswer.NotValid"/>: also once there is any user.</returns>
    Task<LinkAnswer> AcceptFirstAdministratorAsync(string linkSha256, NewUser user, string? organisationId, string actor, CancellationToken cancel);

    /// <summary>Invites an e-mail address into the organisation, with an audit event. An earlier invitation of the same address counts no more.</summary>
    /// <exception cref="ArgumentException">A claimant without a claimant's id.</exception>
    Task<OneTimeLink> InviteAsync(string organisationId, Invitation invitation, string actor, CancellationToken cancel);

    /// <summary>Invitations of the organisation that still count, newest first.</summary>
    Task<IReadOnlyList<OneTimeLink>> ListInvitationsAsync(string organisationId, CancellationToken cancel);

    /// <summary>Takes an invitation back, with an audit event; false if it counts no more.</summary>
    Task<bool> WithdrawInvitationAsync(string organisationId, string linkSha256, string actor, CancellationToken cancel);

    /// <summary>Makes the invited person a user and a member, in one commit with using the link up. Their address is the invitation's.</summary>
    /// <param name="user">Its e-mail address is not looked at.</param>
    Task<LinkAnswer> AcceptInvitationAsync(string linkSha256, NewUser user, string actor, CancellationToken cancel);

    /// <summary>The same for somebody who is a user and is signed in: whoever holds the link, with whichever address.</summary>
    Task<LinkAnswer> AcceptInvitationAsync(string linkSha256, string userId, string actor, CancellationToken cancel);

    /// <summary>Keeps a link to reset a password; an earlier one of the user counts no more. False if there is no such user or they are disabled.</summary>
    Task<bool> OfferPasswordResetAsync(string linkSha256, string userId, TimeSpan lifetime, string actor, CancellationToken cancel);

    /// <summary>A new password by a link: as <see cref="SetPasswordAsync"/>, in one commit with using the link up. Not for a user who is disabled.</summary>
    Task<LinkAnswer> ResetPasswordAsync(string linkSha256, string passwordHash, string securityStamp, CancellationToken cancel);

    /// <summary>What a link grants, without using it; null if it counts no more.</summary>
    Task<OneTimeLink?> FindLinkAsync(string linkSha256, CancellationToken cancel);

    // ---- API tokens ------------------------------------------------------------------------------------------------------

    /// <summary>Keeps a new token, with an audit event.</summary>
    /// <exception cref="ArgumentException">No permission, or one that no token may have.</exception>
    Task<AddTokenAnswer> AddTokenAsync(string organisationId, NewApiToken token, string actor, CancellationToken cancel);

    /// <summary>The organisation's tokens, revoked and expired ones too, newest first.</summary>
    Task<IReadOnlyList<ApiToken>> ListTokensAsync(string organisationId, CancellationToken cancel);

    /// <summary>Takes a token back, with an audit event; false if there is none or it was taken back.</summary>
    Task<bool> RevokeTokenAsync(string organisationId, string tokenId, string actor, CancellationToken cancel);

    /// <summary>What the token that a request carries is worth. Notes that it was used, at most once in <see cref="ApiToken.UsedEvery"/>.</summary>
    Task<TokenAnswer> FindTokenAsync(string tokenId, string sha256, CancellationToken cancel);

    // ---- Sign-in providers -----------------------------------------------------------------------------------------------

    /// <summary>Keeps the organisation's provider, with an audit event if anything differs.</summary>
    /// <param name="knownVersion">The version that was edited; 0 for none; null: whatever stands.</param>
    Task<SaveAnswer> SaveSignInProviderAsync(string organisationId, SignInProvider provider, long? knownVersion, string actor, CancellationToken cancel);

    /// <summary>
    /// Removes the provider and ends every session that was begun by signing in at it, with an audit event that says how many; false
    /// if there is none. What was linked stays, for a provider of the same issuer.
    /// </summary>
    Task<bool> RemoveSignInProviderAsync(string organisationId, string actor, CancellationToken cancel);

    /// <summary>The organisation's provider; asked at each sign-in, so that a change counts at once on every node.</summary>
    Task<StoredSignInProvider?> FindSignInProviderAsync(string organisationId, CancellationToken cancel);

    /// <summary>Lets a provider's account sign this user in to the organisation, with an audit event. Asked for by the user, signed in otherwise.</summary>
    Task<LinkIdentityAnswer> LinkIdentityAsync(string organisationId, Uri issuer, string subject, string userId, string actor, CancellationToken cancel);

    /// <summary>Takes the link away, with an audit event; false if there is none.</summary>
    Task<bool> UnlinkIdentityAsync(string organisationId, Uri issuer, string subject, string actor, CancellationToken cancel);

    /// <summary>Whom a provider's account signs in to the organisation.</summary>
    Task<IdentityAnswer> FindUserByIdentityAsync(string organisationId, Uri issuer, string subject, CancellationToken cancel);

    /// <summary>The accounts that sign this user in, ordered by organisation.</summary>
    Task<IReadOnlyList<ExternalIdentity>> ListIdentitiesAsync(string userId, CancellationToken cancel);

    // ---- The installation ------------------------------------------------------------------------------------------------

    /// <summary>Keeps a data-protection key's XML under its id; the same id again changes nothing.</summary>
    Task AddDataProtectionKeyAsync(string keyId, string xml, CancellationToken cancel);

    /// <summary>The XML of every data-protection key, in the order of their coming.</summary>
    Task<IReadOnlyList<string>> ListDataProtectionKeysAsync(CancellationToken cancel);

    Task<InstallationSetting?> FindInstallationSettingAsync(string key, CancellationToken cancel);

    /// <summary>Keeps a setting under the next version.</summary>
    /// <param name="knownVersion">The version that was edited; 0 for none; null: whatever stands.</param>
    Task<SaveAnswer> SaveInstallationSettingAsync(string key, string value, int? knownVersion, string actor, CancellationToken cancel);
}
