namespace PayOnce.Sandbox;

/// <summary>A fault that happens to the next requests it fits, whatever the dice say.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Times">How often it happens.</param>
/// <param name="After">How many fitting requests pass unharmed first.</param>
/// <param name="Path">Only to requests whose method and path (<c>POST /batches</c>) contain this; null: to any.</param>
/// <param name="Delay">Of a late answer, late processing, lag or skew; seconds of a Retry-After. Null: the plan's.</param>
/// <param name="Status">Of <see cref="FaultKind.ErrorBefore"/> and <see cref="FaultKind.ErrorAfter"/>: 500, 502 or 504. Null: drawn.</param>
public sealed record ScriptedFault(FaultKind Kind, int Times = 1, int After = 0, string? Path = null, TimeSpan? Delay = null, int? Status = null);

/// <summary>A fault that was drawn for one request.</summary>
/// <param name="Status">500, 502 or 504, where an error is answered.</param>
public sealed record Fault(FaultKind Kind, TimeSpan Delay, int Status);

/// <summary>Which faults happen: scripted ones first, then by chance from a seed. May be changed while requests come in.</summary>
/// <param name="seed">Equal seeds draw equal faults for requests in equal order.</param>
public sealed class FaultPlan(ulong seed = 0)
{
    private static readonly int[] Errors = [500, 502, 504];

    private readonly Lock gate = new();
    private readonly List<(ScriptedFault Fault, int Seen)> script = [];
    private readonly SortedDictionary<FaultKind, double> rates = [];
    private readonly SortedDictionary<FaultKind, long> happened = [];
    private TimeSpan delay = TimeSpan.FromSeconds(2);
    private ulong state = seed;

    /// <summary>What a fault without a delay of its own waits.</summary>
    public TimeSpan Delay
    {
        get { lock (gate) return delay; }
        set { lock (gate) delay = value; }
    }

    /// <summary>How often each fault happened so far.</summary>
    public IReadOnlyDictionary<FaultKind, long> Happened
    {
        get { lock (gate) return new SortedDictionary<FaultKind, long>(happened); }
    }

    /// <summary>Scripted faults that have not all happened yet.</summary>
    public IReadOnlyList<ScriptedFault> Outstanding
    {
        get { lock (gate) return [.. script.Select(entry => entry.Fault)]; }
    }

    /// <summary>Faults by chance; kinds that are not here never happen by chance.</summary>
    public IReadOnlyDictionary<FaultKind, double> Rates
    {
        get { lock (gate) return new SortedDictionary<FaultKind, double>(rates); }
    }

    /// <summary>Adds faults that happen in this order to the requests they fit.</summary>
    public FaultPlan Script(params ReadOnlySpan<ScriptedFault> faults)
    {
        lock (gate) foreach (var fault in faults) script.Add((fault, 0));
        return this;
    }

    /// <param name="share">Of the requests (for a stand-in's own fault: of the times it could happen), 0 to 1.</param>
    public FaultPlan Rate(FaultKind kind, double share)
    {
        lock (gate)
        {
            if (share > 0) rates[kind] = share;
            else rates.Remove(kind);
        }
        return this;
    }

    /// <summary>From here on nothing goes wrong.</summary>
    public void Clear()
    {
        lock (gate)
        {
            script.Clear();
            rates.Clear();
        }
    }

    /// <summary>Starts the dice anew.</summary>
    public void Reseed(ulong value)
    {
        lock (gate) state = value;
    }

    /// <summary>The fault on the wire of a request; null if it passes.</summary>
    internal Fault? TakeOnTheWire(string path) => Take(path, kind => kind.IsOnTheWire());

    /// <summary>A stand-in's own fault.</summary>
    internal Fault? Take(FaultKind kind, string path) => Take(path, other => other == kind);

    private Fault? Take(string path, Predicate<FaultKind> asked)
    {
        lock (gate)
        {
            var taken = Scripted(path, asked) ?? ByChance(asked);
            if (taken is null) return null;
            happened[taken.Kind] = happened.GetValueOrDefault(taken.Kind) + 1;
            return new Fault(taken.Kind, taken.Delay ?? delay, taken.Status ?? Errors[(int)(Next() % (ulong)Errors.Length)]);
        }
    }

    // Every fitting entry counts the request, so that "after" means requests and does not depend on the entries before it.
    private ScriptedFault? Scripted(string path, Predicate<FaultKind> asked)
    {
        ScriptedFault? taken = null;
        for (var i = 0; i < script.Count; i++)
        {
            var (fault, seen) = script[i];
            if (!asked(fault.Kind) || (fault.Path is { } part && !path.Contains(part, StringComparison.Ordinal))) continue;
            if (seen < fault.After)
            {
                script[i] = (fault, seen + 1);
            }
            else if (taken is null)
            {
                taken = fault;
                if (fault.Times > 1) script[i] = (fault with { Times = fault.Times - 1 }, seen);
                else script.RemoveAt(i--);
            }
        }
        return taken;
    }

    private ScriptedFault? ByChance(Predicate<FaultKind> asked)
    {
        foreach (var (kind, share) in rates)
        {
            if (asked(kind) && (Next() >> 11) * (1.0 / (1UL << 53)) < share) return new ScriptedFault(kind);
        }
        return null;
    }

    // SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
    private ulong Next()
    {
        unchecked
        {
            state += 0x9E3779B97F4A7C15;
            var z = state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
