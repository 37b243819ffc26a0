using System.Globalization;

namespace PayOnce.Simulator;

/// <summary>
/// All chance of a seed. A choice is a pure function of the seed, of what is chosen, and of how often that was chosen before, and not
/// the next number of one stream: so a fault can be left out by its name, and the others mostly stay what they were.
/// </summary>
/// <param name="kept">Names of the faults that may strike; null: all. Shrinking leaves out one after another.</param>
internal sealed class Choices(ulong seed, IReadOnlySet<string>? kept)
{
    private readonly Dictionary<string, int> ordinals = new(StringComparer.Ordinal);
    private readonly Dictionary<(Fault Fault, string At), int> faultOrdinals = [];
    private readonly List<string> struck = [];

    /// <summary>Names of the faults that struck, in their order.</summary>
    public IReadOnlyList<string> Struck => struck;

    /// <summary>How often each fault struck.</summary>
    public long[] Counts { get; } = new long[Enum.GetValues<Fault>().Length];

    /// <summary>From here on nothing goes wrong.</summary>
    public bool IsCalm { get; set; }

    public int Below(string what, int bound) => (int)(Next(what) % (ulong)bound);

    /// <summary>From 0 to below 1.</summary>
    public double Share(string what) => Unit(Next(what));

    public bool OneIn(string what, int n) => Below(what, n) == 0;

    public T Of<T>(string what, params ReadOnlySpan<T> values) => values[Below(what, values.Length)];

    public TimeSpan Between(string what, TimeSpan least, TimeSpan most) => least + (most - least) * Share(what);

    /// <summary>Whether a fault strikes here and now.</summary>
    /// <param name="at">Where: a step, a call, a kind of request.</param>
    public bool Strikes(Fault fault, string at, double rate)
    {
        if (IsCalm || rate <= 0) return false;
        var ordinal = faultOrdinals[(fault, at)] = faultOrdinals.GetValueOrDefault((fault, at)) + 1;
        if (Unit(Mix(Fnv(at, unchecked(seed + ((ulong)fault + 1) * 0x9E3779B97F4A7C15)), (ulong)ordinal)) >= rate) return false;
        var name = string.Create(CultureInfo.InvariantCulture, $"{fault.Text()} at {at} ({ordinal})");
        if (kept is not null && !kept.Contains(name)) return false;
        struck.Add(name);
        Counts[(int)fault]++;
        return true;
    }

    private ulong Next(string what)
    {
        var ordinal = ordinals[what] = ordinals.GetValueOrDefault(what) + 1;
        return Mix(Fnv(what, seed), (ulong)ordinal);
    }

    private static double Unit(ulong number) => (number >> 11) * (1.0 / (1UL << 53));

    /// <summary>FNV-1a over a text: the same in every process, unlike a hash code.</summary>
    public static ulong Fnv(ReadOnlySpan<char> text, ulong start)
    {
        unchecked
        {
            var hash = start ^ 0xCBF29CE484222325;
            foreach (var c in text) hash = (hash ^ c) * 0x100000001B3;
            return hash;
        }
    }

    // SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
    private static ulong Mix(ulong state, ulong ordinal)
    {
        unchecked
        {
            var z = state + ordinal * 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
