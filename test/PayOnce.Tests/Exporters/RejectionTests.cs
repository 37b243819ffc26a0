using PayOnce.Claims;
using PayOnce.Exporters;
using PayOnce.Runs;
using static PayOnce.Tests.Exporters.Examples;

namespace PayOnce.Tests.Exporters;

/// <summary>A claim that cannot be rendered is left out by name, with the field, the value and the rule; the others go on.</summary>
public sealed class RejectionTests
{
    private static readonly Claim Good = Claim("GOOD-1", Line(500));

    [Theory]
    [InlineData("xledger", "gl02")]
    [InlineData("xledger", "json")]
    [InlineData("dynamics", "journal")]
    [InlineData("dynamics", "json")]
    [InlineData("generic", "csv")]
    [InlineData("generic", "json")]
    public void A_currency_that_is_not_booked_rejects_the_claim_and_no_other(string exporter, string format) =>
        Rejects(Settings(exporter, format), Claim("A-1", Line(500)) with { Currency = "EUR" }, """claim A-1, currency "EUR": cannot be booked: the integration books NOK""");

    [Fact]
    public void A_category_without_an_account_rejects_the_claim() => Rejects(
        Settings("""{"exporter":"xledger","transport":"file","format":"gl02","accounts":{"categories":{"mileage":"7100"},"credit":"2400"}}"""),
        Claim("A-1", Line(500), Line(600, "ticket")),
        """claim A-1, lines[1].category "ticket": has no account: neither the category nor the type "travel" has one in the integration's accounts, and there is no default""");

    [Theory]
    [InlineData("xledger", "gl02", "posting1")]
    [InlineData("xledger", "json", "glObject1")]
    [InlineData("dynamics", "journal", "Shortcut Dimension 2 Code")]
    [InlineData("dynamics", "json", "AVDELING")]
    [InlineData("generic", "csv", "avdeling")]
    [InlineData("generic", "json", "avdeling")]
    public void A_dimension_value_that_nobody_translated_rejects_the_claim(string exporter, string format, string target) => Rejects(
        Settings($$$"""{"exporter":"{{{exporter}}}","transport":"file","format":"{{{format}}}","dimensions":{"department":{"target":"{{{target}}}","values":{"oslo":"10"} } } }"""),
        Claim("A-1", Line(500, dimensions: new Dimension("department", "bergen"))),
        """claim A-1, lines[0].dimensions.department "bergen": has no value at the accounting system: it is not among the integration's values for this dimension""");

    [Fact]
    public void A_passed_through_dimension_value_that_is_too_long_rejects_the_claim() => Rejects(
        Settings("""{"exporter":"dynamics","transport":"file","format":"journal","dimensions":{"department":{"target":"Shortcut Dimension 1 Code","passThrough":true}}}"""),
        Claim("A-1", Line(500, dimensions: new Dimension("department", "twenty-one-characters"))),
        """claim A-1, lines[0], column Shortcut Dimension 1 Code "twenty-one-characters": has 21 characters; at most 20 are taken here""");

    [Fact]
    public void A_supplier_number_longer_than_the_account_field_rejects_the_claim() => Rejects(
        Settings("dynamics", "journal"),
        Claim("A-1", Line(500)) with { Claimant = new Claimant("V00000000000000000042", "Kari") },
        """claim A-1, column Account No. "V00000000000000000042": has 21 characters; at most 20 are taken here""");

    [Fact]
    public void The_same_supplier_number_in_JSON_rejects_the_claim() => Rejects(
        Settings("dynamics", "json"),
        Claim("A-1", Line(500)) with { Claimant = new Claimant("V00000000000000000042", "Kari") },
        """claim A-1, accountNumber "V00000000000000000042": has 21 characters; at most 20 are taken here""");

    [Theory]
    [InlineData("xledger", "gl02", "SubledgerNo")]
    [InlineData("dynamics", "journal", "Account No.")]
    public void A_supplier_number_that_looks_like_a_formula_is_not_changed_but_rejected(string exporter, string format, string column) => Rejects(
        Settings(exporter, format),
        Claim("A-1", Line(500)) with { Claimant = new Claimant("-42", "Kari") },
        $"""claim A-1, column {column} "-42": begins like a spreadsheet formula, and a reference cannot be changed to make it harmless""");

    [Fact]
    public void A_character_outside_the_encoding_rejects_the_claim() => Rejects(
        Settings("""{"exporter":"generic","transport":"file","format":"csv","mapping":{"encoding":"windows-1252"}}"""),
        Claim("A-1", Line(500, description: "Mánnodat Č")),
        """claim A-1, lines[0], column description "Mánnodat Č": has the character Č (U+010C), which Windows-1252 does not have""");

    [Theory]
    [InlineData("csv")]
    [InlineData("json")]
    public void Half_a_surrogate_pair_rejects_the_claim(string format) => Rejects(
        Settings("generic", format),
        Claim("A-1", Line(500)) with { Claimant = new Claimant("V1", "Kari \ud83e") },
        """claim A-1, claimantName "Kari \ud83e": has half a surrogate pair, which is not Unicode text""");

