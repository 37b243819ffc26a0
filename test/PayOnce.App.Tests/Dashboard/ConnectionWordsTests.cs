using System.Text.RegularExpressions;
using PayOnce.App.Dashboard;
using PayOnce.App.Tests.Support;

namespace PayOnce.App.Tests.Dashboard;

/// <summary>The connection test speaks English to the command line and the API; on a bokmål page nobody should have to read it.</summary>
public sealed class ConnectionWordsTests
{
    // Where a check's name and what is wrong with it are written down.
    private static readonly string[] Said =
    [
        "Api/AccountingClient.cs", "Api/AddressKinds.cs", "Api/EndpointRules.cs", "Generic/GenericProbe.cs", "Generic/GenericApi.cs", "Generic/GenericAnswers.cs", "Xledger/XledgerApi.Connection.cs", "Xledger/XledgerApi.Reading.cs",
        "Dynamics/BcReply.cs", "Dynamics/BcClient.cs", "Dynamics/EntraSignIn.cs", "Dynamics/BusinessCentralApi.cs", "Dynamics/JournalApi.cs", "Dynamics/PurchaseInvoiceApi.cs",
    ];

    private const string Text = "\\$?\"((?:[^\"\\\\{]|\\\\.|\\{(?:[^{}\"]|\"[^\"]*\")*\\})*)\"";

    /// <summary>A new check, or a new cause, without bokmål fails here.</summary>
    [Fact]
    public void Every_check_of_a_connection_and_every_cause_that_we_name_is_said_in_bokmal()
    {
        var sources = Said.ToDictionary(file => file, file => File.ReadAllText(Path.Combine(SourceTree.Root(), "src", "PayOnce", "Exporters", file)));
        var names = Found(sources.Values, $"(?:ConnectionCheck|\\bnew)\\({Text}, (?!StringComparison)|\\$top=1[^\"]*\", {Text}\\)");
        names.AddRange(Found([sources["Api/AddressKinds.cs"]], "\"((?:this machine|an? )[^\"]*)\""));
        // A sentence, or one that ends with what somebody else said.
        var causes = Found(sources.Where(source => Array.IndexOf(Said, source.Key) < 11).Select(source => source.Value), Text).FindAll(text => Regex.IsMatch(text, "^[A-Z].* .*(?:\\.|: 7)$"));
        // What a repetition came to stands in a sentence of its own, and what an entity is called too.
        causes.AddRange(["not answered: The answer was 503.", "taken twice, as A and as B.", "refused (no), which reads as if it had not been taken.", "It could not be found out: the answer could not be read"]);
        foreach (var what in names.FindAll(name => name.StartsWith("reading ", StringComparison.Ordinal)))
            causes.AddRange([$"{what} failed. The application needs a permission set that allows it.", $"{what}: The answer was 403. The application needs a permission set that allows it."]);
        foreach (var why in new[] { " failed.", ": No such company." }) causes.Add($"Reading the company{why} Check tenant, environment and company, and that the application is enabled in Business Central (page Microsoft Entra applications).");

        Assert.True(names.Count >= 20 && causes.Count >= 60, $"Only {names.Count} checks and {causes.Count} causes were found.");
        Assert.Empty(names.Concat(causes).Where(text => ConnectionRules.Find(text) is null));
        Assert.Equal("Leverandører lot seg ikke lese: Svaret var 403. Programmet trenger et rettighetssett som tillater det.", MappingRules.Bokmal("reading vendors: The answer was 403. The application needs a permission set that allows it."));
        Assert.Equal("Xledger godtok ikke spørsmålet med denne nøkkelen: Bad token", MappingRules.Bokmal("Xledger did not accept the question with this token: Bad token"));
    }

    // Line by line: a text that the pattern does not know ends with its line.
    private static List<string> Found(IEnumerable<string> sources, string pattern) =>
        [.. sources.SelectMany(source => source.Split('\n')).SelectMany(line => Regex.Matches(line, pattern)).Select(match => match.Groups.Values.Skip(1).First(group => group.Success).Value)
            .Select(text => Regex.Replace(text, "\\{(?:[^{}\"]|\"[^\"]*\")*\\}", "7").Replace("\\\"", "\"", StringComparison.Ordinal)).Where(text => text.Length > 0).Distinct()];
}
