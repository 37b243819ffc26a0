using System.Text;
using PayOnce.Exporters;
using PayOnce.Exporters.Api;
using PayOnce.Exporters.Settings;

namespace PayOnce.Tests.Exporters;

/// <summary>The parts <c>api</c> and <c>flags</c> of an integration file: their form, their canonical text, and what the other transport refuses.</summary>
public sealed class ApiSettingsTests
{
    private const string Dynamics = """{"tenant":"contoso.onmicrosoft.com","environment":"production","company":"5d115c9c-44e3-ea11-bb43-000d3a2feca1","clientId":"a1"}""";

    public static TheoryData<string> EveryWholeFile =>
    [
        """{"exporter":"generic","transport":"api","format":"json","api":{"endpoint":"https://example.no/in","proofClass":"windowed","windowSeconds":86400,"quietSeconds":0.25,"claimsPerRequest":100,"parallel":4,"timeoutSeconds":0.05,"retry":{"tries":3,"baseDelaySeconds":0.5,"maximumDelaySeconds":8,"budgetSeconds":30},"automaticRelease":true}}""",
        """{"exporter":"xledger","transport":"api","format":"json","api":{"xledger":{"owner":"51234","importDefinition":"PAYONCE","jobLevel":1,"requestsPerMonth":5000}}}""",
        $$$"""{"exporter":"dynamics","transport":"api","format":"json","flags":["dynamics-api"],"api":{"dynamics":{{{Dynamics}}}}}""",
        """{"exporter":"dynamics","transport":"api","format":"json","api":{"dynamics":{"tenant":"t","environment":"e","company":"5d115c9c-44e3-ea11-bb43-000d3a2feca1","clientId":"c","booking":"journal","post":false,"createVendors":true,"authority":"http://localhost:5002/"}}}""",
        """{"exporter":"xledger","transport":"api","format":"json"}""",
    ];

    [Theory]
    [MemberData(nameof(EveryWholeFile))]
    public void Settings_survive_being_stored(string json)
    {
        var settings = Form(json);
        var stored = IntegrationSettings.FromStored(settings.ToJson());
        Assert.Equal(settings.Api, stored.Api);
        Assert.Equal(settings.Flags, stored.Flags);
        Assert.Equal(settings.ToJson(), stored.ToJson());
    }

    [Fact]
    public void What_is_said_is_what_the_exporter_is_given()
    {
        var settings = Form(EveryWholeFile.First().Data);
        Assert.Equal(
            new ApiSettings
            {
                Endpoint = new Uri("https://example.no/in"),
                ProofClass = ProofClass.Windowed,
                Window = TimeSpan.FromDays(1),
                QuietTime = TimeSpan.FromMilliseconds(250),
                ClaimsPerRequest = 100,
                Parallel = 4,
                Timeout = TimeSpan.FromMilliseconds(50),
                Retry = new RetryOptions(3, TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(30), RetryOptions.Standard.Jitter),
                AutomaticRelease = true,
            },
            settings.Api);
    }

    [Fact]
    public void Without_the_part_everything_is_as_documented_and_equal_settings_give_equal_text()
    {
        var bare = Form("""{"exporter":"xledger","transport":"api","format":"json"}""");
        Assert.Equal(new ApiSettings(), bare.Api);
        Assert.Equal(bare.ToJson(), Form("""{"format":"json","flags":[],"api":{"retry":{"maximumDelaySeconds":60.0,"tries":5},"timeoutSeconds":1e2},"transport":"api","exporter":"xledger"}""").ToJson());
        Assert.Null(Form("""{"exporter":"xledger","transport":"file","format":"json"}""").Api);
    }

