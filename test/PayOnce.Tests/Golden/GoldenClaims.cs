using PayOnce.Claims;
using PayOnce.Runs;

namespace PayOnce.Tests.Golden;

/// <summary>The claims of every golden file: one for each thing that has gone wrong in somebody's export.</summary>
internal static class GoldenClaims
{
    private static readonly Dimension[] Oslo = [new("department", "oslo"), new("project", "likeperson")];
    private static readonly DateTimeOffset Noon = new(2026, 1, 30, 11, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<ReservedClaim> All { get; } =
    [
        // An ordinary journey, with a deduction.
        Make("R-0001", "travel", Noon, [
            new(new DateOnly(2026, 1, 14), "mileage", "Kjøring Ås–Ørje", 63_600, 120m, "km", Oslo),
            new(new DateOnly(2026, 1, 14), "toll", "Bompenger", 9_600, null, null, Oslo),
            new(new DateOnly(2026, 1, 15), "per-diem", "Fratrekk for lunsj", -11_900, 1m, "meal", Oslo),
        ]),
        // Delimiters, quotes and a line break.
        Make("R-0002", "outlay", Noon, [
            new(new DateOnly(2026, 1, 3), "materials", "Kopiering, \"Slik hører du\"; 40 stk.", 44_050, 40m, "stk", []),
            new(new DateOnly(2026, 1, 3), "materials", "Kaffe\r\nog kringle", 12_995, null, null, []),
        ]),
        // Text that a spreadsheet would run.
        Make("R-0003", "outlay", Noon, [
            new(new DateOnly(2026, 1, 4), "materials", "=HYPERLINK(\"http://example.org\")", 100, null, null, []),
            new(new DateOnly(2026, 1, 4), "materials", " +47 22 00 00 00", 200, null, null, []),
            new(new DateOnly(2026, 1, 4), "materials", "＠SUM(1)", 300, null, null, []),
        ]),
        // Approved on 31 January in UTC, which is 1 February in Oslo.
        Make("R-0004", "honorarium", new DateTimeOffset(2026, 1, 31, 23, 30, 0, TimeSpan.Zero), [
            new(new DateOnly(2026, 1, 31), "honorarium", "Sjåførhonorar", 38_500, 3.5m, "h", Oslo),
        ]),
        // A currency nobody books here.
        Make("R-0005", "travel", Noon, [new(new DateOnly(2026, 1, 20), "ticket", "Tåg Göteborg–Malmö", 51_200, null, null, [])], currency: "SEK"),
        Make("R-0006", "travel", Noon, [new(new DateOnly(2026, 1, 20), "ticket", "Flug Berlin", 18_900, null, null, [])], currency: "EUR"),
        // Longer than any field, with a character of two UTF-16 units.
        Make("R-0007", "outlay", Noon, [
            new(new DateOnly(2026, 1, 22), "materials", string.Concat(Enumerable.Repeat("Veldig lang beskrivelse av innkjøpet 🦻 ", 12)), 99_999_999, null, null, []),
        ]),
        // Characters that one code page lacks.
        Make("R-0008", "outlay", Noon, [new(new DateOnly(2026, 1, 23), "materials", "Čáhcesuolu – “Samisk” kaffe € 5", 500, null, null, [])]),
        // A second export that somebody forced.
        Make("R-0009", "travel", Noon, [
            new(new DateOnly(2026, 1, 24), "ticket", "Tog Bergen–Voss", 34_900, null, null, [new("department", "vestland")]),
            new(new DateOnly(2026, 1, 24), "parking", "Parkering, Voss", 1, null, null, [new("department", "vestland")]),
        ], generation: 1),
    ];

    private static ReservedClaim Make(string id, string type, DateTimeOffset approvedAt, ClaimLine[] lines, string currency = "NOK", int generation = 0) =>
        Exporters.Examples.Reserved(
            new Claim(id, new Claimant("40017", "Åse Bjørnsdatter Øvergård"), type, currency, approvedAt, "Leder Ledersen", lines.Sum(line => line.AmountMinor), lines),
            generation);
}
