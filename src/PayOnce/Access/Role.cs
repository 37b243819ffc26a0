namespace PayOnce.Access;

/// <summary>What a person is in an organisation.</summary>
public enum Role
{
    Administrator,
    Coordinator,

    /// <summary>Reads everything, changes nothing.</summary>
    Auditor,

    /// <summary>Has claims of their own and sees only these.</summary>
    Claimant,
}

/// <summary>Who may do what: the whole table.</summary>
public static class Roles
{
    public static bool May(this Role role, Permission permission) => permission switch
    {
        Permission.SignedIn or Permission.Own => true,
        Permission.Read => role is not Role.Claimant,
        Permission.BringClaims or Permission.Sync => role is Role.Administrator or Role.Coordinator,
        Permission.Decide or Permission.Configure or Permission.ManageAccess => role is Role.Administrator,
        // The installation belongs to no organisation.
        Permission.Operate => false,
        _ => throw new ArgumentOutOfRangeException(nameof(permission)),
    };
}
