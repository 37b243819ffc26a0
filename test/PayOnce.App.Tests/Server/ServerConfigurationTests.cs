using PayOnce.App.Host;
using PayOnce.App.Server;

namespace PayOnce.App.Tests.Server;

/// <summary>The server starts with what the operator wrote, or says what is wrong with it; it never starts with something else.</summary>
public sealed class ServerConfigurationTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("payonce-config-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void The_environment_stands_over_the_file()
    {
        var (options, problems) = Read(
            """{"urls":["http://0.0.0.0:80"],"publicUrl":"https://pay.example.org","smtp":{"host":"mail.example.org","from":"payonce@example.org"}}""",
            ("PAYONCE_SMTP__PORT", "25"), ("payonce_public_url", "https://other.example.org"), ("PAYONCE_POSTGRES", "Host=somewhere"));
        Assert.Empty(problems);
        Assert.Equal(["http://0.0.0.0:80"], options!.Urls);
        Assert.Equal(("mail.example.org", 25), (options.Smtp!.Host, options.Smtp.Port));
        Assert.Equal("https://other.example.org/", options.PublicUrl!.AbsoluteUri);
    }

    [Fact]
    public void A_list_in_the_environment_replaces_nothing_it_does_not_name()
    {
        var (options, _) = Read(null, ("PAYONCE_URLS", "http://127.0.0.1:0"));
        Assert.Equal(["http://127.0.0.1:0"], options!.Urls);
    }

    [Theory]
    [InlineData("""{"url":["http://127.0.0.1:80"]}""", "url")]
    [InlineData("""{"smtp":{"hots":"mail"}}""", "hots")]
    [InlineData("""{"stopSeconds":"soon"}""", "StopSeconds")]
    [InlineData("""{"stopSeconds":0}""", "stopSeconds \"0\": must be a whole number from 1 to 600")]
    [InlineData("""{"urls":["127.0.0.1:80"]}""", "urls \"127.0.0.1:80\": must be an address")]
    [InlineData("""{"publicUrl":"pay.example.org"}""", "publicUrl \"pay.example.org\": must be an address")]
    [InlineData("""{"trustedProxies":["everybody"]}""", "trustedProxies \"everybody\": must be a network")]
    [InlineData("""{"smtp":{"host":"mail.example.org","from":"nobody"}}""", "smtp:from \"nobody\": must be an e-mail address")]
    [InlineData("""{"smtp":{"host":"mail.example.org","from":"a@example.org","user":"a"}}""", "smtp:user: needs both or neither")]
    [InlineData("{", "cannot be used")]
    public void What_is_wrong_is_named_and_nothing_is_served(string json, string said)
    {
        var (options, problems) = Read(json);
        Assert.Null(options);
        Assert.Contains(said, string.Join('\n', problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_no_empty_one()
    {
        var (options, problems) = ServerConfiguration.Read("nowhere.json", Variables(), Surroundings());
        Assert.Null(options);
        Assert.Contains("nowhere.json", Assert.Single(problems).ToString(), StringComparison.Ordinal);
    }

    private (ServerOptions? Options, IReadOnlyList<Problem> Problems) Read(string? json, params (string Name, string Value)[] variables)
    {
        string? file = null;
        if (json is not null) File.WriteAllText(file = Path.Combine(folder.FullName, "payonce.json"), json);
        return ServerConfiguration.Read(file, Variables(variables), Surroundings());
    }

    private static Dictionary<string, string?> Variables(params (string Name, string Value)[] variables) =>
        variables.ToDictionary(variable => variable.Name, variable => (string?)variable.Value, StringComparer.OrdinalIgnoreCase);

    private Surroundings Surroundings() =>
        new(_ => null, folder.FullName, "test", Stream.Null, Stream.Null, TextWriter.Null, OutputWidth: null, ErrorIsTerminal: false, TimeProvider.System, new ProcessNode());
}
