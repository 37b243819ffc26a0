using FsCheck;
using FsCheck.Fluent;
using PayOnce.Claims;

namespace PayOnce.Tests.Claims;

/// <summary>Whatever a claim may hold, it comes back the same from each format.</summary>
public sealed class RoundTripTests
{
    private static readonly string[] Names = ["department", "project", "p_2"];

    // Everything that has a meaning in one of the formats, and letters of one, two, three and four bytes.
    private static readonly string[] Letters = ["a", "Z", "0", "9", " ", ",", ";", "\"", "'", "\\", "/", "{", "}", "[", "]", "<", "&", "=", "-", "+", "æ", "Å", "é", "\u00a0", "–", "ﬁ", "漢", "🚗", "e\u0301"];

    [Theory]
    [InlineData(ClaimsFormat.Json)]
    [InlineData(ClaimsFormat.JsonLines)]
    [InlineData(ClaimsFormat.Csv)]
    public void A_claim_comes_back_from_a_file_as_it_went_in(ClaimsFormat format) =>
        Prop.ForAll(AnyClaims().ToArbitrary(), claims => ComesBack(claims, format)).Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithQuietOnSuccess(true));

    private static bool ComesBack(Claim[] claims, ClaimsFormat format)
    {
        using var file = new MemoryStream();
        ClaimsWriter.WriteAsync(file, format, claims, Names, TestContext.Current.CancellationToken).GetAwaiter().GetResult();
        file.Position = 0;
        var read = Reading.ReadAsync("claims", file).GetAwaiter().GetResult();
        Assert.Empty(read.Problems);
        Assert.Equal(claims.Select(Reading.Content), read.Claims.Select(Reading.Content));
        return true;
    }

    private static Gen<Claim[]> AnyClaims() =>
        from size in Gen.Choose(1, 6)
        from claims in Gen.ArrayOf(AnyClaim(), size)
        select claims.Select((claim, index) => claim with { ClaimId = FormattableString.Invariant($"{claim.ClaimId}{index}") }).ToArray();

    private static Gen<Claim> AnyClaim() =>
        from id in Gen.Elements("A-", "a b~", "!\"#,;", "x'{}")
        from supplier in AnyText(1, 18)
        from name in AnyText(1, 90)
        from type in Gen.Elements("travel", "a", "a-b_9")
        from currency in Gen.Elements("NOK", "SEK", "EUR")
        from seconds in Gen.Choose(0, 800_000_000)
        from microseconds in Gen.Elements(0, 1, 500_000, 999_999)
        from approver in AnyText(1, 90)
        from count in Gen.Choose(1, 7)
        from lines in Gen.ArrayOf(AnyLine(), count)
        let whole = (IReadOnlyList<ClaimLine>)[.. lines, lines[0] with { AmountMinor = 1 + lines.Sum(line => Math.Abs(line.AmountMinor)) }]
        select new Claim(id, new Claimant("n" + supplier + "n", "n" + name), type, currency, new DateTimeOffset(2000, 6, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(seconds).AddMicroseconds(microseconds),
            approver + "!", whole.Sum(line => line.AmountMinor), whole);

    private static Gen<ClaimLine> AnyLine() =>
        from day in Gen.Choose(0, 9000)
        from category in Gen.Elements("mileage", "per-diem", "x_1")
        from description in AnyText(0, 240)
        from sign in Gen.Elements(1L, -1L)
        from amount in Gen.Elements(1L, 5L, 10L, 99L, 100L, 12_345L, 70_000_000_000L)
        from quantity in Gen.Elements<decimal?>(null, 0m, 0.0001m, 1.5m, 1.50m, 12m, 999_999_999m, 123_456_789.1234m)
        from unit in Gen.Elements(null, "km", "a\"b", "timer, halve")
        from department in Gen.Elements("", "oslo", " x", "a,b\"c")
        from project in Gen.Elements("", "1", "ø")
        let dimensions = new[] { new Dimension("department", department), new Dimension("p_2", project), new Dimension("project", department) }
        select new ClaimLine(new DateOnly(2000, 1, 1).AddDays(day), category, description, sign * amount, quantity, unit, [.. dimensions.Where(dimension => dimension.Value.Length > 0)]);

    private static Gen<string> AnyText(int shortest, int longest) =>
        from length in Gen.Choose(shortest, longest / 2)
        from letters in Gen.ArrayOf(Gen.Elements(Letters), length)
        let text = string.Concat(letters)
        select text.Length <= longest ? text : new string('ø', longest);
}
