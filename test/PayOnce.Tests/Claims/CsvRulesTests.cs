using System.Text;
using PayOnce.Claims;

namespace PayOnce.Tests.Claims;

/// <summary>Every rule for a claim in CSV, each with the sentence that its sender reads. The claims before and behind always go in.</summary>
public sealed class CsvRulesTests
{
    private const string Id = "must be 1 to 64 printable ASCII characters with no space at either end (Business Central trims ids and upper-cases them)";
    private const string Named = "must be 1 to 100 characters and not blank";
    private const string Code = "must be 1 to 40 characters: a small letter a to z, then small letters, digits, - and _";
    private const string Amount = "must be a decimal number with a point and at most two decimals, such as 1234.50";

    [Theory]
    [InlineData("A-2,", "A-2 ,", "claims.csv line 3, claim_id \"A-2 \": " + Id)]
    [InlineData("A-2,", ",", "claims.csv line 3, claim_id \"\": " + Id)]
    [InlineData("A-2,", "12345678901234567890123456789012345678901234567890123456789012345,", "claims.csv line 3, claim_id \"12345678901234567890123456789012345678901234567890123456789012345\": " + Id)]
    [InlineData("4711", "", "claims.csv line 3, claim A-2, claimant_id \"\": must be 1 to 20 characters with no space at either end: the supplier number")]
    [InlineData("Kari Nordmann", "", "claims.csv line 3, claim A-2, claimant_name \"\": " + Named)]
    [InlineData("travel", "Travel", "claims.csv line 3, claim A-2, type \"Travel\": " + Code)]
    [InlineData("NOK", "KR", "claims.csv line 3, claim A-2, currency \"KR\": must be three capital letters, an ISO 4217 code such as NOK")]
    [InlineData("NOK", "USD", "claims.csv line 3, claim A-2, currency \"USD\": must be a currency that the integration books: NOK, SEK")]
    [InlineData("2026-10-01T12:00:00Z", "2026-10-01 12:00", "claims.csv line 3, claim A-2, approved_at \"2026-10-01 12:00\": must be a time as 2026-01-31T12:00:00Z, or with an offset such as +01:00 in place of Z")]
    [InlineData("2026-10-01T12:00:00Z", "2026-11-02T12:00:00Z", "claims.csv line 3, claim A-2, approved_at \"2026-11-02T12:00:00Z\": must not be in the future")]
    [InlineData("Ola Leder", " ", "claims.csv line 3, claim A-2, approved_by \" \": " + Named)]
    [InlineData("2026-09-30", "30.09.2026", "claims.csv line 3, claim A-2, line_date \"30.09.2026\": must be a real date as yyyy-MM-dd")]
    [InlineData("2026-09-30", "2026-11-02", "claims.csv line 3, claim A-2, line_date \"2026-11-02\": must not be after today (2026-11-01 in Europe/Oslo)")]
    [InlineData("mileage", "", "claims.csv line 3, claim A-2, category \"\": " + Code)]
    [InlineData("Kjøring", "a\u0007b", "claims.csv line 3, claim A-2, description \"a\\u0007b\": must not contain the control character U+0007 (character 2)")]
    [InlineData("Kjøring", "a\0b", "claims.csv line 3, claim A-2, description \"a\\u0000b\": must not contain the control character U+0000 (character 2)")]
    [InlineData("Kjøring", "\"a\nb\"", "claims.csv line 3, claim A-2, description \"a\\u000ab\": must not contain the control character U+000A (character 2); the row goes on to line 4")]
    [InlineData("123.00", "123,00", "claims.csv line 3, claim A-2: has 15 cells, but the header has 14")]
    [InlineData("123.00", "\"123,00\"", "claims.csv line 3, claim A-2, amount \"123,00\": " + Amount)]
    [InlineData("123.00", "123.001", "claims.csv line 3, claim A-2, amount \"123.001\": " + Amount)]
    [InlineData("123.00", "123.", "claims.csv line 3, claim A-2, amount \"123.\": " + Amount)]
    [InlineData("123.00", "1.23e2", "claims.csv line 3, claim A-2, amount \"1.23e2\": " + Amount)]
    [InlineData("123.00", "+123", "claims.csv line 3, claim A-2, amount \"+123\": " + Amount)]
    [InlineData("123.00", " 123", "claims.csv line 3, claim A-2, amount \" 123\": " + Amount)]
    [InlineData("123.00", "", "claims.csv line 3, claim A-2, amount \"\": " + Amount)]
    [InlineData("123.00", "0.00", "claims.csv line 3, claim A-2, amount \"0.00\": must not be zero")]
    [InlineData("123.00", "-0", "claims.csv line 3, claim A-2, amount \"-0\": must not be zero")]
    [InlineData("123.00", "-123", "claims.csv line 3, claim A-2, amount \"-123.00\": must sum to more than zero: a claim pays something back")]
    [InlineData("123.00", "92233720368547758.08", "claims.csv line 3, claim A-2, amount \"92233720368547758.08\": must be within ±92233720368547758.07, what a 64-bit integer of minor units can hold")]
    [InlineData("12.5", "12,5", "claims.csv line 3, claim A-2: has 15 cells, but the header has 14")]
    [InlineData("12.5", "1.00001", "claims.csv line 3, claim A-2, quantity \"1.00001\": must be a number from 0 to 999999999 with at most four decimals")]
    [InlineData(",km,", ",  ,", "claims.csv line 3, claim A-2, unit \"  \": must be 1 to 20 characters and not blank")]
    [InlineData(",oslo", ",123456789012345678901234567890123456789012345678901", "claims.csv line 3, claim A-2, dim_department \"123456789012345678901234567890123456789012345678901\": must be 1 to 50 characters and not blank")]
    [InlineData(",oslo", "", "claims.csv line 3, claim A-2: has 13 cells, but the header has 14")]
    [InlineData("Kjøring", "5\" rør", "claims.csv line 3, claim A-2: has a quote within a cell; the whole cell must be in quotes, and the quote doubled")]
    [InlineData("Kjøring", "\"5\" rør\"", "claims.csv line 3, claim A-2: has text behind the quote that closes a cell; a quote within a cell must be doubled")]
    public async Task A_claim_that_breaks_a_rule_is_refused_and_says_which(string from, string to, string expected)
    {
        var broken = Reading.Csv("A-2").Replace(from, to, StringComparison.Ordinal);
        Assert.NotEqual(Reading.Csv("A-2"), broken);
        var read = await Reading.ReadAsync("claims.csv", Reading.CsvFile(Reading.Csv("A-1"), broken, Reading.Csv("A-3")), new IntakeRules(["NOK", "SEK"]));
        Assert.Equal([expected], read.Problems);
        Assert.Equal(["A-1", "A-3"], read.Ids);
        Assert.Equal(1, read.Refused);
        Assert.False(read.Unreadable);
    }

