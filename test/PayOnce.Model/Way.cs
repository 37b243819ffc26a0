namespace PayOnce.Model;

/// <summary>
/// The way to a state, walked again from the beginning: the search keeps states without names, a story needs the same node and
/// claim to keep theirs.
/// </summary>
public static class Way
{
    public static IReadOnlyList<Move> To(int index, Move last, StateSet states, Scope scope)
    {
        var way = To(index, states, scope);
        var before = way.Count == 0 ? Search.Beginning(scope) : way[^1].Next;
        return [.. way, new Moves(scope).Of(before).First(move => move.Kind == last.Kind && move.Broken == last.Broken)];
    }

    public static List<Move> To(int index, StateSet states, Scope scope)
    {
        var numbers = new Stack<int>();
        for (; index > 0; index = states.Parent(index)) numbers.Push(index);
        var moves = new Moves(scope);
        var way = new List<Move>();
        var here = Search.Beginning(scope);
        foreach (var number in numbers)
        {
            var step = moves.Of(here).First(move => IsState(move.Next, states[number], scope));
            way.Add(step);
            here = step.Next;
        }
        return way;
    }

    private static bool IsState(World world, Packed packed, Scope scope) => Packing.Canonical(ref world, scope) == packed;
}
