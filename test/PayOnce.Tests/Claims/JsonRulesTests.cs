using PayOnce.Claims;

namespace PayOnce.Tests.Claims;

/// <summary>Every rule for a claim in JSON, each with the sentence that its sender reads. The claims before and behind always go in.</summary>
public sealed class JsonRulesTests
{
    private const string Id = "must be 1 to 64 printable ASCII characters with no space at either end (Business Central trims ids and upper-cases them)";
    private const string SupplierNumber = "must be 1 to 20 characters with no space at either end: the supplier number";
    private const string Named = "must be 1 to 100 characters and not blank";
    private const string Code = "must be 1 to 40 characters: a small letter a to z, then small letters, digits, - and _";
    private const string Time = "must be a time as 2026-01-31T12:00:00Z, or with an offset such as +01:00 in place of Z";
    private const string Date = "must be a real date as yyyy-MM-dd";
    private const string Minor = "must be a whole number of minor units (øre), without fraction or exponent";
    private const string Quantity = "must be a number from 0 to 999999999 with at most four decimals";

    [Theory]
    // The claim's id.
    [InlineData("\"A-2\"", "\"\"", "claimId \"\": " + Id)]
    [InlineData("\"A-2\"", "\" A-2\"", "claimId \" A-2\": " + Id)]
    [InlineData("\"A-2\"", "\"A-2 \"", "claimId \"A-2 \": " + Id)]
    [InlineData("\"A-2\"", "\"Å-2\"", "claimId \"Å-2\": " + Id)]
    [InlineData("\"A-2\"", "\"12345678901234567890123456789012345678901234567890123456789012345\"", "claimId \"12345678901234567890123456789012345678901234567890123456789012345\": " + Id)]
    [InlineData("\"A-2\"", "\"A\\u0000\"", "claimId \"A\\u0000\": must not contain the control character U+0000 (character 2)")]
    [InlineData("\"A-2\"", "2", "claimId \"2\": must be text, but is a number")]
    [InlineData("\"A-2\"", "null", "claimId: must not be null")]
    [InlineData("\"claimId\":\"A-2\",", "", "claimId: is missing")]
    public async Task A_claim_without_a_proper_id_is_refused_by_its_line(string from, string to, string expected) =>
        await RefusesAsync(from, to, $"claims.jsonl line 2, {expected}");