    [Theory]
    [InlineData("""{"endpoint":"http://example.no"}""", """api.endpoint "http://example.no": must begin with https://; http:// goes only to this machine itself (localhost, 127.0.0.1, [::1])""")]
    [InlineData("""{"endpoint":"http://127.0.0.1.example.no"}""", """api.endpoint "http://127.0.0.1.example.no": must begin with https://; http:// goes only to this machine itself (localhost, 127.0.0.1, [::1])""")]
    [InlineData("""{"endpoint":"https://kari:hunter2@example.no"}""", "api.endpoint: must have no user name or password; `payonce integrations secret set` keeps secrets")]
    [InlineData("""{"endpoint":"https://@example.no"}""", "api.endpoint: must have no user name or password; `payonce integrations secret set` keeps secrets")]
    [InlineData("""{"endpoint":"https://example.no/#a"}""", """api.endpoint "https://example.no/#a": must have no fragment (#…), which is never sent""")]
    [InlineData("""{"endpoint":"https://example.no/?"}""", """api.endpoint "https://example.no/?": must have no query (?…): it is the address that the API's own paths are put behind, and settings are no place for a key""")]
    [InlineData("""{"endpoint":"ftp://example.no"}""", """api.endpoint "ftp://example.no": must be an address such as https://api.example.com/v1""")]
    [InlineData("""{"endpoint":"/in"}""", """api.endpoint "/in": must be an address such as https://api.example.com/v1""")]
    [InlineData("""{"endpoint":"https:///in"}""", """api.endpoint "https:///in": must be an address such as https://api.example.com/v1""")]
    [InlineData("""{"timeoutSeconds":0}""", """api.timeoutSeconds "0": must be from 0.001 to 3600 seconds, with at most three decimals""")]
    [InlineData("""{"timeoutSeconds":1.2345}""", """api.timeoutSeconds "1.2345": must be from 0.001 to 3600 seconds, with at most three decimals""")]
    [InlineData("""{"timeoutSeconds":1e99}""", """api.timeoutSeconds "1e99": must be from 0.001 to 3600 seconds, with at most three decimals""")]
    [InlineData("""{"timeoutSeconds":"100"}""", """api.timeoutSeconds ""100"": must be a number of seconds""")]
    [InlineData("""{"timeout":100}""", "api.timeout: is unknown; known here are automaticRelease, claimsPerRequest, dynamics, endpoint, parallel, proofClass, quietSeconds, retry, timeoutSeconds, windowSeconds, xledger")]
    [InlineData("""{"retry":{"tries":0}}""", """api.retry.tries "0": must be a whole number from 1 to 100""")]
    [InlineData("""{"retry":{"baseDelaySeconds":5,"maximumDelaySeconds":2.5}}""", "api.retry.maximumDelaySeconds: must be at least baseDelaySeconds: here it is 2.5 and 5")]
    [InlineData("""{"proofClass":"probably"}""", """api.proofClass "probably": must be one of "unique", "windowed", "readable", "blind" """)]
    [InlineData("""{"dynamics":{"tenant":"../x","environment":"e","company":"5d115c9c-44e3-ea11-bb43-000d3a2feca1","clientId":"c"}}""", """api.dynamics.tenant "../x": must be at most 100 letters, digits, dots, hyphens and underscores, with a letter or digit first""")]
    [InlineData("""{"dynamics":{"tenant":"t","environment":"e","company":"CRONUS","clientId":"c"}}""", """api.dynamics.company "CRONUS": must be a GUID such as 5d115c9c-44e3-ea11-bb43-000d3a2feca1""")]
    [InlineData("""{"dynamics":{"tenant":"t","environment":"e","company":"5d115c9c-44e3-ea11-bb43-000d3a2feca1"}}""", "api.dynamics.clientId: is missing")]
    [InlineData("""{"token":"hunter2"}""", "api.token: is unknown; known here are automaticRelease, claimsPerRequest, dynamics, endpoint, parallel, proofClass, quietSeconds, retry, timeoutSeconds, windowSeconds, xledger")]
    public void A_fault_of_form_is_answered_with_its_place_value_and_rule(string api, string expected)
    {
        var (_, problems) = SettingsReader.Read("i.json", Encoding.UTF8.GetBytes($$"""{"exporter":"generic","transport":"api","format":"json","api":{{api}}}"""));
        Assert.Equal(["i.json, " + expected.TrimEnd()], problems.Select(problem => problem.ToString()));
    }

    [Theory]
    [InlineData("""["dynamics-apis"]""", """i.json, flags "dynamics-apis": must be one of "dynamics-api" """)]
    [InlineData("""["dynamics-api","dynamics-api"]""", """i.json, flags "dynamics-api": stands twice; it must stand once""")]
    public void A_flag_that_does_not_exist_is_no_flag(string flags, string expected)
    {
        var (_, problems) = SettingsReader.Read("i.json", Encoding.UTF8.GetBytes($$"""{"exporter":"dynamics","transport":"file","format":"json","flags":{{flags}}}"""));
        Assert.Equal([expected.TrimEnd()], problems.Select(problem => problem.ToString()));
    }