    [Theory]
    [InlineData('\u0000')]
    [InlineData('\u0007')]
    [InlineData('\u007f')]
    [InlineData('\u0085')]
    public void A_control_character_rejects_the_claim(char control) => Rejects(
        Settings("generic", "csv"),
        Claim("A-1", Line(500, description: $"a{control}b")),
        $"""claim A-1, lines[0], column description "a\u{(int)control:x4}b": must have no control characters""");

    [Theory]
    [InlineData("a;b")]
    [InlineData("a\"b")]
    [InlineData("a\r\nb")]
    public void What_would_need_quotes_rejects_the_claim_where_there_are_none(string description) => Rejects(
        Settings("""{"exporter":"generic","transport":"file","format":"csv","mapping":{"quoting":"never"}}"""),
        Claim("A-1", Line(500, description: description)),
        $"""claim A-1, lines[0], column description "{Problem.Printable(description)}": has a delimiter, quote or line break, and this file is written without quotes""");

    [Fact]
    public void A_missing_value_in_a_required_column_rejects_the_claim() => Rejects(
        Settings("""{"exporter":"generic","transport":"file","format":"csv","mapping":{"columns":[{"name":"key","field":"exportKey"},{"name":"unit","field":"unit","required":true}]}}"""),
        Claim("A-1", Line(500)),
        """claim A-1, lines[0], column unit "": must not be empty in this column""",
        Claim("GOOD-1", Line(500, quantity: 1, unit: "km")));

    [Fact]
    public void A_total_that_no_expense_claim_has_rejects_the_claim() => Rejects(
        Settings("generic", "csv"),
        Claim("A-1", Line(long.MaxValue)),
        """claim A-1, total "9223372036854775807": is above 10 000 000 000.00, which no expense claim is""");

    [Fact]
    public void A_total_of_zero_rejects_the_claim() => Rejects(
        Settings("generic", "csv"), Claim("A-1", Line(500), Line(-500)), "claim A-1, total: must be more than zero: what is owed to the claimant is credited");

    [Theory]
    [InlineData("gl02", "column VoucherNo \"100000000\": has 9 characters; at most 8 are taken here")]
    [InlineData("json", "trRegNumber \"100000000\": has more than eight digits")]
    public void A_voucher_number_of_nine_digits_rejects_the_claim(string format, string expected)
    {
        var batch = Renderer(Settings("xledger", format)).Render([Reserved(Good), Reserved(Claim("A-1", Line(500)))], firstVoucher: 99_999_999);
        Assert.Equal($"claim A-1, {expected}", Assert.Single(batch.Rejections).Problem.ToString());
        Assert.Equal(1, batch.Claims);
    }

    [Fact]
    public void Lines_that_do_not_sum_to_the_total_are_a_fault_and_not_a_voucher()
    {
        var claim = Reserved(Good);
        claim = claim with { Claim = claim.Claim with { TotalMinor = 501 } };
        foreach (var exporter in ExporterCatalogue.All)
        {
            foreach (var format in exporter.Formats)
                Assert.Throws<InvalidOperationException>(() => Renderer(Settings(exporter.Name, format)).Render([claim], 1));
        }
    }

    [Fact]
    public void A_batch_of_nothing_but_rejected_claims_is_empty()
    {
        foreach (var exporter in ExporterCatalogue.All)
        {
            foreach (var format in exporter.Formats)
            {
                var batch = Renderer(Settings(exporter.Name, format)).Render([Reserved(Good with { Currency = "EUR" }), Reserved(Good with { Currency = "SEK" })], 1);
                Assert.True(batch.Bytes.IsEmpty);
                Assert.Equal((0, 0L, 2), (batch.Claims, batch.Lines, batch.Rejections.Count));
                Assert.Empty(batch.ControlTotals);
            }
        }
    }

    // The bad one stands between two good ones, and what is written for those is as if it had never been there but for the voucher number.
    private static void Rejects(IntegrationSettings settings, Claim bad, string expected, Claim? good = null)
    {
        good ??= Good;
        var renderer = Renderer(settings);
        ReservedClaim[] claims = [Reserved(good), Reserved(bad), Reserved(good with { ClaimId = "GOOD-2" })];
        var batch = renderer.Render(claims, 1);
        var rejection = Assert.Single(batch.Rejections);
        Assert.Equal(bad.ClaimId, rejection.ClaimId);
        Assert.Equal(expected, rejection.Problem.ToString());
        Assert.Equal(2, batch.Claims);
        Assert.Equal([new ControlTotal("NOK", 2 * good.TotalMinor)], batch.ControlTotals);
        byte[] alone = [.. renderer.Render([claims[0]], 1).Bytes.Span, .. renderer.Separator.Span, .. renderer.Render([claims[2]], 3).Bytes.Span];
        Assert.Equal(alone, batch.Bytes.ToArray());
    }
}