    [Theory]
    [InlineData("4711", "4712", "claimant_id \"4712\": must be the same on every row of a claim; line 3 has \"4711\"")]
    [InlineData("Kari Nordmann", "Kåre Nordmann", "claimant_name \"Kåre Nordmann\": must be the same on every row of a claim; line 3 has \"Kari Nordmann\"")]
    [InlineData("travel", "outlay", "type \"outlay\": must be the same on every row of a claim; line 3 has \"travel\"")]
    [InlineData("NOK", "SEK", "currency \"SEK\": must be the same on every row of a claim; line 3 has \"NOK\"")]
    [InlineData("12:00:00Z", "12:00:01Z", "approved_at \"2026-10-01T12:00:01Z\": must be the same on every row of a claim; line 3 has \"2026-10-01T12:00:00Z\"")]
    [InlineData("Ola Leder", "Kari Leder", "approved_by \"Kari Leder\": must be the same on every row of a claim; line 3 has \"Ola Leder\"")]
    public async Task Rows_of_one_claim_that_contradict_each_other_refuse_it(string from, string to, string expected)
    {
        var read = await Reading.ReadAsync("claims.csv", Reading.CsvFile(Reading.Csv("A-1"), Reading.Csv("A-2"), Reading.Csv("A-2").Replace(from, to, StringComparison.Ordinal), Reading.Csv("A-3")));
        Assert.Equal([$"claims.csv line 4, claim A-2, {expected}"], read.Problems);
        Assert.Equal(["A-1", "A-3"], read.Ids);
    }

