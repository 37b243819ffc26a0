namespace PayOnce.Model;

/// <summary>
/// The states found so far, numbered in the order in which they were found, with the state each was first reached from. Open
/// addressing over a list in pieces: 28 bytes a state and 8 for the table at its emptiest.
/// </summary>
public sealed class StateSet
{
    private const int PieceBits = 20;
    private readonly List<Packed[]> states = [];
    private readonly List<int[]> parents = [];
    private int[] table = new int[1 << 16];

    public int Count { get; private set; }

    public Packed this[int index] => states[index >> PieceBits][index & ((1 << PieceBits) - 1)];

    public int Parent(int index) => parents[index >> PieceBits][index & ((1 << PieceBits) - 1)];

    /// <summary>False if the state is known.</summary>
    public bool Add(Packed state, int parent)
    {
        var slot = Find(state);
        if (table[slot] != 0) return false;
        if ((Count & ((1 << PieceBits) - 1)) == 0)
        {
            states.Add(new Packed[1 << PieceBits]);
            parents.Add(new int[1 << PieceBits]);
        }
        states[^1][Count & ((1 << PieceBits) - 1)] = state;
        parents[^1][Count & ((1 << PieceBits) - 1)] = parent;
        table[slot] = ++Count;
        if (Count > table.Length / 2) Grow();
        return true;
    }

    /// <summary>The state's number; -1 if it is unknown.</summary>
    public int IndexOf(Packed state) => table[Find(state)] - 1;

    private int Find(Packed state)
    {
        var mask = table.Length - 1;
        for (var slot = state.GetHashCode() & mask; ; slot = (slot + 1) & mask)
        {
            if (table[slot] == 0 || this[table[slot] - 1] == state) return slot;
        }
    }

    private void Grow()
    {
        table = new int[table.Length * 2];
        for (var i = 0; i < Count; i++) table[Find(this[i])] = i + 1;
    }
}
