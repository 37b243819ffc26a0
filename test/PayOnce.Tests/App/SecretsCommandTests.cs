using System.Text;
using PayOnce.App;
using PayOnce.App.Host;

namespace PayOnce.Tests.App;

/// <summary>A secret goes in and never comes out: not on a screen, not in the audit trail, not in a copy of the database.</summary>
public sealed class SecretsCommandTests
{
    private const string Secret = "kJ8vQ2mZx7Lw9RtYb4Nc6HdP";
    private const string Xledger = """{"exporter":"xledger","transport":"api","format":"json"}""";

    [Fact]
    public async Task A_secret_is_kept_listed_and_never_shown()
    {
        using var cli = await CommandLine.WithClaimsAsync(0, Xledger);
        var set = await cli.DoneAsync("integrations secret set hlf token --as ola", Secret + "\n");
        Assert.StartsWith("The secret token of hlf is kept, encrypted with the keys in ", set, StringComparison.Ordinal);

        var listed = (await cli.JsonAsync("integrations secret list hlf")).Document.GetProperty("secrets").EnumerateArray().Single();
        Assert.Equal(("token", "ola"), (listed.GetProperty("name").GetString(), listed.GetProperty("setBy").GetString()));
        var printed = set;
        foreach (var line in new[] { "integrations secret list hlf", "integrations show hlf", "audit list hlf", "audit list hlf --json", "status hlf", "doctor" }) printed += (await cli.RunAsync(line)).Output;
        Assert.Contains("token", printed, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, printed, StringComparison.Ordinal);
        Assert.Equal((0, ""), (await cli.RunAsync("audit verify hlf")) is var verified ? (verified.Exit, verified.Error) : default);
        AssertNowhere(cli.Folder, Secret);
    }

    [Fact]
    public async Task It_comes_back_out_for_its_own_organisation_and_name_alone()
    {
        using var cli = await CommandLine.WithClaimsAsync(0, Xledger);
        await cli.DoneAsync("integrations secret set hlf token", Secret);
        await using var store = cli.Store();
        var closed = (await store.FindSecretAsync("hlf", "token", TestContext.Current.CancellationToken))!.Value;
        var vault = new SecretVault(Path.Combine(cli.Folder, "payonce-data", "keys"));
        Assert.Equal(Secret, vault.Unprotect("hlf", "token", closed.Span));
        Assert.Null(vault.Unprotect("nbf", "token", closed.Span));
        Assert.Null(vault.Unprotect("hlf", "client-secret", closed.Span));
        Assert.Null(vault.Unprotect("hlf", "token", closed.Span[..^1]));
        Assert.Null(new SecretVault(Path.Combine(cli.Folder, "elsewhere")).Unprotect("hlf", "token", closed.Span));
        Assert.False(Directory.Exists(Path.Combine(cli.Folder, "elsewhere")));
    }

    [Theory]
    [InlineData(Secret)]
    [InlineData(Secret + "\n")]
    [InlineData(Secret + "\r\n")]
    [InlineData("\uFEFF" + Secret)]
    public async Task A_line_end_behind_it_and_a_byte_order_mark_are_not_part_of_it(string input)
    {
        using var cli = await CommandLine.WithClaimsAsync(0, Xledger);
        await File.WriteAllTextAsync(Path.Combine(cli.Folder, "token.txt"), input, TestContext.Current.CancellationToken);
        await cli.DoneAsync("integrations secret set hlf token --file token.txt");
        await using var store = cli.Store();
        var closed = await store.FindSecretAsync("hlf", "token", TestContext.Current.CancellationToken);
        Assert.Equal(Secret, new SecretVault(Path.Combine(cli.Folder, "payonce-data", "keys")).Unprotect("hlf", "token", closed!.Value.Span));
    }

