using System.Globalization;

namespace PayOnce.Claims.Generator;

/// <summary>Made-up people and places from common names: none of them is meant to be anybody.</summary>
internal static class People
{
    private const int Claimants = 600;

    private static readonly string[] FirstNames =
    [
        "Anne", "Bjørn", "Kari", "Ola", "Åse", "Øyvind", "Håkon", "Solveig", "Ingrid", "Lars", "Marit", "Per", "Randi", "Kjell", "Åshild", "Jørgen",
        "Sigrid", "Tor", "Unni", "Gunnar", "Liv", "Magnus", "Nina", "Odd", "Pål", "Ragnhild", "Svein", "Turid", "Ulf", "Vigdis", "Wenche", "Máret",
    ];

    private static readonly string[] LastNames =
    [
        "Hansen", "Johansen", "Olsen", "Larsen", "Andersen", "Pedersen", "Nilsen", "Kristiansen", "Berg", "Haugen", "Hagen", "Bakken", "Lie", "Sæther",
        "Ødegård", "Strøm", "Åsen", "Bråthen", "Næss", "Myhre", "Bø", "Tveit", "Moen", "Dahl", "Lunde", "Solberg", "Østby", "Fjeld",
    ];

    public static readonly string[] Places =
    [
        "Oslo", "Bergen", "Trondheim", "Stavanger", "Tromsø", "Bodø", "Ålesund", "Hønefoss", "Førde", "Gjøvik", "Lillehammer", "Drammen", "Harstad",
        "Molde", "Kristiansand", "Sandefjord", "Røros", "Mo i Rana", "Kirkenes", "Voss", "Årnes", "Ås",
    ];

    public static readonly string[] Departments = ["agder", "akershus", "innlandet", "nordland", "oslo", "rogaland", "troms", "trondelag", "vestland"];

    public static readonly string[] Projects = ["hjelpemidler", "likeperson", "rehabilitering", "ungdom"];

    /// <summary>One of six hundred people; the same number has the same name for the same seed.</summary>
    public static Claimant Claimant(ulong seed, SplitMix64 random)
    {
        var number = random.Below(Claimants);
        return new Claimant((40_001 + number).ToString(CultureInfo.InvariantCulture), Name(new SplitMix64(seed ^ unchecked(((ulong)number + 1) * 0xD6E8FEB86659FD93))));
    }

    /// <summary>One of a dozen.</summary>
    public static string Approver(ulong seed, SplitMix64 random) => Name(new SplitMix64(seed ^ unchecked(((ulong)random.Below(12) + 1) * 0xA0761D6478BD642F)));

    private static string Name(SplitMix64 random) => $"{random.Pick<string>(FirstNames)} {random.Pick<string>(LastNames)}";
}
