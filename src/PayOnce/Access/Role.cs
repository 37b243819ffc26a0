namespace PayOnce.Access;

/// <summary>What a person is in one organisation. Exactly one role for each organisation they belong to.</summary>
public enum Role
{
    /// <summary>Everything in the organisation, users and settings included.</summary>
    Administrator,

    /// <summary>The daily work: brings claims in, starts and stops runs.</summary>
    Coordinator,

    /// <summary>Reads everything, changes nothing.</summary>
    Auditor,

    /// <summary>Sees their own claims alone.</summary>
    Claimant,
}

/// <summary>What a page or an endpoint asks for: each names exactly one. A token or a role holds a set of them.</summary>
[Flags]
public enum Permission
{
    None = 0,

    /// <summary>Everything of the organisation.</summary>
    Read = 1,

    /// <summary>Take in and update claims.</summary>
    BringClaims = 2,

    /// <summary>Start and stop runs, dry run, read back.</summary>
    Sync = 4,

    /// <summary>What can lead to a second payment or say that one happened: force re-export, roll back, settle doubts, record an import, adopt, restore mode.</summary>
    Decide = 8,

    /// <summary>Integration, mapping, secrets, schedule, flags.</summary>
    Configure = 16,

    /// <summary>The organisation's users, tokens and sign-in provider.</summary>
    ManageAccess = 32,

    /// <summary>The claims of the membership's own claimant.</summary>
    Own = 64,

    /// <summary>The installation: its organisations, its users, its kill switch.</summary>
    Operate = 128,

    /// <summary>Any signed-in person: own account, choice of organisation.</summary>
    SignedIn = 256,

    /// <summary>Approve claims that were filled in here, or send them back: a person's alone, never one's own.</summary>
    Approve = 512,
}

/// <summary>Who may do what: the whole table, and the only one.</summary>
public static class Roles
{
    /// <summary>What an API token may be given. Nothing that makes users or tokens: a stolen token makes no other.</summary>
    public const Permission ForTokens = Permission.Read | Permission.BringClaims | Permission.Sync | Permission.Decide | Permission.Configure;

    /// <summary>What an operator may do in every place, without belonging to any organisation: no claim of any.</summary>
    public const Permission ForOperators = Permission.Operate | Permission.SignedIn;

    private static readonly (Permission Permission, string Text)[] Words =
    [
        (Permission.Read, "read"), (Permission.BringClaims, "bring-claims"), (Permission.Sync, "sync"), (Permission.Decide, "decide"), (Permission.Configure, "configure"),
        (Permission.ManageAccess, "manage-access"), (Permission.Own, "own"), (Permission.Operate, "operate"), (Permission.SignedIn, "signed-in"), (Permission.Approve, "approve"),
    ];

    public static Permission Permissions(this Role role) => role switch
    {
        Role.Administrator => Permission.Read | Permission.BringClaims | Permission.Sync | Permission.Decide | Permission.Configure | Permission.ManageAccess | Permission.Own | Permission.SignedIn | Permission.Approve,
        Role.Coordinator => Permission.Read | Permission.BringClaims | Permission.Sync | Permission.Own | Permission.SignedIn | Permission.Approve,
        Role.Auditor => Permission.Read | Permission.Own | Permission.SignedIn,
        Role.Claimant => Permission.Own | Permission.SignedIn,
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, null),
    };

    public static bool May(this Role role, Permission permission) => role.Permissions().Holds(permission);

    /// <summary>True if everything of <paramref name="permission"/>, which is not nothing, is in the set.</summary>
    public static bool Holds(this Permission held, Permission permission) => permission != Permission.None && (held & permission) == permission;

    /// <summary>As it stands in the store, in URLs and in JSON.</summary>
    public static string Text(this Role role) => role switch
    {
        Role.Administrator => "administrator",
        Role.Coordinator => "coordinator",
        Role.Auditor => "auditor",
        Role.Claimant => "claimant",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, null),
    };

    public static bool TryParse(string text, out Role role)
    {
        (var known, role) = text switch
        {
            "administrator" => (true, Role.Administrator),
            "coordinator" => (true, Role.Coordinator),
            "auditor" => (true, Role.Auditor),
            "claimant" => (true, Role.Claimant),
            _ => (false, default),
        };
        return known;
    }

    /// <summary>A role as the store kept it.</summary>
    public static Role Parse(string text) => TryParse(text, out var role) ? role : throw new FormatException($"\"{text}\" is no role.");

    /// <summary>Words with spaces between them, in the table's order, as OAuth 2 writes scopes: <c>read sync</c>.</summary>
    public static string Text(this Permission permissions) => string.Join(' ', Words.Where(word => permissions.HasFlag(word.Permission)).Select(word => word.Text));

    /// <summary>One word or several with spaces between them; false if any of them is unknown.</summary>
    public static bool TryParsePermissions(string text, out Permission permissions)
    {
        permissions = Permission.None;
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var known = Words.FirstOrDefault(each => each.Text == word).Permission;
            if (known == Permission.None) return false;
            permissions |= known;
        }
        return true;
    }

    /// <summary>Permissions as the store kept them.</summary>
    public static Permission ParsePermissions(string text) => TryParsePermissions(text, out var permissions) ? permissions : throw new FormatException($"\"{text}\" names an unknown permission.");
}