    [Fact]
    public async Task A_second_one_of_the_same_name_replaces_the_first()
    {
        using var cli = await CommandLine.WithClaimsAsync(0, Xledger);
        Assert.False((await cli.JsonAsync("integrations secret set hlf token", Secret)).Document.GetProperty("replaced").GetBoolean());
        Assert.True((await cli.JsonAsync("integrations secret set hlf token", "another one")).Document.GetProperty("replaced").GetBoolean());
        Assert.Equal(1, (await cli.JsonAsync("integrations secret list hlf")).Document.GetProperty("secrets").GetArrayLength());
    }

    [Theory]
    [InlineData("", "has fewer than 6 characters")]
    [InlineData("kJ8vQ\n", "has fewer than 6 characters")]
    [InlineData(Secret + "\n\n", "has more than one line, or a control character")]
    [InlineData(Secret + "\nx", "has more than one line, or a control character")]
    [InlineData(" " + Secret, "begins or ends with a space")]
    [InlineData(Secret + " \n", "begins or ends with a space")]
    public async Task What_can_be_no_secret_is_refused_without_being_repeated(string input, string rule)
    {
        using var cli = await CommandLine.WithClaimsAsync(0, Xledger);
        Assert.Equal((2, "", $"The secret was not changed: what standard input holds {rule}.\n"), await cli.RunAsync("integrations secret set hlf token", input));
    }

    [Fact]
    public async Task A_secret_on_the_command_line_is_refused_and_not_repeated()
    {
        using var cli = await CommandLine.WithClaimsAsync(0, Xledger);
        var (exit, output, error) = await cli.RunAsync($"integrations secret set hlf token {Secret} --json");
        Assert.Equal(2, exit);
        Assert.StartsWith("Nothing was kept: a secret on the command line", error, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, output + error, StringComparison.Ordinal);
        Assert.Equal(0, (await cli.JsonAsync("integrations secret list hlf")).Document.GetProperty("secrets").GetArrayLength());
    }

    [Fact]
    public async Task A_name_that_the_exporter_does_not_know_is_refused_with_those_it_does()
    {
        using var cli = await CommandLine.WithClaimsAsync(0, Xledger);
        Assert.Equal((2, "", "There is no secret \"tokne\". Known are token.\n"), await cli.RunAsync("integrations secret set hlf tokne", Secret));
    }

    [Fact]
    public async Task Only_the_owner_can_look_at_the_keys()
    {
        if (OperatingSystem.IsWindows()) return;
        using var cli = await CommandLine.WithClaimsAsync(0, Xledger);
        await cli.DoneAsync("integrations secret set hlf token --keys ./somewhere/keys", Secret);
        var keys = new DirectoryInfo(Path.Combine(cli.Folder, "somewhere", "keys"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, keys.UnixFileMode);
        Assert.NotEmpty(keys.GetFiles("key-*.xml"));
        Assert.False(Directory.Exists(Path.Combine(cli.Folder, "payonce-data", "keys")));
    }

    [Fact]
    public void With_PostgreSQL_somebody_must_say_where_the_keys_are()
    {
        var postgres = new Storage.Postgres("Host=db");
        Assert.Null(SecretVault.Choose(null, postgres, TestSurroundings.Create()));
        Assert.Equal("/srv/keys", SecretVault.Choose("/srv/keys", postgres, TestSurroundings.Create())!.Folder);
        Assert.Equal("/srv/keys", SecretVault.Choose(null, postgres, TestSurroundings.Create(name => name == "PAYONCE_KEYS" ? "/srv/keys" : null))!.Folder);
        Assert.Equal("/srv/data/keys", SecretVault.Choose(null, new Storage.Embedded("/srv/data"), TestSurroundings.Create())!.Folder);
    }

    /// <summary>In no file below the folder, in no encoding that the program uses.</summary>
    internal static void AssertNowhere(string folder, string secret)
    {
        byte[][] spellings = [Encoding.UTF8.GetBytes(secret), Encoding.Unicode.GetBytes(secret), Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)))];
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            foreach (var spelling in spellings) Assert.True(bytes.AsSpan().IndexOf(spelling) < 0, $"{path} holds the secret.");
        }
    }
}
