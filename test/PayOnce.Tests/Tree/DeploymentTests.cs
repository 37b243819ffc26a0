using System.Globalization;
using System.Text.RegularExpressions;
using PayOnce.App.Host;
using PayOnce.App.Server;

namespace PayOnce.Tests.Tree;

/// <summary>What an operator installs from (<c>deploy/</c>) fits the program, the guide and itself; no container engine is needed to see that.</summary>
public sealed partial class DeploymentTests
{
    private static readonly string Dockerfile = Read("deploy/Dockerfile");
    private static readonly string Compose = Read("deploy/compose.yaml");
    private static readonly string Unit = Read("deploy/payonce.service");
    private static readonly string Guide = Read("docs/operating.md");
    private static readonly string[] NotInTheImage = Read(".dockerignore").Split('\n');

    [Fact]
    public void The_server_starts_with_the_configuration_given_as_an_example()
    {
        var surroundings = new Surroundings(_ => null, SourceTree.Root, "test", Stream.Null, Stream.Null, TextWriter.Null, OutputWidth: null, ErrorIsTerminal: false, TimeProvider.System, new ProcessNode());
        var (options, problems) = ServerConfiguration.Read("deploy/payonce.json", new Dictionary<string, string?>(), surroundings);
        Assert.Empty(problems);
        Assert.NotNull(options);
    }

    [Fact]
    public void Every_setting_that_is_made_stands_in_the_guide() =>
        Assert.All(Setting().Matches(Dockerfile + Compose + Unit), setting => Assert.Contains($"`{setting.Value}`", Guide, StringComparison.Ordinal));

    [Fact]
    public void Whoever_stops_the_server_leaves_it_longer_than_it_waits_for_its_runs()
    {
        Assert.InRange(Number(@"stop_grace_period: (\d+)s", Compose), new ServerOptions().StopSeconds + 10, 600);
        Assert.InRange(Number(@"TimeoutStopSec=(\d+)", Unit), new ServerOptions().StopSeconds + 10, 600);
    }

    [Fact]
    public void Secrets_files_reach_neither_the_repository_nor_the_image()
    {
        var notInTheRepository = Read(".gitignore").Split('\n');
        var files = SecretFile().Matches(Compose);
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.Contains($"deploy/{file.Groups[1].Value}", notInTheRepository));
        Assert.Contains("deploy", NotInTheImage);
    }

    [Fact]
    public void The_image_is_built_of_a_project_that_reaches_it()
    {
        Assert.Contains("dockerfile: deploy/Dockerfile", Compose, StringComparison.Ordinal);
        var project = Regex.Match(Dockerfile, "dotnet publish ([^ ]+)").Groups[1].Value;
        Assert.True(File.Exists(Path.Combine(SourceTree.Root, project, "PayOnce.App.csproj")));
        foreach (var needed in new[] { project, "samples", "Directory.Build.props", "Directory.Packages.props", "global.json" })
        {
            Assert.DoesNotContain(needed.Split('/')[0], NotInTheImage);
        }
    }

    [Fact]
    public void The_port_that_is_published_is_the_one_that_the_image_listens_on()
    {
        var port = Number(@"EXPOSE (\d+)", Dockerfile);
        Assert.Equal(port, Number(@"PAYONCE_URLS=http://0\.0\.0\.0:(\d+)", Dockerfile));
        Assert.Equal(port, Number(@"ports: \[""127\.0\.0\.1:\d+:(\d+)""\]", Compose));
    }

    // The file of a secret keeps its owner in the container: the guide hands it to the image's user by number.
    [Fact]
    public void The_guide_names_the_user_that_the_image_has() =>
        Assert.Equal(Number(@"useradd --uid (\d+)", Dockerfile), Number(@"sudo chown (\d+) pgpass", Guide));

    private static int Number(string pattern, string text) => int.Parse(Assert.Single(Regex.Matches(text, pattern)).Groups[1].Value, CultureInfo.InvariantCulture);

    private static string Read(string file) => File.ReadAllText(Path.Combine(SourceTree.Root, file)).ReplaceLineEndings("\n");

    [GeneratedRegex("PAYONCE_[A-Z_]*[A-Z]")]
    private static partial Regex Setting();

    [GeneratedRegex(@"file: \./(\S+)")]
    private static partial Regex SecretFile();
}
