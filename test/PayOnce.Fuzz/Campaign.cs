using System.Diagnostics;

namespace PayOnce.Fuzz;

/// <summary>An input that something is wrong with.</summary>
/// <param name="Why">What was thrown and where, or that it never came back.</param>
internal sealed record Crasher(byte[] Input, string Why);

/// <summary>What a search came to.</summary>
/// <param name="Kept">Inputs that took a new way through the engine; without instrumentation the samples alone.</param>
internal sealed record SearchResult(long Inputs, TimeSpan Time, int Kept, int Branches, TimeSpan Slowest, IReadOnlyList<Crasher> Crashers);

/// <summary>Feeds a subject one input after another, and goes on from those that took a way that none took before.</summary>
internal static class Campaign
{
    /// <summary>An input that is at most <see cref="Mutator.Longest"/> long and takes this long never ends, for all anybody waits.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private const int MostCrashers = 10;

    /// <param name="inputs">How many at most.</param>
    /// <param name="time">How long at most.</param>
    public static SearchResult Search(Subject subject, int seed, long inputs, TimeSpan time)
    {
        var search = new SearchThread(subject, seed, inputs, time);
        var thread = new Thread(search.Run, maxStackSize: 4 * 1024 * 1024) { IsBackground = true, Name = subject.Name };
        thread.Start();
        while (!thread.Join(TimeSpan.FromSeconds(1)))
        {
            if (search.StuckOn(Patience) is { } stuck) return search.Result([new Crasher(stuck, $"does not come back within {Patience.TotalSeconds} s")]);
        }
        return search.Result([]);
    }

    /// <summary>Feeds one input. Null if nothing is wrong.</summary>
    public static Crasher? Try(Subject subject, byte[] input)
    {
        try
        {
            subject.Feed(input);
            return null;
        }
        catch (Exception fault)
        {
            return new Crasher(input, Why(fault));
        }
    }

    // The same fault in the same place is the same crasher.
    private static string Why(Exception fault)
    {
        var place = (fault.StackTrace ?? "").Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.StartsWith("at PayOnce.", StringComparison.Ordinal) && !line.StartsWith("at PayOnce.Fuzz.Subject.", StringComparison.Ordinal)) ?? "";
        return fault is BrokenRuleException ? $"{fault.Message} ({place})" : $"{fault.GetType().Name} ({place})";
    }

    private sealed class SearchThread(Subject subject, int seed, long inputs, TimeSpan time)
    {
        private readonly Lock gate = new();
        private readonly Dictionary<string, Crasher> crashers = new(StringComparer.Ordinal);
        private readonly List<byte[]> corpus = [];
        private long played;
        private long began = Stopwatch.GetTimestamp();
        private long ended;
        private byte[]? current;
        private long currentSince;
        private TimeSpan slowest;
        private int branches;

        public void Run()
        {
            var coverage = new Coverage();
            corpus.AddRange(subject.Samples);
            began = Stopwatch.GetTimestamp();
            var mutator = new Mutator(seed, corpus);
            foreach (var sample in subject.Samples) Play(sample, coverage);
            while (played < inputs && Stopwatch.GetElapsedTime(began) < time && crashers.Count < MostCrashers)
            {
                var input = mutator.Change(mutator.Choose(corpus), corpus);
                if (Play(input, coverage)) corpus.Add(input);
            }
            ended = Stopwatch.GetTimestamp();
            foreach (var (why, crasher) in crashers.ToList()) crashers[why] = Smaller(crasher);
        }

        public byte[]? StuckOn(TimeSpan patience)
        {
            lock (gate) return current is not null && Stopwatch.GetElapsedTime(currentSince) > patience ? current : null;
        }

        public SearchResult Result(IReadOnlyList<Crasher> stuck) =>
            new(played, Stopwatch.GetElapsedTime(began, ended == 0 ? Stopwatch.GetTimestamp() : ended), corpus.Count, branches, slowest, [.. stuck, .. crashers.Values.ToList()]);

        private bool Play(byte[] input, Coverage coverage)
        {
            lock (gate) (current, currentSince) = (input, Stopwatch.GetTimestamp());
            Coverage.Begin();
            var crasher = Try(subject, input);
            var isNew = coverage.FoundNew();
            lock (gate)
            {
                var took = Stopwatch.GetElapsedTime(currentSince);
                if (took > slowest) slowest = took;
                (current, branches) = (null, coverage.Branches);
                played++;
            }
            if (crasher is not null) crashers.TryAdd(crasher.Why, crasher);
            return isNew && crasher is null;
        }

        // Pieces are left out as long as the same thing is wrong.
        private Crasher Smaller(Crasher crasher)
        {
            for (var piece = crasher.Input.Length / 2; piece > 0; piece /= 2)
            {
                for (var at = 0; at + piece <= crasher.Input.Length;)
                {
                    byte[] without = [.. crasher.Input[..at], .. crasher.Input[(at + piece)..]];
                    if (Try(subject, without) is { } same && same.Why == crasher.Why) crasher = same;
                    else at += piece;
                }
            }
            return crasher;
        }
    }
}
