using PayOnce.Claims;
using PayOnce.Claims.Intake;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Claims;

public sealed class SeenClaimsTests
{
    [Fact]
    public void An_id_is_seen_the_first_time_the_same_again_or_with_other_content()
    {
        var seen = new SeenClaims();
        Assert.Equal(Sighting.First, seen.Note(A.Record("A-1"), 7, out _));
        Assert.Equal(Sighting.Same, seen.Note(A.Record("A-1"), 9, out var line));
        Assert.Equal(7, line);
        Assert.Equal(Sighting.Other, seen.Note(A.Record("A-1", 999), 10, out line));
        Assert.Equal(7, line);
        Assert.Equal(Sighting.Other, seen.Note(A.Record("a-1"), 11, out _));
        Assert.Equal(Sighting.First, seen.Note(A.Record("A-2"), 12, out _));
    }

    [Fact]
    public void Three_hundred_thousand_ids_are_told_apart_in_less_than_nine_megabytes()
    {
        const int count = 300_000;
        var template = A.Record("A-1");
        ClaimRecord Of(int n) => template with { ExportKey = PayOnce.Guard.ExportKey.Derive("hlf", FormattableString.Invariant($"A-{n}"), 0) };
        var seen = new SeenClaims();
        for (var n = 0; n < count; n++) Assert.Equal(Sighting.First, seen.Note(Of(n), n, out _));
        Assert.InRange(seen.Bytes, count * 16L, 9_000_000);
        for (var n = 0; n < count; n += 997)
        {
            Assert.Equal(Sighting.Same, seen.Note(Of(n), 0, out var line));
            Assert.Equal(n, line);
        }
    }

    [Fact]
    public void Lines_beyond_32_bits_are_not_wrapped_around()
    {
        var seen = new SeenClaims();
        seen.Note(A.Record("A-1"), 10_000_000_000, out _);
        Assert.Equal(Sighting.Same, seen.Note(A.Record("A-1"), 10_000_000_001, out var line));
        Assert.Equal(uint.MaxValue, line);
    }
}
