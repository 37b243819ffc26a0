using FsCheck;
using FsCheck.Fluent;
using PayOnce.Claims;
using PayOnce.Runs;

namespace PayOnce.Tests.Exporters;

/// <summary>Claims such as nobody would write by hand, for the property tests.</summary>
internal static class ArbitraryClaims
{
    // Everything that a format gives a meaning to, and one of each length in UTF-8.
    private static readonly string[] Pieces =
        [";", ",", "\"", "'", "\t", "\r\n", "\n", "=", "+", "-", "@", "＝", "＠", " ", "\u00a0", "a", "Bergen", "0", "æ", "Ø", "é", "–", "€", "Č", "日", "🦻", "{", "}", "\\", "|", "x y z", "\u0085", "\u0007"];

    private static readonly string[] Categories = ["mileage", "per-diem", "ticket", "honorarium", "materials", "unheard-of"];

    private static Gen<string> Text(int longest) =>
        from length in Gen.Choose(0, longest)
        from pieces in Gen.ArrayOf(Gen.Elements(Pieces), length)
        select string.Concat(pieces);

    private static Gen<ClaimLine> Line(bool first) =>
        from category in Gen.Elements(Categories)
        from description in Gen.Frequency((4, Text(8)), (1, Text(120)))
        from minor in Gen.Choose(first ? 1_000_000 : -900_000 / 6, 5_000_000)
        from quantity in Gen.Elements<decimal?>(null, 1m, 12.5m, 0.25m, 1234.5678m, -3m)
        from unit in Gen.Elements<string?>(null, "km", "h")
        from department in Gen.Elements("oslo", "bergen", "")
        from day in Gen.Choose(0, 1500)
        select new ClaimLine(
            new DateOnly(2023, 1, 1).AddDays(day), category, description, minor == 0 ? 1 : minor, quantity, unit,
            department.Length == 0 ? [] : [new Dimension("department", department)]);

    private static Gen<Claim> One { get; } =
        from number in Gen.Choose(1, 1_000_000)
        from rest in Gen.ListOf(Line(first: false), 3)
        from first in Line(first: true)
        from count in Gen.Choose(0, 3)
        from claimant in Gen.Frequency((6, Gen.Elements("V00042", "40017")), (1, Text(6)), (1, Gen.Constant("A-SUPPLIER-NUMBER-OF-30-LETTERS")))
        from name in Text(5)
        from type in Gen.Frequency((5, Gen.Elements("travel", "honorarium", "outlay")), (1, Text(40)))
        from currency in Gen.Frequency((8, Gen.Constant("NOK")), (1, Gen.Constant("EUR")))
        from minutes in Gen.Choose(0, 2_000_000)
        let lines = (ClaimLine[])[first, .. rest.Take(count)]
        select new Claim(
            $"C-{number}", new Claimant(claimant, name), type, currency, new DateTimeOffset(2023, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(minutes), "Leder", lines.Sum(line => line.AmountMinor), lines);

    /// <summary>From none to a dozen, ids distinct.</summary>
    public static Arbitrary<IReadOnlyList<ReservedClaim>> Batches { get; } = Arb.From(
        from count in Gen.Choose(0, 12)
        from claims in Gen.ListOf(One, count)
        select (IReadOnlyList<ReservedClaim>)[.. claims.DistinctBy(claim => claim.ClaimId).Select(claim => Examples.Reserved(claim))]);

    /// <summary>Runs a property and throws with the seed and the shrunk case if it fails.</summary>
    public static void Hold(Property property, int times = 200) => Check.One(Config.QuickThrowOnFailure.WithMaxTest(times).WithQuietOnSuccess(true), property);
}
