using System.Diagnostics;

namespace PayOnce.Model;

/// <summary>A broken rule, with the shortest way to it.</summary>
/// <param name="Steps">From the beginning; the last one breaks the rule.</param>
public sealed record Violation(Rule Rule, IReadOnlyList<Move> Steps);

/// <summary>What a search found.</summary>
/// <param name="Closed">Every state that can be reached was reached; false if a rule was broken or the limit came first.</param>
/// <param name="Depth">The longest of the shortest ways to a state.</param>
/// <param name="Kinds">How often each kind of transition was taken.</param>
public sealed record SearchResult(Scope Scope, int States, long Transitions, int Depth, TimeSpan Time, bool Closed, Violation? Violation, IReadOnlyDictionary<Kind, long> Kinds, Reached Reached);

/// <summary>Breadth first, until nothing new is found.</summary>
public static class Search
{
    /// <param name="limit">More states than this are given up on.</param>
    /// <param name="ends">Whether to prove for every state that an end can be reached, once the search has closed.</param>
    public static SearchResult Run(Scope scope, int limit = int.MaxValue, bool ends = true)
    {
        var clock = Stopwatch.StartNew();
        var states = new StateSet();
        var moves = new Moves(scope);
        var (kinds, reached) = (new long[Enum.GetValues<Kind>().Length], new Reached());
        var first = Beginning(scope);
        reached.Add(first);
        states.Add(Packing.Canonical(ref first, scope), -1);
        var (transitions, depth, levelEnds) = (0L, 0, 1);
        Violation? violation = null;
        var index = 0;
        for (; index < states.Count && states.Count <= limit && violation is null; index++)
        {
            if (index == levelEnds) (depth, levelEnds) = (depth + 1, states.Count);
            foreach (var move in moves.Of(Packing.Unpack(states[index])))
            {
                transitions++;
                kinds[(int)move.Kind]++;
                if (move.Broken is { } rule)
                {
                    violation = new Violation(rule, Way.To(index, move, states, scope));
                    break;
                }
                var next = move.Next;
                if (states.Add(Packing.Canonical(ref next, scope), index)) reached.Add(next);
            }
        }
        var closed = violation is null && index == states.Count;
        if (closed && ends && Ends.Stuck(states, scope) is { } stuck) violation = new Violation(Rule.Ends, Way.To(stuck, states, scope));
        var taken = Enum.GetValues<Kind>().ToDictionary(kind => kind, kind => kinds[(int)kind]);
        return new SearchResult(scope, states.Count, transitions, depth, clock.Elapsed, closed && violation is null, violation, taken, reached);
    }

    /// <summary>No run yet, every claim waiting.</summary>
    public static World Beginning(Scope scope)
    {
        World world = default;
        if (scope.Restore == RestoreNotice.NoRestore) return world;
        world.Now.Epoch = 1;
        if (scope.Restore == RestoreNotice.Witness) world.Witness = 1;
        return world;
    }
}

/// <summary>States of single parts that were reached: each of them must be, or a rule may hold for want of trying.</summary>
public sealed class Reached
{
    private readonly bool[] marks = new bool[8], jobs = new bool[12], places = new bool[10], quiet = new bool[4];

    public void Add(in World world)
    {
        for (var i = 0; i < 4; i++)
        {
            marks[(int)world.Now.Marks[i].State] = true;
            quiet[(int)world.Now.Marks[i].Quiet] = true;
        }
        for (var i = 0; i < 2; i++)
        {
            places[(int)world.Nodes[i].At] = true;
            for (var claim = 0; claim < 2; claim++) jobs[(int)world.Nodes[i].Jobs[claim].Does] = true;
        }
    }

    public IEnumerable<MarkIs> Marks => Of<MarkIs>(marks);

    public IEnumerable<Quiet> QuietTimes => Of<Quiet>(quiet);

    public IEnumerable<At> Places => Of<At>(places);

    public IEnumerable<Does> Jobs => Of<Does>(jobs);

    private static IEnumerable<T> Of<T>(bool[] reached) where T : struct, Enum => Enum.GetValues<T>().Where((_, i) => reached[i]);
}