    [Theory]
    // Fields missing, doubled, unknown, of another type.
    [InlineData("\"type\":\"travel\",", "", "type: is missing")]
    [InlineData("\"claimant\":{\"id\":\"4711\",\"name\":\"Kari Nordmann\"},", "", "claimant: is missing")]
    [InlineData("\"id\":\"4711\",", "", "claimant.id: is missing")]
    [InlineData(",\"name\":\"Kari Nordmann\"", "", "claimant.name: is missing")]
    [InlineData(",\"lines\":[{\"date\"", ",\"x\":[{\"date\"", "x: is not a field of a claim", "lines: is missing")]
    [InlineData("\"category\":\"mileage\",", "", "lines[0].category: is missing")]
    [InlineData("\"amountMinor\":12300,", "", "lines[0].amountMinor: is missing")]
    [InlineData("\"type\":\"travel\",", "\"type\":\"travel\",\"type\":\"travel\",", "type: stands twice")]
    [InlineData("\"unit\":\"km\"", "\"unit\":\"km\",\"unit\":\"km\"", "lines[0].unit: stands twice")]
    [InlineData("\"id\":\"4711\"", "\"id\":\"4711\",\"id\":\"4712\"", "claimant.id: stands twice")]
    [InlineData("{\"department\":\"oslo\"}", "{\"department\":\"oslo\",\"department\":\"oslo\"}", "lines[0].dimensions.department: stands twice")]
    [InlineData("\"type\":\"travel\",", "\"type\":\"travel\",\"force\":true,", "force: is not a field of a claim")]
    [InlineData("\"id\":\"4711\"", "\"id\":\"4711\",\"iban\":{\"a\":[1]}", "claimant.iban: is not a field of a claimant")]
    [InlineData("\"unit\":\"km\"", "\"unit\":\"km\",\"vat\":25", "lines[0].vat: is not a field of a claim's line")]
    [InlineData("\"type\":\"travel\"", "\"Type\":\"travel\"", "Type: is not a field of a claim", "type: is missing")]
    [InlineData("{\"id\":\"4711\",\"name\":\"Kari Nordmann\"}", "\"Kari\"", "claimant \"Kari\": must be an object, but is text")]
    [InlineData("\"approvedBy\":\"Ola Leder\"", "\"approvedBy\":[\"Ola\"]", "approvedBy: must be text, but is a list")]
    [InlineData("\"approvedBy\":\"Ola Leder\"", "\"approvedBy\":false", "approvedBy \"false\": must be text, but is true or false")]
    [InlineData("\"amountMinor\":12300", "\"amountMinor\":\"12300\"", "lines[0].amountMinor \"12300\": must be a number, but is text")]
    [InlineData("\"quantity\":12.5", "\"quantity\":null", "lines[0].quantity: must not be null")]
    [InlineData("\"totalMinor\":12300", "\"totalMinor\":null", "totalMinor: must not be null")]
    [InlineData("{\"department\":\"oslo\"}", "[]", "lines[0].dimensions: must be an object, but is a list")]
    // People.
    [InlineData("\"4711\"", "\"\"", "claimant.id \"\": " + SupplierNumber)]
    [InlineData("\"4711\"", "\"4711 \"", "claimant.id \"4711 \": " + SupplierNumber)]
    [InlineData("\"4711\"", "\"123456789012345678901\"", "claimant.id \"123456789012345678901\": " + SupplierNumber)]
    [InlineData("Kari Nordmann", "   ", "claimant.name \"   \": " + Named)]
    [InlineData("Ola Leder", "", "approvedBy \"\": " + Named)]
    // Codes.
    [InlineData("\"travel\"", "\"Travel\"", "type \"Travel\": " + Code)]
    [InlineData("\"travel\"", "\"1travel\"", "type \"1travel\": " + Code)]
    [InlineData("\"mileage\"", "\"mile age\"", "lines[0].category \"mile age\": " + Code)]
    [InlineData("\"mileage\"", "\"abcdefghijabcdefghijabcdefghijabcdefghijk\"", "lines[0].category \"abcdefghijabcdefghijabcdefghijabcdefghijk\": " + Code)]
    // Currency.
    [InlineData("\"NOK\"", "\"nok\"", "currency \"nok\": must be three capital letters, an ISO 4217 code such as NOK")]
    [InlineData("\"NOK\"", "\"JPY\"", "currency \"JPY\": must be an ISO 4217 currency with two decimals")]
    [InlineData("\"NOK\"", "\"XYZ\"", "currency \"XYZ\": must be an ISO 4217 currency with two decimals")]
    [InlineData("\"NOK\"", "\"USD\"", "currency \"USD\": must be a currency that the integration books: NOK, SEK")]
    // Times and dates.
    [InlineData("2026-10-01T12:00:00Z", "2026-10-01", "approvedAt \"2026-10-01\": " + Time)]
    [InlineData("2026-10-01T12:00:00Z", "2026-10-01T12:00:00", "approvedAt \"2026-10-01T12:00:00\": " + Time)]
    [InlineData("2026-10-01T12:00:00Z", "2026-02-29T12:00:00Z", "approvedAt \"2026-02-29T12:00:00Z\": " + Time)]
    [InlineData("2026-10-01T12:00:00Z", "2026-10-01T24:00:00Z", "approvedAt \"2026-10-01T24:00:00Z\": " + Time)]
    [InlineData("2026-10-01T12:00:00Z", "2026-10-01T12:00:00+1:00", "approvedAt \"2026-10-01T12:00:00+1:00\": " + Time)]
    [InlineData("2026-10-01T12:00:00Z", "2026-10-01T12:00:00+14:30", "approvedAt \"2026-10-01T12:00:00+14:30\": " + Time)]
    [InlineData("2026-10-01T12:00:00Z", "2026-10-01T12:00:00.Z", "approvedAt \"2026-10-01T12:00:00.Z\": " + Time)]
    [InlineData("2026-10-01T12:00:00Z", "2026-11-01T11:05:01Z", "approvedAt \"2026-11-01T11:05:01Z\": must not be in the future")]
    [InlineData("2026-10-01T12:00:00Z", "1999-12-31T23:59:59Z", "approvedAt \"1999-12-31T23:59:59Z\": must not be before the year 2000")]
    [InlineData("\"2026-09-30\"", "\"30.09.2026\"", "lines[0].date \"30.09.2026\": " + Date)]
    [InlineData("\"2026-09-30\"", "\"2026-09-31\"", "lines[0].date \"2026-09-31\": " + Date)]
    [InlineData("\"2026-09-30\"", "\"2026-9-30\"", "lines[0].date \"2026-9-30\": " + Date)]
    [InlineData("\"2026-09-30\"", "\"0000-01-01\"", "lines[0].date \"0000-01-01\": " + Date)]
    [InlineData("\"2026-09-30\"", "\"2026-11-02\"", "lines[0].date \"2026-11-02\": must not be after today (2026-11-01 in Europe/Oslo)")]
    [InlineData("\"2026-09-30\"", "\"1999-12-31\"", "lines[0].date \"1999-12-31\": must not be before the year 2000")]
    // Amounts.
    [InlineData("\"amountMinor\":12300", "\"amountMinor\":0", "lines[0].amountMinor \"0\": must not be zero")]
    [InlineData("\"amountMinor\":12300", "\"amountMinor\":123.00", "lines[0].amountMinor \"123.00\": " + Minor)]
    [InlineData("\"amountMinor\":12300", "\"amountMinor\":123e2", "lines[0].amountMinor \"123e2\": " + Minor)]
    [InlineData("\"amountMinor\":12300", "\"amountMinor\":9223372036854775808", "lines[0].amountMinor \"9223372036854775808\": must be within ±9223372036854775807 minor units, the largest 64-bit integer")]
    [InlineData("\"amountMinor\":12300", "\"amountMinor\":-12300", "lines \"-12300\": must sum to more than zero: a claim pays something back")]
    [InlineData("\"totalMinor\":12300", "\"totalMinor\":12301", "totalMinor \"12301\": must be the sum of the lines, which is 12300")]
    [InlineData("\"lines\":[", "\"lines\":[{\"date\":\"2026-09-30\",\"category\":\"a\",\"description\":\"\",\"amountMinor\":9223372036854775807},", "lines \"9223372036854788107\": must sum to at most 10000000000.00 (1000000000000 minor units), which no expense claim exceeds")]
    [InlineData("\"lines\":[", "\"lines\":[{\"date\":\"2026-09-30\",\"category\":\"a\",\"description\":\"\",\"amountMinor\":-12300},", "lines \"0\": must sum to more than zero: a claim pays something back")]
    // Quantities.
    [InlineData("12.5", "-1", "lines[0].quantity \"-1\": " + Quantity)]
    [InlineData("12.5", "1.23456", "lines[0].quantity \"1.23456\": " + Quantity)]
    [InlineData("12.5", "1e3", "lines[0].quantity \"1e3\": " + Quantity)]
    [InlineData("12.5", "1000000000", "lines[0].quantity \"1000000000\": " + Quantity)]
    [InlineData("\"km\"", "\"\"", "lines[0].unit \"\": must be 1 to 20 characters and not blank")]
    // Dimensions.
    [InlineData("{\"department\":\"oslo\"}", "{\"Department\":\"oslo\"}", "lines[0].dimensions \"Department\": must be a name of 1 to 40 characters: a small letter a to z, then small letters, digits and _")]
    [InlineData("{\"department\":\"oslo\"}", "{\"department\":\"\"}", "lines[0].dimensions.department \"\": must be 1 to 50 characters and not blank")]
    [InlineData("{\"department\":\"oslo\"}", "{\"department\":1}", "lines[0].dimensions.department \"1\": must be text, but is a number")]
    [InlineData("{\"department\":\"oslo\"}", "{\"a\":\"1\",\"b\":\"1\",\"c\":\"1\",\"d\":\"1\",\"e\":\"1\",\"f\":\"1\",\"g\":\"1\",\"h\":\"1\",\"i\":\"1\",\"j\":\"1\",\"k\":\"1\"}", "lines[0].dimensions: must have at most 10 dimensions on a line")]
    // Characters.
    [InlineData("Kjøring", "a\\nb", "lines[0].description \"a\\u000ab\": must not contain the control character U+000A (character 2)")]
    [InlineData("Kjøring", "a\\u0085b", "lines[0].description \"a\\u0085b\": must not contain the control character U+0085 (character 2)")]
    [InlineData("Kjøring", "ab\\u202e", "lines[0].description \"ab\\u202e\": must not contain the bidirectional control U+202E (character 3)")]
    [InlineData("Kjøring", "ab\\u2028", "lines[0].description \"ab\\u2028\": must not contain the control character U+2028 (character 3)")]
    [InlineData("Kjøring", "a\\ud83d", "lines[0].description \"a\\ud83d\": must not contain half of a surrogate pair")]
    // Lines.
    [InlineData("\"lines\":[", "\"lines\":[7,", "lines[0] \"7\": must be an object, but is a number")]
    [InlineData("\"lines\":[{\"date\":\"2026-09-30\",\"category\":\"mileage\",\"description\":\"Kjøring\",\"amountMinor\":12300,\"quantity\":12.5,\"unit\":\"km\",\"dimensions\":{\"department\":\"oslo\"}}]", "\"lines\":[]", "lines \"0\": must have 1 to 500 lines")]
    public async Task A_claim_that_breaks_a_rule_is_refused_and_says_which(string from, string to, params string[] expected) =>
        await RefusesAsync(from, to, [.. expected.Select(sentence => $"claims.jsonl line 2, claim A-2, {sentence}")]);

