namespace PayOnce.Tests.App;

public sealed class OrganisationsCommandTests
{
    [Theory]
    [InlineData("organisations add hlf", "hlf")]
    [InlineData("organisations add hlf HLF", "HLF")]
    [InlineData("organisations add hlf --name HLF", "HLF")]
    [InlineData("organisations add --name HLF hlf", "HLF")]
    public async Task An_organisation_is_added_with_or_without_a_name(string line, string name)
    {
        using var cli = new CommandLine();
        var (exit, document) = await cli.JsonAsync(line);
        Assert.Equal(0, exit);
        Assert.True(document.GetProperty("added").GetBoolean());
        var listed = Assert.Single((await cli.JsonAsync("organisations list")).Document.GetProperty("organisations").EnumerateArray());
        Assert.Equal(("hlf", name, "Europe/Oslo"), (listed.GetProperty("organisationId").GetString(), listed.GetProperty("name").GetString(), listed.GetProperty("timeZone").GetString()));
    }

    [Fact]
    public async Task The_same_organisation_again_changes_nothing()
    {
        using var cli = new CommandLine();
        await cli.DoneAsync("organisations add hlf HLF");
        var (exit, document) = await cli.JsonAsync("organisations add hlf HLF");
        Assert.Equal(0, exit);
        Assert.False(document.GetProperty("added").GetBoolean());
    }

    [Fact]
    public async Task Another_organisation_of_the_same_id_is_refused_and_the_first_stays()
    {
        using var cli = new CommandLine();
        await cli.DoneAsync("organisations add hlf HLF");
        var (exit, output, error) = await cli.RunAsync("organisations add hlf Other");
        Assert.Equal((2, "", "There is an organisation hlf already: HLF, time zone Europe/Oslo. It was left as it is.\n"), (exit, output, error));
    }

    [Theory]
    [InlineData("organisations add HLF", "ORG \"HLF\"")]
    [InlineData("organisations add hlf- x", "ORG \"hlf-\"")]
    [InlineData("organisations add hlf --time-zone Oslo", "--time-zone \"Oslo\"")]
    [InlineData("organisations add hlf HLF --name HLF", "twice")]
    public async Task What_cannot_be_an_organisation_is_refused_by_name(string line, string named)
    {
        using var cli = new CommandLine();
        var (exit, output, error) = await cli.RunAsync(line);
        Assert.Equal((2, ""), (exit, output));
        Assert.Contains(named, error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(cli.Folder, "payonce-data")));
    }

    [Fact]
    public async Task A_mistyped_folder_is_said_to_hold_nothing_and_stays_away()
    {
        using var cli = await CommandLine.WithClaimsAsync(1);
        foreach (var line in new[] { "organisations list", "sync hlf", "status hlf", "claims list hlf", "runs list hlf", "audit verify hlf" })
        {
            var (exit, output, error) = await cli.RunAsync($"{line} --data ./typo");
            Assert.Equal((2, ""), (exit, output));
            Assert.StartsWith($"There is no PayOnce data in {cli.Folder}/typo.", error, StringComparison.Ordinal);
        }
        Assert.False(Directory.Exists(Path.Combine(cli.Folder, "typo")));
    }

    [Fact]
    public async Task An_unknown_organisation_is_answered_with_those_that_are_known()
    {
        using var cli = await CommandLine.WithClaimsAsync(0);
        var (exit, _, error) = await cli.RunAsync("sync hfl");
        Assert.Equal((2, "There is no organisation \"hfl\". Known are hlf.\n"), (exit, error));
    }

    [Fact]
    public async Task Only_the_owner_can_look_into_the_data_folder()
    {
        if (OperatingSystem.IsWindows()) return;
        using var cli = await CommandLine.WithClaimsAsync(0);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(cli.Folder, "payonce-data")));
    }
}