    [Theory]
    [InlineData("generic", """{"transport":"api","format":"json"}""", "api.endpoint: is missing: there is no address that PayOnce could know")]
    [InlineData("generic", """{"transport":"api","format":"json","api":{"endpoint":"https://e.no","proofClass":"windowed"}}""", "api.windowSeconds: is missing: say for how long the endpoint remembers a key")]
    [InlineData("generic", """{"transport":"api","format":"json","api":{"endpoint":"https://e.no","windowSeconds":60}}""", """api.windowSeconds "60": has a meaning only with proofClass "windowed" """)]
    [InlineData("generic", """{"transport":"api","format":"json","api":{"endpoint":"https://e.no","proofClass":"blind","automaticRelease":true}}""", """api.automaticRelease "true": has no use with proofClass "blind": nothing can be read back there""")]
    [InlineData("generic", """{"transport":"api","format":"json","api":{"endpoint":"https://e.no","xledger":{}}}""", "api.xledger: belongs to xledger; here it has no use")]
    [InlineData("xledger", """{"transport":"api","format":"json","api":{"proofClass":"unique"}}""", """api.proofClass "unique": cannot be chosen: what xledger proves is known""")]
    [InlineData("xledger", """{"transport":"api","format":"json","folder":"/srv/in"}""", """folder: has a meaning only with transport "file" """)]
    [InlineData("xledger", """{"transport":"api","format":"json","limits":{"text":60}}""", "limits: has no meaning for the format json, which has no columns")]
    [InlineData("xledger", """{"transport":"api","format":"gl02"}""", """format "gl02": must be json with transport "api" """)]
    [InlineData("xledger", """{"transport":"file","format":"json","api":{}}""", """api: has a meaning only with transport "api" """)]
    [InlineData("dynamics", """{"transport":"api","format":"json"}""", "api.dynamics: is missing: tenant, environment, company and clientId stand there")]
    public void Settings_of_the_other_transport_or_of_another_system_are_refused(string exporter, string json, string expected)
    {
        var settings = Form($$"""{"exporter":"{{exporter}}",{{json[1..]}}""");
        Assert.Equal([expected.TrimEnd()], SettingsCheck.Run(new Exporter(exporter, HasApi: true), settings, []).Select(problem => problem.ToString()));
    }

    [Fact]
    public void An_exporter_without_an_API_says_so()
    {
        var settings = Form("""{"exporter":"xledger","transport":"api","format":"gl02"}""");
        Assert.Equal(
            ["transport \"api\": is not possible: xledger has no API in this version; use \"file\""],
            SettingsCheck.Run(new Exporter("xledger", HasApi: false), settings, []).Select(problem => problem.ToString()));
    }

    [Fact]
    public void The_exporters_own_questions_about_its_API_are_asked_and_those_about_files_are_not()
    {
        var settings = Form("""{"exporter":"xledger","transport":"api","format":"json","localCurrency":"SEK"}""");
        Assert.Equal(["from the API"], SettingsCheck.Run(new Exporter("xledger", HasApi: true), settings, [[new Problem("from the file")]]).Select(problem => problem.Rule));
    }

    private static IntegrationSettings Form(string json)
    {
        var (settings, problems) = SettingsReader.Read("i.json", Encoding.UTF8.GetBytes(json));
        Assert.Empty(problems);
        return settings!;
    }

    /// <summary>Has an API or not, whatever the exporters of this version have; it refuses the Swedish krone.</summary>
    private sealed record Exporter(string Name, bool HasApi) : IExporter, IApiExporter
    {
        public IReadOnlyList<string> Formats => ExporterCatalogue.AllFormats;

        public IApiExporter? Api => HasApi ? this : null;

        public IReadOnlyList<string> Secrets => [];

        IReadOnlyList<Problem> IApiExporter.Check(IntegrationSettings settings) => settings.LocalCurrency == "SEK" ? [new Problem("from the API")] : [];

        IReadOnlyList<Problem> IExporter.Check(IntegrationSettings settings) => throw new NotSupportedException();

        public IBatchRenderer CreateRenderer(IntegrationSettings settings, RenderContext context) => throw new NotSupportedException();

        public IAccountingApi Open(IntegrationSettings settings, RenderContext context, IReadOnlyDictionary<string, string> secrets, AccountingClient client) => throw new NotSupportedException();
    }
}