    [Theory]
    [InlineData("[1]", "claims.jsonl line 2: must be an object, but is a list")]
    [InlineData("\"A-2\"", "claims.jsonl line 2, \"A-2\": must be an object, but is text")]
    [InlineData("{\"claimId\":\"A-2\",}", "claims.jsonl line 2, claim A-2: is not valid JSON at column 18")]
    [InlineData("{\"claimId\":\"A-2\"} x", "claims.jsonl line 2, claim A-2: is not valid JSON at column 19")]
    [InlineData("{'claimId':1}", "claims.jsonl line 2: is not valid JSON at column 2")]
    [InlineData("{\"claimId\":\"A\u0001\"}", "claims.jsonl line 2: is not valid JSON at column 14: it must not contain the control character U+0001")]
    public async Task A_broken_line_of_JSON_Lines_costs_that_line(string line, string expected)
    {
        var read = await Reading.ReadAsync("claims.jsonl", $"{Reading.Json("A-1")}\n{line}\n{Reading.Json("A-3")}\n");
        Assert.Equal([expected], read.Problems);
        Assert.Equal(["A-1", "A-3"], read.Ids);
        Assert.Equal(1, read.Refused);
        Assert.False(read.Unreadable);
    }

    [Fact]
    public async Task A_claim_of_501_lines_is_refused_and_one_of_500_is_not()
    {
        const string line = "{\"date\":\"2026-09-30\",\"category\":\"a\",\"description\":\"\",\"amountMinor\":1}";
        string Of(string id, int lines) => Reading.Json(id).Replace("\"totalMinor\":12300,", "", StringComparison.Ordinal).Split("\"lines\":")[0] + $"\"lines\":[{string.Join(',', Enumerable.Repeat(line, lines))}]}}";
        var read = await Reading.ReadAsync("claims.json", $"[{Of("A-1", 500)},\n{Of("A-2", 501)}]");
        Assert.Equal(["claims.json line 2, claim A-2, lines \"501\": must have 1 to 500 lines"], read.Problems);
        Assert.Equal(500, Assert.Single(read.Claims).Lines.Count);
    }

