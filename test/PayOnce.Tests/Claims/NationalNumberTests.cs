using PayOnce.Claims.Intake;

namespace PayOnce.Tests.Claims;

/// <summary>A fødselsnummer in a claim is found, said, and never shown. All numbers here are test strings.</summary>
public sealed class NationalNumberTests
{
    [Theory]
    [InlineData("01010750160")]
    [InlineData("31129956715")]
    [InlineData("Besøk hos 010107 50160, Oslo")]
    [InlineData("010107\u00a050160")]
    [InlineData("(01010750160)")]
    [InlineData("fnr01010750160x")]
    [InlineData("123 01010750160")]
    public void A_number_with_its_date_and_check_digits_is_found(string text)
    {
        Assert.True(NationalNumber.IsIn(text));
        Assert.DoesNotContain("50160", NationalNumber.Mask(text), StringComparison.Ordinal);
        Assert.Equal(text.Length, NationalNumber.Mask(text).Length);
    }

    [Fact]
    public void D_H_and_synthetic_numbers_are_found()
    {
        foreach (var (day, month) in new[] { (0, 0), (40, 0), (0, 40), (0, 80), (40, 80) }) Assert.True(NationalNumber.IsIn(Make(day, month)), $"{day} {month}");
        Assert.False(NationalNumber.IsIn(Make(80, 0)));
        Assert.False(NationalNumber.IsIn(Make(0, 20)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0101075016")]
    [InlineData("010107501600")]
    [InlineData("01010750161")]
    [InlineData("01010750170")]
    [InlineData("76940512057")]
    [InlineData("010107-50160")]
    [InlineData("010107  50160")]
    [InlineData("1010107 50160")]
    [InlineData("010107 501600")]
    public void What_only_looks_a_little_like_one_is_not(string text) => Assert.False(NationalNumber.IsIn(text));

    [Fact]
    public void Every_number_in_a_text_is_masked() =>
        Assert.Equal("a *********** b ************ c", NationalNumber.Mask("a 01010750160 b 311299 56715 c"));

    [Theory]
    [InlineData("\"A-2\"", "\"01010750160\"", "claim ***********, claimId")]
    [InlineData("\"4711\"", "\"01010750160\"", "claim A-2, claimant.id")]
    [InlineData("Kari Nordmann", "Kari 010107 50160", "claim A-2, claimant.name")]
    [InlineData("Ola Leder", "Ola 01010750160", "claim A-2, approvedBy")]
    [InlineData("Kjøring", "Kjøring med 01010750160", "claim A-2, lines[0].description")]
    [InlineData("\"oslo\"", "\"01010750160\"", "claim A-2, lines[0].dimensions.department")]
    [InlineData("\"km\"", "\"01010750160\"", "claim A-2, lines[0].unit")]
    [InlineData("\"mileage\"", "\"x01010750160\"", "claim A-2, lines[0].category")]
    public async Task A_claim_with_one_goes_in_with_a_warning_that_does_not_repeat_it(string from, string to, string place)
    {
        var claim = Reading.Json("A-2").Replace(from, to, StringComparison.Ordinal);
        var read = await Reading.ReadAsync("claims.jsonl", $"{Reading.Json("A-1")}\n{claim}\n{claim.Replace("A-2", "A-3", StringComparison.Ordinal)}\n");
        Assert.Equal($"claims.jsonl line 2, {place}: holds what looks like a fødselsnummer, which must not reach the general ledger", read.Warnings[0]);
        // Values that passed once are remembered; one that needs a warning must not be.
        Assert.Equal(2, read.Warnings.Count);
        Assert.Empty(read.Problems);
        Assert.Equal(3, read.Claims.Count);
    }

    [Fact]
    public async Task A_CSV_file_is_looked_through_as_well()
    {
        var read = await Reading.ReadAsync("claims.csv", Reading.CsvFile(Reading.Csv("A-1"), Reading.Csv("A-1").Replace("Kjøring", "01010750160", StringComparison.Ordinal)));
        Assert.Equal(["claims.csv line 3, claim A-1, description: holds what looks like a fødselsnummer, which must not reach the general ledger"], read.Warnings);
    }

    [Fact]
    public async Task A_refused_value_is_shown_without_it()
    {
        var read = await Reading.ReadAsync("claims.csv", Reading.CsvFile(Reading.Csv("A-1").Replace("travel", "01010750160", StringComparison.Ordinal)));
        Assert.StartsWith("claims.csv line 2, claim A-1, type \"***********\": must be", Assert.Single(read.Problems), StringComparison.Ordinal);
    }

    private static string Make(int day, int month)
    {
        // The first serial number that both check digits can be computed for.
        for (var serial = 0; ; serial++)
        {
            var nine = FormattableString.Invariant($"{12 + day:00}{5 + month:00}07{serial:000}").Select(c => c - '0').ToList();
            var first = Check(nine, [3, 7, 6, 1, 8, 9, 4, 5, 2]);
            if (first == 10) continue;
            nine.Add(first);
            var second = Check(nine, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]);
            if (second < 10) return string.Concat([.. nine, second]);
        }

        static int Check(List<int> digits, int[] weights) => (11 - (digits.Zip(weights, (digit, weight) => digit * weight).Sum() % 11)) % 11;
    }
}
