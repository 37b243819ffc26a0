using System.Text;
using PayOnce.Claims;
using PayOnce.Exporters.Mapping;
using static PayOnce.Tests.Exporters.Examples;

namespace PayOnce.Tests.Exporters;

public sealed class RenderingTests
{
    [Fact]
    public void Every_field_can_stand_in_a_column_and_in_a_template()
    {
        var columns = FieldCatalogue.All.Select(field => $$"""{"name":"{{field.Name}}","field":"{{field.Name}}"},{"name":"t {{field.Name}}","template":"<{{{field.Name}}}>"}""");
        var settings = Settings($$"""
            {
              "exporter": "generic", "transport": "file", "format": "csv",
              "accounts": { "default": "7140", "credit": "2400" },
              "dimensions": { "department": { "passThrough": true } },
              "voucher": { "dueDays": 14 },
              "mapping": { "rows": "lines-and-balance", "columns": [{{string.Join(",", columns)}},{"name":"dimension","field":"dimension:department"}] }
            }
            """);
        var renderer = Renderer(settings);
        var batch = renderer.Render([Reserved(Claim("A-1", Line(63_600, "mileage", "Kjøring", 120m, "km", new Dimension("department", "oslo"))))], 41);
        var rows = CsvFile.Read(settings, File(renderer, batch));
        var key = PayOnce.Guard.ExportKey.Derive("hlf", "A-1", 0);
        Assert.Equal("hlf 17 2026-02-02 A-1 " + key + " 0 V00042 Kari Nordmann travel NOK  2026-02-01 Ola Leder 636.00 41 2026-02-01 2026-02-15 2026 2 1 2026-01-14 mileage Kjøring 636.00 636.00  120 km 7140 ", Joined(rows[0]));
        Assert.Equal("hlf 17 2026-02-02 A-1 " + key + " 0 V00042 Kari Nordmann travel NOK  2026-02-01 Ola Leder 636.00 41 2026-02-01 2026-02-15 2026 2 2    -636.00  636.00   2400 V00042", Joined(rows[1]));
        Assert.Equal(["oslo", ""], rows.Select(row => row["dimension"]));
        foreach (var row in rows)
        {
            foreach (var field in FieldCatalogue.All) Assert.Equal($"<{row[field.Name]}>", row[$"t {field.Name}"]);
        }
    }

