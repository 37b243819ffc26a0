using PayOnce.Access;

namespace PayOnce.Stores;

/// <summary>What became of a change of a user.</summary>
public abstract record UserAnswer
{
    private UserAnswer() { }

    /// <param name="User">As they are now.</param>
    public sealed record Done(User User) : UserAnswer;

    public sealed record NoSuchUser : UserAnswer;

    /// <summary>Another user has this address, perhaps in another case.</summary>
    public sealed record EmailTaken : UserAnswer;

    /// <summary>Nobody could run the installation any more: no other operator can sign in.</summary>
    public sealed record LastOperator : UserAnswer;
}

/// <summary>What became of a change of who belongs to an organisation.</summary>
public abstract record MembershipAnswer
{
    private MembershipAnswer() { }

    /// <param name="Before">As it was; null if the user did not belong to the organisation.</param>
    /// <param name="Now">Null if they do not any more.</param>
    public sealed record Done(Membership? Before, Membership? Now) : MembershipAnswer;

    /// <summary>For a change: there is no such user. For a removal: they do not belong to the organisation.</summary>
    public sealed record NoSuchUser : MembershipAnswer;

    /// <summary>Nobody could manage the organisation any more: no other administrator of it can sign in.</summary>
    public sealed record LastAdministrator : MembershipAnswer;

    /// <summary>Another member is this claimant.</summary>
    public sealed record ClaimantTaken(string UserId) : MembershipAnswer;
}

/// <summary>Whether the first administrator's link is to be shown.</summary>
public abstract record FirstLinkAnswer
{
    private FirstLinkAnswer() { }

    /// <summary>Ours is the one that counts: show it.</summary>
    public sealed record Offered(DateTimeOffset ExpiresAt) : FirstLinkAnswer;

    /// <summary>Another one counts, shown by another node or an earlier start.</summary>
    public sealed record AlreadyOffered(DateTimeOffset ExpiresAt) : FirstLinkAnswer;

    /// <summary>There are users: no such link is ever needed again.</summary>
    public sealed record NotNeeded : FirstLinkAnswer;
}

/// <summary>What became of a one-time link that somebody used.</summary>
public abstract record LinkAnswer
{
    private LinkAnswer() { }

    /// <param name="User">Who now has what it grants.</param>
    public sealed record Granted(User User) : LinkAnswer;

    /// <summary>It was used, withdrawn or replaced, has expired, or never was. Nothing was changed.</summary>
    public sealed record NotValid : LinkAnswer;

    /// <summary>A user has this address: they must sign in to accept. The link can still be used.</summary>
    public sealed record EmailTaken : LinkAnswer;

    /// <summary>Another member is the claimant of the invitation. The link can still be used.</summary>
    public sealed record ClaimantTaken(string UserId) : LinkAnswer;

    /// <summary>What they are in the organisation already would be less or other by it, and they are its last administrator. The link can still be used.</summary>
    public sealed record LastAdministrator : LinkAnswer;
}

/// <summary>What became of a new token.</summary>
public abstract record AddTokenAnswer
{
    private AddTokenAnswer() { }

    public sealed record Added(ApiToken Token) : AddTokenAnswer;

    /// <summary>An unrevoked token of the organisation has this name.</summary>
    public sealed record NameTaken : AddTokenAnswer;
}

/// <summary>What a token that somebody sent is worth, by the store's clock.</summary>
public abstract record TokenAnswer
{
    private TokenAnswer() { }

    public sealed record Valid(ApiToken Token) : TokenAnswer;

    /// <summary>It was right, but its time is over.</summary>
    public sealed record Expired(ApiToken Token) : TokenAnswer;

    /// <summary>It was right, but was taken back.</summary>
    public sealed record Revoked(ApiToken Token) : TokenAnswer;

    /// <summary>No token has this id and this secret.</summary>
    public sealed record Unknown : TokenAnswer;
}

/// <summary>What became of settings that two people may edit at the same time.</summary>
public abstract record SaveAnswer
{
    private SaveAnswer() { }

    /// <param name="Version">The version that stands now; the same as before if nothing differs.</param>
    public sealed record Saved(long Version) : SaveAnswer;

    /// <summary>Somebody was quicker.</summary>
    /// <param name="Version">The version that stands; 0 if there is none.</param>
    public sealed record Changed(long Version) : SaveAnswer;
}

/// <summary>What became of linking a provider's account to a user.</summary>
public abstract record LinkIdentityAnswer
{
    private LinkIdentityAnswer() { }

    public sealed record Linked : LinkIdentityAnswer;

    /// <summary>It signs in another user, who must let go of it first.</summary>
    public sealed record Taken : LinkIdentityAnswer;

    /// <summary>The user does not belong to the organisation.</summary>
    public sealed record NotAMember : LinkIdentityAnswer;
}

/// <summary>Whom a provider's account signs in.</summary>
public abstract record IdentityAnswer
{
    private IdentityAnswer() { }

    public sealed record Known(User User) : IdentityAnswer;

    /// <summary>It was never linked to anybody.</summary>
    public sealed record Nobody : IdentityAnswer;

    /// <summary>It is linked to somebody who is disabled or belongs to the organisation no more.</summary>
    public sealed record ShutOut(string UserId) : IdentityAnswer;
}
