using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SharpFuzz.Common;

namespace PayOnce.Fuzz;

/// <summary>
/// Which branches of the engine an input took, and how often, as the instrumented engine counts them (SharpFuzz; the counts are kept in
/// powers of two, as AFL does). An engine that is not instrumented counts nothing, and no input is ever new.
/// </summary>
internal sealed unsafe class Coverage
{
    private const int Size = 1 << 16;

    // Never given back: whatever still runs on in another thread counts here.
    private static readonly byte* map = (byte*)NativeMemory.AllocZeroed(Size);

    private readonly byte[] seen = new byte[Size];

    /// <summary>Branches that any input took.</summary>
    public int Branches { get; private set; }

    public static void Begin()
    {
        new Span<byte>(map, Size).Clear();
        Trace.PrevLocation = 0;
    }

    /// <summary>Whether the input since <see cref="Begin"/> took a branch that none took before, or one much oftener.</summary>
    public bool FoundNew()
    {
        var found = false;
        var words = new ReadOnlySpan<ulong>(map, Size / sizeof(ulong));
        for (var word = 0; word < words.Length; word++)
        {
            if (words[word] == 0) continue;
            for (var at = word * sizeof(ulong); at < (word + 1) * sizeof(ulong); at++)
            {
                if (map[at] == 0) continue;
                var bucket = (byte)(1 << BitOperations.Log2(map[at]));
                if ((seen[at] & bucket) != 0) continue;
                if (seen[at] == 0) Branches++;
                seen[at] |= bucket;
                found = true;
            }
        }
        return found;
    }

    /// <summary>An instrumented engine counts from its first branch on, whoever calls it.</summary>
    [ModuleInitializer]
    internal static void Lend() => Trace.SharedMem = map;
}