    [Fact]
    public async Task Each_problem_of_a_claim_has_the_line_it_stands_on()
    {
        var pretty = Reading.Json("A-2").Replace(",\"", ",\n\"", StringComparison.Ordinal).Replace("\"NOK\"", "\"nok\"", StringComparison.Ordinal).Replace(":12300,\n\"quantity\"", ":0,\n\"quantity\"", StringComparison.Ordinal);
        var read = await Reading.ReadAsync("claims.json", $"[\n{Reading.Json("A-1")},\n{pretty}\n]");
        Assert.Equal(
            [
                "claims.json line 7, claim A-2, currency \"nok\": must be three capital letters, an ISO 4217 code such as NOK",
                "claims.json line 14, claim A-2, lines[0].amountMinor \"0\": must not be zero",
            ],
            read.Problems);
        Assert.Equal(["A-1"], read.Ids);
    }

    [Fact]
    public async Task At_most_ten_problems_of_one_claim_are_named()
    {
        var bad = string.Join(',', Enumerable.Range(0, 50).Select(n => FormattableString.Invariant($"\"x{n}\":1")));
        var read = await Reading.ReadAsync("claims.json", $"[{Reading.Json("A-1").Replace("{\"claimId\"", $"{{{bad},\"claimId\"", StringComparison.Ordinal)}]");
        Assert.Equal(10, read.Problems.Count);
        Assert.Equal(1, read.Refused);
    }

    [Fact]
    public async Task What_may_be_left_out_may_be_left_out()
    {
        var bare = Reading.Json("A-1").Replace("\"totalMinor\":12300,", "", StringComparison.Ordinal).Replace(",\"quantity\":12.5,\"unit\":\"km\",\"dimensions\":{\"department\":\"oslo\"}", "", StringComparison.Ordinal);
        var claim = Assert.Single((await Reading.ReadAsync("claims.json", $"[{bare}]")).Claims);
        Assert.Equal(12300, claim.TotalMinor);
        Assert.Null(claim.Lines[0].Quantity);
        Assert.Null(claim.Lines[0].Unit);
        Assert.Empty(claim.Lines[0].Dimensions);
    }

    [Fact]
    public async Task A_time_keeps_its_instant_in_UTC_to_the_microsecond()
    {
        var read = await Reading.ReadAsync("claims.json", $"[{Reading.Json("A-1").Replace("2026-10-01T12:00:00Z", "2026-10-01T01:30:00.123456789+02:00", StringComparison.Ordinal)}]");
        Assert.Equal(new DateTimeOffset(2026, 9, 30, 23, 30, 0, TimeSpan.Zero).AddTicks(1_234_560), read.Claims[0].ApprovedAt);
        Assert.Equal(TimeSpan.Zero, read.Claims[0].ApprovedAt.Offset);
    }

    [Fact]
    public async Task Escaped_names_and_texts_mean_what_they_stand_for()
    {
        var escaped = Reading.Json("A-1").Replace("\"claimId\"", "\"claim\\u0049d\"", StringComparison.Ordinal).Replace("Kjøring", "Kj\\u00f8ring \\ud83d\\ude97 \\\"", StringComparison.Ordinal);
        var claim = Assert.Single((await Reading.ReadAsync("claims.json", $"[{escaped}]")).Claims);
        Assert.Equal("Kjøring 🚗 \"", claim.Lines[0].Description);
    }

    [Fact]
    public async Task Approval_may_be_five_minutes_ahead_of_our_clock()
    {
        var read = await Reading.ReadAsync("claims.json", $"[{Reading.Json("A-1").Replace("2026-10-01T12:00:00Z", "2026-11-01T12:05:00+01:00", StringComparison.Ordinal)}]");
        Assert.Equal(["A-1"], read.Ids);
    }

    private static async Task RefusesAsync(string from, string to, params string[] expected)
    {
        var broken = Reading.Json("A-2").Replace(from, to, StringComparison.Ordinal);
        Assert.NotEqual(Reading.Json("A-2"), broken);
        var rules = new IntakeRules(["NOK", "SEK"]);
        var lines = await Reading.ReadAsync("claims.jsonl", $"{Reading.Json("A-1")}\n{broken}\n{Reading.Json("A-3")}\n", rules);
        Assert.Equal(expected, lines.Problems);
        Assert.Equal(["A-1", "A-3"], lines.Ids);
        Assert.Equal(1, lines.Refused);
        Assert.False(lines.Unreadable);
        // The same in an array: only what stands around it differs.
        var array = await Reading.ReadAsync("claims.jsonl", $"[{Reading.Json("A-1")},\n{broken},\n{Reading.Json("A-3")}]\n", rules);
        Assert.Equal(expected, array.Problems);
        Assert.Equal(["A-1", "A-3"], array.Ids);
        Assert.False(array.Unreadable);
    }
}