    [Fact]
    public async Task A_claim_so_large_that_sums_of_claims_could_overflow_is_refused()
    {
        var most = Reading.Csv("A-2").Replace("123.00", "10000000000.00", StringComparison.Ordinal);
        Assert.Equal(Claim.MaximumTotalMinor, Assert.Single((await Reading.ReadAsync("claims.csv", Reading.CsvFile(most))).Claims).TotalMinor);
        var read = await Reading.ReadAsync("claims.csv", Reading.CsvFile(most, most.Replace("10000000000.00", "0.01", StringComparison.Ordinal)));
        Assert.Equal(["claims.csv line 2, claim A-2, amount \"10000000000.01\": must sum to at most 10000000000.00 (1000000000000 minor units), which no expense claim exceeds"], read.Problems);
        Assert.Empty(read.Claims);

        // Beyond 64 bits on the way as well.
        var beyond = most.Replace("10000000000.00", "92233720368547758.07", StringComparison.Ordinal);
        read = await Reading.ReadAsync("claims.csv", Reading.CsvFile(beyond, beyond));
        Assert.Equal(["claims.csv line 2, claim A-2, amount \"184467440737095516.14\": must sum to at most 10000000000.00 (1000000000000 minor units), which no expense claim exceeds"], read.Problems);
    }

    [Fact]
    public async Task A_row_with_cells_missing_takes_its_whole_claim_along()
    {
        var read = await Reading.ReadAsync("claims.csv", Reading.CsvFile(Reading.Csv("A-1"), Reading.Csv("A-2"), "A-2,4711", Reading.Csv("A-2"), Reading.Csv("A-3")));
        Assert.Equal(["claims.csv line 4, claim A-2: has 2 cells, but the header has 14"], read.Problems);
        Assert.Equal(["A-1", "A-3"], read.Ids);
        Assert.Equal(1, read.Refused);
    }

    [Fact]
    public async Task Where_the_id_is_not_the_first_column_a_row_of_the_wrong_length_refuses_the_claim_before_it()
    {
        // Nobody can say whose row it is: a claim that lost a row would pay too little and look right.
        static string Last(string row) => string.Join(',', [.. row.Split(',')[1..], row.Split(',')[0]]);
        var file = string.Join('\n', Last(Reading.CsvHeader), Last(Reading.Csv("A-1")), Last(Reading.Csv("A-2")), "4711,short,A-2", Last(Reading.Csv("A-3"))) + "\n";
        var read = await Reading.ReadAsync("claims.csv", file);
        Assert.Equal(["claims.csv line 4, claim A-2: has 3 cells, but the header has 14"], read.Problems);
        Assert.Equal(["A-1", "A-3"], read.Ids);
    }

