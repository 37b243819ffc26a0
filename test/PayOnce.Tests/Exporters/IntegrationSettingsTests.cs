using System.Text;
using PayOnce.Exporters;

namespace PayOnce.Tests.Exporters;

public sealed class IntegrationSettingsTests
{
    private static readonly string[] IntegrationFolders = ["samples", "test/PayOnce.Tests/Golden"];

    public static TheoryData<string, string> EveryFormat =>
        [.. ExporterCatalogue.All.SelectMany(exporter => exporter.Formats.Select(format => (exporter.Name, format)))];

    [Theory]
    [MemberData(nameof(EveryFormat))]
    public void Exporter_transport_and_format_are_enough(string exporter, string format)
    {
        var settings = Examples.Settings($$"""{ "exporter": "{{exporter}}", "transport": "file", "format": "{{format}}" }""");
        var batch = Examples.Renderer(settings).Render([Examples.Reserved(Examples.Claim("A-1", Examples.Line(63_600)))], firstVoucher: 1);
        Assert.Equal(1, batch.Claims);
        Assert.Empty(batch.Rejections);
    }

    [Theory]
    [InlineData("""{"exporter":"xledger","transport":"fax","format":"gl02"}""", """i.json, transport "fax": must be one of "file", "api" """)]
    [InlineData("""{"exporter":"sap","transport":"file","format":"csv"}""", """i.json, exporter "sap": must be one of "xledger", "dynamics", "generic" """)]
    [InlineData("""{"exporter":"xledger","transport":"file","format":"journal"}""", """i.json, format "journal": must be one of "gl02", "gl02b", "json" """)]
    [InlineData("""{"transport":"file","format":"csv"}""", """i.json, exporter: is missing; it must be one of "xledger", "dynamics", "generic" """)]
    [InlineData("""{"exporter":"generic","transport":"file","format":"csv","exporter":"xledger"}""", "i.json, exporter: stands twice; it must stand once")]
    [InlineData("""{"exporter":"generic","transport":"file","format":"csv","force":true}""", "i.json, force: is unknown; known here are accounts, api, currencies, dimensions, exporter, flags, folder, format, limits, localCurrency, mapping, texts, transport, voucher")]
    [InlineData("""{"exporter":"generic","transport":"file","format":7}""", """i.json, format "7": must be a text in quotes""")]
    [InlineData("""{"exporter":"generic","transport":"file","format":"csv","mapping":[]}""", """i.json, mapping "[]": must be an object in braces""")]
    [InlineData("""{"exporter":"generic","transport":"file","format":"csv","mapping":{"header":"yes"}}""", """i.json, mapping.header ""yes"": must be true or false""")]
    [InlineData("""{"exporter":"generic","transport":"file","format":"csv","mapping":{"quoting":"sometimes"}}""", """i.json, mapping.quoting "sometimes": must be one of "when-needed", "always", "never" """)]
    [InlineData("""{"exporter":"generic","transport":"file","format":"csv","mapping":{"columns":[{"name":"a","field":"claimId","constant":"x"}]}}""", "i.json, mapping.columns[0].field: must stand alone: a column has exactly one of field, constant and template")]
    [InlineData("""{"exporter":"generic","transport":"file","format":"csv","mapping":{"columns":[{"name":"a","field":"claimId","width":0}]}}""", """i.json, mapping.columns[0].width "0": must be a whole number from 1 to 10000""")]
    [InlineData("""{"exporter":"generic","transport":"file","format":"csv","mapping":{"columns":[{"name":"a","field":"exportKey","balance":{"constant":"x","feild":"x"}}]}}""", "i.json, mapping.columns[0].balance.feild: is unknown; known here are constant, field, format, template")]
    [InlineData("""{"exporter":"generic","transport":"file","format":"csv","mapping":{"columns":[]}}""", "i.json, mapping.columns: must have from 1 to 500 columns")]
    [InlineData("""{"exporter":"generic","transport":"file","format":"csv","currencies":["NOK","JPY"]}""", """i.json, currencies "JPY": must be the ISO 4217 code of a currency with two decimals, such as NOK""")]
    [InlineData("""{"exporter":"generic","transport":"file","format":"csv","currencies":["NOK","NOK"]}""", """i.json, currencies "NOK": stands twice; it must stand once""")]
    [InlineData("""{"exporter":"generic","transport":"file","format":"csv","currencies":[]}""", "i.json, currencies: must name at least one currency")]
    [InlineData("""{"exporter":"generic","transport":"file","format":"csv","folder":"exports"}""", """i.json, folder "exports": must be an absolute path""")]
    [InlineData("""{"exporter":"generic","transport":"file","format":"csv","accounts":{"default":""}}""", """i.json, accounts.default "": must not be empty""")]
    [InlineData("""{"exporter":"generic","transport":"file","format":"csv","accounts":{"categories":{"mileage":7100}}}""", """i.json, accounts.categories.mileage "7100": must be a text in quotes""")]
    [InlineData("""{"exporter":"generic","transport":"file","format":"csv","dimensions":{"department":{"target":"dep"}}}""", """i.json, dimensions.department.values: is missing; give the values, or "passThrough": true to send them as they are""")]
    [InlineData("""{"exporter":"generic","transport":"file","format":"csv","voucher":{"postingDate":"yesterday"}}""", """i.json, voucher.postingDate "yesterday": must be one of "approvedAt", "runDate", "lastLine" """)]
    [InlineData("""[1]""", "i.json: must be a JSON object in braces")]
    [InlineData("""{"exporter":"generic","transport":"file","format":"\ud800"}""", "i.json: has a text that is not Unicode (half a surrogate pair or invalid UTF-8)")]
    public void A_file_with_one_fault_is_answered_with_its_place_value_and_rule(string json, string expected)
    {
        var (settings, problems) = IntegrationSettings.Parse("i.json", Encoding.UTF8.GetBytes(json));
        Assert.Null(settings);
        Assert.Equal([expected.TrimEnd()], problems.Select(problem => problem.ToString()));
    }

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var (_, problems) = IntegrationSettings.Parse("i.json", """{"exporter":"generic","format":7,"accounts":{"defualt":"1"},"limits":{"a":0}}"""u8);
        Assert.Equal(["transport", "format", "accounts.defualt", "limits.a"], problems.Select(problem => problem.Field));
    }

    [Theory]
    [InlineData("{\n\"exporter\":\n}", 3)]
    [InlineData("{\"exporter\":\"generic\",}", 1)]
    [InlineData("// generic\n{}", 1)]
    [InlineData("", 1)]
    public void What_is_not_JSON_is_answered_with_its_line(string json, int line)
    {
        var (settings, problems) = IntegrationSettings.Parse("i.json", Encoding.UTF8.GetBytes(json));
        Assert.Null(settings);
        var problem = Assert.Single(problems);
        Assert.Equal(line, problem.Line);
        Assert.StartsWith("is not JSON: ", problem.Rule, StringComparison.Ordinal);
    }

    [Fact]
    public void Invalid_UTF_8_is_answered_and_not_replaced()
    {
        byte[] json = [.. "{\"exporter\":\"generic\",\"transport\":\"file\",\"format\":\"csv\",\"texts\":{\"line\":\""u8, 0xff, .. "\"}}"u8];
        var (settings, problems) = IntegrationSettings.Parse("i.json", json);
        Assert.Null(settings);
        Assert.NotEmpty(problems);
    }

    [Fact]
    public void A_byte_order_mark_in_front_is_no_fault()
    {
        byte[] json = [.. "\uFEFF"u8, .. """{"exporter":"generic","transport":"file","format":"csv"}"""u8];
        Assert.NotNull(IntegrationSettings.Parse("i.json", json).Settings);
    }

    [Fact]
    public void The_same_settings_in_another_order_and_spacing_are_stored_as_the_same_text()
    {
        var one = Examples.Settings("""{"exporter":"generic","transport":"file","format":"csv","accounts":{"default":"7140","categories":{"b":"2","a":"1"}},"dimensions":{"y":{"passThrough":true},"x":{"passThrough":true,"target":"X"}}}""");
        var other = Examples.Settings("""
            {
              "dimensions": { "x": { "target": "X", "passThrough": true }, "y": { "target": "y", "passThrough": true } },
              "accounts": { "categories": { "a": "1", "b": "2" }, "default": "7140" },
              "format": "csv", "transport": "file", "exporter": "generic"
            }
            """);
        Assert.Equal(one.ToJson(), other.ToJson());
    }

    [Theory]
    [MemberData(nameof(EveryIntegrationFile))]
    public void Settings_survive_being_stored(string path)
    {
        var settings = Examples.Settings(File.ReadAllText(Path.Combine(Examples.Root, path)));
        var stored = IntegrationSettings.FromStored(settings.ToJson());
        Assert.Equal(settings.ToJson(), stored.ToJson());
        Assert.Empty(ExporterCatalogue.Get(stored.Exporter).Check(stored));
        var renderer = Examples.Renderer(settings);
        var again = Examples.Renderer(stored);
        Assert.Equal(Examples.File(renderer, renderer.Render(Golden.GoldenClaims.All, 7)), Examples.File(again, again.Render(Golden.GoldenClaims.All, 7)));
    }

    public static TheoryData<string> EveryIntegrationFile =>
        [.. IntegrationFolders
            .SelectMany(folder => Directory.GetFiles(Path.Combine(Examples.Root, folder), "integration.json", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Examples.Root, path))
            .Order(StringComparer.Ordinal)];

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"exporter":"generic","transport":"file","format":"csv","force":true}""")]
    public void A_stored_text_that_is_not_ours_throws(string json) => Assert.Throws<InvalidDataException>(() => IntegrationSettings.FromStored(json));

    [Fact]
    public void An_exporter_is_found_by_its_name_and_by_nothing_else()
    {
        Assert.Equal(["xledger", "dynamics", "generic"], ExporterCatalogue.Names);
        Assert.Equal(["gl02", "gl02b", "json"], ExporterCatalogue.Find("xledger")!.Formats);
        Assert.Equal(["journal", "json"], ExporterCatalogue.Find("dynamics")!.Formats);
        Assert.Equal(["csv", "json"], ExporterCatalogue.Find("generic")!.Formats);
        Assert.Null(ExporterCatalogue.Find("Xledger"));
    }
}
