using PayOnce.Guard;

namespace PayOnce.Tests.Guard;

/// <summary>The key of a claim's generation is the same whatever computes it, and today's keys are tomorrow's.</summary>
public sealed class ExportKeyTests
{
    // Computed beside it, from the first sixteen bytes of the hash as one number, least significant digit first.
    [Theory]
    [InlineData("hlf", "A-0001", 0, "MBMXVNMDLSQVQWFJ")]
    [InlineData("hlf", "A-0001", 1, "VVZRNNMFQBMMLQPM")]
    [InlineData("blind", "A-0001", 0, "LQQNXQCLSLHPJPWQ")]
    [InlineData("hlf", "reise-ÅÆØ-17", 0, "CRWTWTTCBMRFGMGW")]
    [InlineData("hlf", "REISE-åæø-17", 0, "CRWTWTTCBMRFGMGW")]
    public void A_key_is_what_it_has_always_been(string organisation, string claim, int generation, string key) => Assert.Equal(key, ExportKey.Derive(organisation, claim, generation));

    [Fact]
    public void An_id_of_any_length_has_one() => Assert.Equal("LRTLHMFFQQLBXKBC", ExportKey.Derive("hlf", new string('K', 200), 3));

    [Theory]
    [InlineData("MBMXVNMDLSQVQWFJ", true)]
    [InlineData("MBMXVNMDLSQVQWF", false)]
    [InlineData("MBMXVNMDLSQVQWFJJ", false)]
    [InlineData("MBMXVNMDLSQVQWFj", false)]
    [InlineData("MBMXVNMDLSQVQWFA", false)]
    [InlineData("1BMXVNMDLSQVQWFJ", false)]
    [InlineData("", false)]
    public void What_could_be_a_key_is_told_from_what_could_not(string text, bool could)
    {
        Assert.Equal(could, ExportKey.IsWellFormed(text));
        Assert.Equal(could, ExportKey.HasForm(text));
    }
}