    [Fact]
    public async Task A_quoted_text_that_forges_rows_stays_a_text()
    {
        var forged = Reading.Csv("A-2").Replace("Kjøring", $"\"x\n{Reading.Csv("EVIL").Replace("\"", "\"\"", StringComparison.Ordinal)}\"", StringComparison.Ordinal);
        var read = await Reading.ReadAsync("claims.csv", Reading.CsvFile(Reading.Csv("A-1"), forged, Reading.Csv("A-3")));
        Assert.Equal(["A-1", "A-3"], read.Ids);
        Assert.StartsWith("claims.csv line 3, claim A-2, description", Assert.Single(read.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Columns_may_stand_in_any_order_with_either_delimiter_quotes_and_line_ends()
    {
        var expected = Assert.Single((await Reading.ReadAsync("claims.csv", Reading.CsvFile(Reading.Csv("A-1")))).Claims);
        static string Reversed(string row, string between, Func<string, string> quote) => string.Join(between, row.Split(',').Reverse().Select(quote));
        foreach (var (between, end, bom) in new[] { (",", "\r\n", ""), (";", "\n", "\uFEFF"), (";", "\r\n", "") })
        {
            foreach (Func<string, string> quote in new Func<string, string>[] { cell => cell, cell => $"\"{cell}\"" })
            {
                var file = bom + Reversed(Reading.CsvHeader, between, quote) + end + Reversed(Reading.Csv("A-1"), between, quote) + end;
                var read = await Reading.ReadAsync("claims.csv", file);
                Assert.Empty(read.Problems);
                Assert.Equal(Reading.Content(expected), Reading.Content(Assert.Single(read.Claims)));
            }
        }
    }

    [Fact]
    public async Task Empty_cells_leave_out_what_may_be_left_out()
    {
        var claim = Assert.Single((await Reading.ReadAsync("claims.csv", Reading.CsvFile(Reading.Csv("A-1").Replace("Kjøring", "", StringComparison.Ordinal).Replace("12.5,km,oslo", ",,", StringComparison.Ordinal)))).Claims);
        Assert.Equal("", claim.Lines[0].Description);
        Assert.Null(claim.Lines[0].Quantity);
        Assert.Null(claim.Lines[0].Unit);
        Assert.Empty(claim.Lines[0].Dimensions);
    }

    [Fact]
    public async Task Text_that_is_not_UTF_8_refuses_its_claim_and_names_the_byte()
    {
        var file = Encoding.Latin1.GetBytes(Reading.CsvFile(Reading.Csv("A-1").Replace("Kjøring", "Reise", StringComparison.Ordinal), Reading.Csv("A-2")));
        var read = await Reading.ReadAsync("claims.csv", file);
        Assert.Equal(["claims.csv line 3, claim A-2, description \"Kj\uFFFDring\": must be UTF-8, but byte 3 is 0xF8; save the file as UTF-8"], read.Problems);
        Assert.Equal(["A-1"], read.Ids);
    }

    [Fact]
    public async Task A_line_has_at_most_ten_dimensions()
    {
        var names = Enumerable.Range(1, 11).Select(n => FormattableString.Invariant($"dim_d{n}"));
        var header = Reading.CsvHeader.Replace("dim_department", string.Join(',', names), StringComparison.Ordinal);
        static string Row(string id, string values) => Reading.Csv(id).Replace(",oslo", "," + values, StringComparison.Ordinal);
        var read = await Reading.ReadAsync("claims.csv", $"{header}\n{Row("A-1", "1,2,3,4,5,6,7,8,9,10,")}\n{Row("A-2", "1,2,3,4,5,6,7,8,9,10,11")}\n");
        Assert.Equal(["claims.csv line 3, claim A-2: must have at most 10 dimensions on a line"], read.Problems);
        Assert.Equal(["d1", "d10", "d2", "d3", "d4", "d5", "d6", "d7", "d8", "d9"], Assert.Single(read.Claims).Lines[0].Dimensions.Select(dimension => dimension.Name));
    }

    [Fact]
    public async Task A_claim_of_501_rows_is_refused_and_one_of_500_is_not()
    {
        var read = await Reading.ReadAsync("claims.csv", Reading.CsvFile([.. Enumerable.Repeat(Reading.Csv("A-1"), 500), .. Enumerable.Repeat(Reading.Csv("A-2"), 501)]));
        Assert.Equal(["claims.csv line 502, claim A-2, rows \"501\": must have 1 to 500 lines"], read.Problems);
        Assert.Equal(500, Assert.Single(read.Claims).Lines.Count);
    }
}
