namespace PayOnce.EndToEnd.Tests.Support;

/// <summary>SplitMix64: the same seed makes the same choices.</summary>
public sealed class Dice(ulong seed)
{
    private ulong state = seed;

    /// <summary>From 0 to one less than <paramref name="below"/>.</summary>
    public ulong Next(ulong below)
    {
        unchecked
        {
            state += 0x9E3779B97F4A7C15;
            var z = state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return (z ^ (z >> 31)) % below;
        }
    }
}
