using PayOnce.Access;

namespace PayOnce.Tests.Access;

public sealed class RolesTests
{
    [Theory]
    [InlineData(Permission.Read, "administrator coordinator auditor")]
    [InlineData(Permission.BringClaims, "administrator coordinator")]
    [InlineData(Permission.Sync, "administrator coordinator")]
    [InlineData(Permission.Decide, "administrator")]
    [InlineData(Permission.Configure, "administrator")]
    [InlineData(Permission.ManageAccess, "administrator")]
    [InlineData(Permission.Own, "administrator coordinator auditor claimant")]
    [InlineData(Permission.SignedIn, "administrator coordinator auditor claimant")]
    [InlineData(Permission.Approve, "administrator coordinator")]
    [InlineData(Permission.Operate, "")]
    [InlineData(Permission.None, "")]
    public void Each_permission_belongs_to_these_roles(Permission permission, string roles) =>
        Assert.Equal(roles, string.Join(' ', Enum.GetValues<Role>().Where(role => role.May(permission)).Select(role => role.Text())));

    [Fact]
    public void An_operator_as_such_reads_no_organisation() =>
        Assert.Equal(Permission.None, Roles.ForOperators & (Permission.Read | Permission.BringClaims | Permission.Sync | Permission.Decide | Permission.Configure | Permission.ManageAccess | Permission.Own));

    [Fact]
    public void A_set_holds_a_combination_only_whole() => Assert.False(Role.Coordinator.May(Permission.Read | Permission.Decide));

    [Fact]
    public void Roles_and_permissions_are_read_back_from_their_words()
    {
        foreach (var role in Enum.GetValues<Role>()) Assert.Equal(role, Roles.Parse(role.Text()));
        foreach (var role in Enum.GetValues<Role>()) Assert.Equal(role.Permissions(), Roles.ParsePermissions(role.Permissions().Text()));
        foreach (var permission in Enum.GetValues<Permission>()) Assert.Equal(permission, Roles.ParsePermissions(permission.Text()));
        Assert.Equal("read bring-claims sync decide configure", Roles.ForTokens.Text());
    }

    [Theory, InlineData("Administrator"), InlineData("admin"), InlineData("")]
    public void Any_other_word_is_no_role(string text)
    {
        Assert.False(Roles.TryParse(text, out _));
        Assert.Throws<FormatException>(() => Roles.Parse(text));
    }

    [Theory, InlineData("read,sync"), InlineData("read everything"), InlineData("None")]
    public void Any_other_word_is_no_permission(string text)
    {
        Assert.False(Roles.TryParsePermissions(text, out _));
        Assert.Throws<FormatException>(() => Roles.ParsePermissions(text));
    }
}