    [Fact]
    public void The_posting_date_is_the_day_of_approval_where_the_organisation_is()
    {
        // 31 January 23:30 in UTC is 1 February 00:30 in Oslo, and still January in New York.
        var claim = Reserved(Claim("A-1", Line(100)));
        Assert.Contains(";20260201;", Text(Renderer(Settings("xledger", "gl02")).Render([claim], 1)), StringComparison.Ordinal);
        var context = Context with { Organisation = Hlf with { TimeZone = "America/New_York" } };
        Assert.Contains(";2026;1;20260131;", Text(PayOnce.Exporters.ExporterCatalogue.Get("xledger").CreateRenderer(Settings("xledger", "gl02"), context).Render([claim], 1)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("approvedAt", "20260201")]
    [InlineData("runDate", "20260202")]
    [InlineData("lastLine", "20260130")]
    public void The_posting_date_follows_the_setting(string rule, string expected)
    {
        var settings = Settings($$"""{"exporter":"xledger","transport":"file","format":"gl02","voucher":{"postingDate":"{{rule}}" } }""");
        var claim = Claim("A-1", Line(100), Line(100) with { Date = new DateOnly(2026, 1, 30) }, Line(100));
        Assert.All(CsvFile.Read(settings, File(Renderer(settings), Renderer(settings).Render([Reserved(claim)], 1))), row => Assert.Equal(expected, row["VoucherDate"]));
    }

    [Fact]
    public void An_account_is_found_by_category_then_by_type_then_by_default()
    {
        var settings = Settings("""{"exporter":"xledger","transport":"file","format":"gl02","accounts":{"default":"7140","categories":{"mileage":"7100"},"types":{"honorarium":"5330"},"credit":"2400"}}""");
        var travel = Claim("A-1", Line(100, "mileage"), Line(100, "toll"));
        var honorarium = Claim("A-2", Line(100, "mileage"), Line(100, "honorarium")) with { Type = "honorarium" };
        var rows = CsvFile.Read(settings, File(Renderer(settings), Renderer(settings).Render([Reserved(travel), Reserved(honorarium)], 1)));
        Assert.Equal(["7100", "7140", "2400", "7100", "5330", "2400"], rows.Select(row => row["account"]));
    }

    [Fact]
    public void The_ledger_texts_say_neither_who_nor_what_nor_where()
    {
        var claim = Claim("A-1", Line(100, "mileage", "Kjøring til Sunnaas sykehus"));
        foreach (var (exporter, format) in new[] { ("xledger", "gl02"), ("xledger", "gl02b"), ("xledger", "json"), ("dynamics", "journal"), ("dynamics", "json") })
        {
            var text = Text(Renderer(Settings(exporter, format)).Render([Reserved(claim)], 1));
            Assert.Contains("travel A-1", text, StringComparison.Ordinal);
            Assert.DoesNotContain("Sunnaas", text, StringComparison.Ordinal);
            Assert.DoesNotContain("Nordmann", text, StringComparison.Ordinal);
            Assert.DoesNotContain("Leder", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void GL02_has_the_49_columns_of_its_import_definition_in_every_row()
    {
        const string header = "ImpSystem;ImpSystemRef;voucherType;VoucherNo;FiscalYear;PeriodNo;VoucherDate;account;Account Ledger (Asset/BankAccount);posting1;Posting 2 (PRJ);XGL;SubledgerNo;SubledgerName;InvoiceDate;InvoiceNo;Xidentifier/KID;DueDate;BankAccount;PaymentTerms;text;TaxRule;Currency;Currency Amount;amount;UpdateSubledger;SubledgerGroup;CompanyNo;StreetAddressL1;StreetAddressL2;ZipCode;Place;State;Country;BillingStreetAddressL1;BillingStreetAddressL2;BillingZipCode;BillingPlace;BillingState;BillingCountry;Phone;Email;YourRef;Dummy1;Dummy2;Dummy3;Dummy4;Dummy5;EOL";
        var renderer = Renderer(Settings("xledger", "gl02"));
        var lines = Encoding.UTF8.GetString(File(renderer, renderer.Render([Reserved(Claim("A-1", Line(100)))], 1))).Split("\r\n");
        Assert.Equal(header, lines[0]);
        Assert.Equal(4, lines.Length);
        Assert.Equal("", lines[3]);
        Assert.All(lines[..3], line => Assert.Equal(49, line.Split(';').Length));
        Assert.All(lines[1..3], line => Assert.EndsWith(";x", line, StringComparison.Ordinal));
    }

    [Fact]
    public void GL02b_without_an_entity_names_the_organisation()
    {
        var settings = Settings("xledger", "gl02b");
        var row = CsvFile.Read(settings, File(Renderer(settings), Renderer(settings).Render([Reserved(Claim("A-1", Line(100)))], 1)))[0];
        Assert.Equal(("GL02b", "hlf"), (row["ImpSystem"], row["Entity"]));
        Assert.Equal(["ImpSystem", "ImpSystemRef", "Entity", "voucherType"], row.Keys.Take(4));
    }

    [Fact]
    public void Business_Central_is_told_the_account_type_before_the_account()
    {
        var text = Text(Renderer(Settings("dynamics", "json")).Render([Reserved(Claim("A-1", Line(100)))], 1));
        Assert.All(text.Split(",\n"), row => Assert.StartsWith("{\"accountType\":\"", row, StringComparison.Ordinal));
        Assert.All(text.Split(",\n"), row => Assert.InRange(row.IndexOf("\"accountNumber\"", StringComparison.Ordinal), 1, row.IndexOf("\"amount\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_bytes_of_a_batch_stay_as_they_are_until_they_are_given_back()
    {
        var renderer = Renderer(Settings("generic", "csv"));
        var first = renderer.Render([Reserved(Claim("A-1", Line(100)))], 1);
        var copy = first.Bytes.ToArray();
        using (var second = renderer.Render([Reserved(Claim("B-1", Line(200)))], 2)) Assert.NotEqual(copy, second.Bytes.ToArray());
        Assert.Equal(copy, first.Bytes.ToArray());
        // Given back twice by mistake, a buffer must still not be lent to two others.
        first.Dispose();
        first.Dispose();
        var third = renderer.Render([Reserved(Claim("C-1", Line(300)))], 3);
        var fourth = renderer.Render([Reserved(Claim("D-1", Line(400)))], 4);
        Assert.Contains("C-1", Text(third), StringComparison.Ordinal);
        Assert.Contains("D-1", Text(fourth), StringComparison.Ordinal);
        Assert.DoesNotContain("D-1", Text(third), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_batches_may_be_rendered_at_the_same_time()
    {
        foreach (var integration in Golden.GoldenFileTests.Names)
        {
            var renderer = Renderer(Golden.GoldenFileTests.Settings(integration));
            var expected = renderer.Render(Golden.GoldenClaims.All, 1).Bytes.ToArray();
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
                () =>
                {
                    for (var i = 0; i < 50; i++)
                    {
                        using var batch = renderer.Render(Golden.GoldenClaims.All, 1);
                        Assert.True(batch.Bytes.Span.SequenceEqual(expected));
                    }
                },
                TestContext.Current.CancellationToken)));
        }
    }

    [Fact]
    public void A_batch_of_five_thousand_claims_leaves_no_garbage_to_speak_of()
    {
        var renderer = Renderer(Settings("xledger", "gl02"));
        var claims = Enumerable.Range(1, 5_000).Select(n => Reserved(Claim($"A-{n}", Line(100 + n), Line(200, "ticket")))).ToList();
        for (var i = 0; i < 3; i++) renderer.Render(claims, 1).Dispose();
        var before = GC.GetAllocatedBytesForCurrentThread();
        renderer.Render(claims, 1).Dispose();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024);
    }

    private static string Joined(IReadOnlyDictionary<string, string> row) => string.Join(' ', FieldCatalogue.All.Select(field => row[field.Name]));

    private static string Text(PayOnce.Exporters.RenderedBatch batch) => Encoding.UTF8.GetString(batch.Bytes.Span);
}
