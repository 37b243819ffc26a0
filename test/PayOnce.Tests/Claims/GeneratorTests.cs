using System.Security.Cryptography;
using PayOnce.Claims;

namespace PayOnce.Tests.Claims;

public sealed class GeneratorTests
{
    [Theory]
    [InlineData(ClaimsFormat.Json, "efab0eed3f424006eece11e78cf65563fa8818ec3ad9441971cb2ef9d4e58b06")]
    [InlineData(ClaimsFormat.JsonLines, "fe89d4ade21eeb3b5dc501a18ebe597c7d59de7716e0079365df049a3787bbf2")]
    [InlineData(ClaimsFormat.Csv, "1aeb6881660598fcf203fc226d9e0de65ded688d6280dd019f5f89eaa8a5b266")]
    public async Task The_same_seed_gives_the_same_bytes_on_every_machine(ClaimsFormat format, string expected)
    {
        using var file = new MemoryStream();
        await ClaimsWriter.WriteAsync(file, format, ClaimsGenerator.Generate(1000, 42), ClaimsGenerator.Dimensions, TestContext.Current.CancellationToken);
        Assert.Equal(expected, Convert.ToHexStringLower(SHA256.HashData(file.ToArray())));
    }

    [Fact]
    public void A_longer_list_begins_with_the_shorter_one_and_another_seed_shares_no_id()
    {
        var few = ClaimsGenerator.Generate(50, 7).Select(Reading.Content).ToList();
        Assert.Equal(few, ClaimsGenerator.Generate(80, 7).Take(50).Select(Reading.Content));
        Assert.Empty(ClaimsGenerator.Generate(50, 7).Select(claim => claim.ClaimId).Intersect(ClaimsGenerator.Generate(50, 8).Select(claim => claim.ClaimId)));
        Assert.Equal("HLF-000001", ClaimsGenerator.Generate(1, 7, prefix: "HLF-").Single().ClaimId);
    }

    [Fact]
    public void Generated_claims_look_like_real_ones()
    {
        var claims = ClaimsGenerator.Generate(20_000, 3).ToList();
        var lines = claims.SelectMany(claim => claim.Lines).ToList();
        Assert.Equal([1, 2, 3, 4, 5, 6], claims.Select(claim => claim.Lines.Count).Distinct().Order());
        Assert.InRange(lines.Count / 20_000.0, 2.5, 3.6);
        Assert.Equal(["honorarium", "outlay", "travel"], claims.Select(claim => claim.Type).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(["honorarium", "lodging", "materials", "mileage", "parking", "passenger", "per-diem", "ticket", "toll"], lines.Select(line => line.Category).Distinct().Order(StringComparer.Ordinal));
        Assert.InRange(claims.Select(claim => claim.Claimant.Id).Distinct().Count(), 590, 600);
        Assert.All(claims.GroupBy(claim => claim.Claimant.Id), person => Assert.Single(person.Select(claim => claim.Claimant.Name).Distinct()));
        Assert.Contains(lines, line => line.AmountMinor < 0);
        Assert.Contains(claims, claim => claim.Claimant.Name.Any("æøåÆØÅ".Contains));
        Assert.All(claims, claim =>
        {
            Assert.True(claim.TotalMinor > 0);
            Assert.Equal(claim.TotalMinor, claim.Lines.Sum(line => line.AmountMinor));
            Assert.InRange(claim.ApprovedAt, new DateTimeOffset(2025, 10, 31, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 10, 31, 0, 0, 0, TimeSpan.Zero));
            Assert.All(claim.Lines, line => Assert.True(line.Date < DateOnly.FromDateTime(claim.ApprovedAt.DateTime)));
        });
        // The last three days of a month against an ordinary three.
        Assert.True(claims.Count(claim => claim.ApprovedAt.Day >= 29) > 3 * claims.Count(claim => claim.ApprovedAt.Day is >= 14 and <= 16));
    }

    [Fact]
    public void Mileage_is_paid_at_the_rate_of_its_day()
    {
        var mileage = ClaimsGenerator.Generate(2000, 5).SelectMany(claim => claim.Lines).Where(line => line.Category == "mileage").ToList();
        Assert.Contains(mileage, line => line.Date.Year == 2025);
        Assert.All(mileage, line => Assert.Equal(Math.Round(line.Quantity!.Value * (line.Date.Year == 2025 ? 500 : 530), MidpointRounding.AwayFromZero), line.AmountMinor));
    }

    [Fact]
    public async Task Generated_claims_keep_every_rule_and_hold_no_national_number()
    {
        using var file = new MemoryStream();
        await ClaimsWriter.WriteAsync(file, ClaimsFormat.Csv, ClaimsGenerator.Generate(3000, 9), ClaimsGenerator.Dimensions, TestContext.Current.CancellationToken);
        file.Position = 0;
        var read = await Reading.ReadAsync("claims.csv", file);
        Assert.Empty(read.Problems);
        Assert.Empty(read.Warnings);
        Assert.Equal(3000, read.Claims.Count);
    }

    [Fact]
    public async Task A_dimension_without_a_column_is_not_left_out_in_silence()
    {
        var write = ClaimsWriter.WriteAsync(Stream.Null, ClaimsFormat.Csv, ClaimsGenerator.Generate(1, 1), ["department"], TestContext.Current.CancellationToken);
        Assert.StartsWith("Claim R1-000001 has the dimension project, which has no column.", (await Assert.ThrowsAsync<ArgumentException>(() => write)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("claims.json", ClaimsFormat.Json)]
    [InlineData("a.b/claims.JSONL", ClaimsFormat.JsonLines)]
    [InlineData("claims.csv", ClaimsFormat.Csv)]
    [InlineData("claims.xlsx", null)]
    [InlineData("claims", null)]
    public void The_extension_says_the_format(string file, ClaimsFormat? expected) => Assert.Equal(expected, ClaimsWriter.FormatOf(file));
}
