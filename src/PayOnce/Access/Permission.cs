namespace PayOnce.Access;

/// <summary>What somebody may do. Each page and each endpoint asks for exactly one of these.</summary>
public enum Permission
{
    /// <summary>Anything of one's own account, and choosing an organisation: everybody who is signed in.</summary>
    SignedIn,

    /// <summary>Look at everything of the organisation.</summary>
    Read,

    /// <summary>Bring in approved claims.</summary>
    BringClaims,

    /// <summary>Start and stop runs, try them dry, ask the accounting system.</summary>
    Sync,

    /// <summary>What can move money twice or declares a truth: force re-export, roll back, decide what is in doubt, adopt, restore mode.</summary>
    Decide,

    /// <summary>Integration, mapping, secrets, schedule, flags, notifications.</summary>
    Configure,

    /// <summary>The organisation's users, tokens and sign-in provider.</summary>
    ManageAccess,

    /// <summary>A claimant's own claims.</summary>
    Own,

    /// <summary>The installation: organisations, its kill switch, all users.</summary>
    Operate,
}
