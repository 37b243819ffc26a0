namespace PayOnce.Sandbox.Generic;

/// <summary>An entry of the stand-in's ledger.</summary>
/// <param name="BookedFrom">Until then it is only received.</param>
/// <param name="IsProbe">Never paid, and in no list.</param>
internal sealed record GenericEntry(string Key, string Reference, string Currency, long TotalMinor, DateTimeOffset At, DateTimeOffset BookedFrom, bool IsProbe);

/// <summary>What the generic stand-in holds. Every call is whole by itself.</summary>
internal sealed class GenericLedger(GenericBehaviour behaviour)
{
    private readonly Lock gate = new();
    private readonly List<GenericEntry> entries = [];
    private readonly Dictionary<string, List<int>> byKey = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Remembered> answers = new(StringComparer.Ordinal);

    public IReadOnlyList<GenericEntry> Entries
    {
        get { lock (gate) return [.. entries.Where(entry => !entry.IsProbe)]; }
    }

    /// <summary>Idempotency keys that are remembered now or were.</summary>
    public int RememberedAnswers
    {
        get { lock (gate) return answers.Count; }
    }

    /// <summary>Processes a batch in one go, or gives the answer that its idempotency key had before.</summary>
    /// <param name="body">What tells a repeated request from another under the same key.</param>
    /// <param name="process">Books; called with the gate held.</param>
    /// <returns>Null if the key was used for other bytes.</returns>
    public GenericAnswer? Once(string idempotencyKey, string body, DateTimeOffset now, Func<GenericAnswer> process)
    {
        lock (gate)
        {
            if (behaviour.Proof != GenericProof.Windowed) return process();
            if (answers.TryGetValue(idempotencyKey, out var earlier) && now - earlier.At < behaviour.Window) return earlier.Body == body ? earlier.Answer : null;
            var answer = process();
            answers[idempotencyKey] = new Remembered(body, now, answer);
            return answer;
        }
    }

    /// <summary>The entries of a key, oldest first.</summary>
    /// <param name="asOf">What came later is not seen.</param>
    public IReadOnlyList<GenericEntry> Find(string key, DateTimeOffset asOf)
    {
        lock (gate) return byKey.TryGetValue(key, out var places) ? [.. places.Select(place => entries[place]).Where(entry => entry.At <= asOf)] : [];
    }

    public GenericEntry Book(GenericClaim claim, DateTimeOffset at, TimeSpan bookedAfter, bool isProbe)
    {
        lock (gate)
        {
            var entry = new GenericEntry(claim.Key, $"V-{(entries.Count + 1).ToString(System.Globalization.CultureInfo.InvariantCulture)}", claim.Currency, claim.TotalMinor, at, at + bookedAfter, isProbe);
            if (!byKey.TryGetValue(claim.Key, out var places)) byKey[claim.Key] = places = [];
            places.Add(entries.Count);
            entries.Add(entry);
            return entry;
        }
    }

    /// <summary>A page of the entries that are paid, and where the next begins.</summary>
    public (IReadOnlyList<GenericEntry> Page, int? Next) List(int after, int limit)
    {
        lock (gate)
        {
            var page = new List<GenericEntry>();
            var at = after;
            for (; at < entries.Count && page.Count < limit; at++)
            {
                if (!entries[at].IsProbe) page.Add(entries[at]);
            }
            return (page, at < entries.Count ? at : null);
        }
    }

    private sealed record Remembered(string Body, DateTimeOffset At, GenericAnswer Answer);
}

/// <summary>An answer as it will stand on the wire.</summary>
internal sealed record GenericAnswer(int Status, System.Text.Json.Nodes.JsonObject Body);
