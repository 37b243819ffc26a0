using System.Globalization;
using System.Text.Json.Nodes;

namespace PayOnce.Sandbox.Xledger;

/// <summary>The limits that are checked before a request is looked at, and the count that a subscription is charged by.</summary>
internal sealed class XledgerLimits(XledgerOptions options)
{
    private static readonly TimeSpan BurstSpan = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly Queue<DateTimeOffset> recent = new();
    private readonly SortedDictionary<string, long> months = new(StringComparer.Ordinal);
    private long used;
    private DateTimeOffset usedSince;
    private int underWay;
    private int drawn;

    public long Requests { get; private set; }

    /// <summary>Lets a request in, or says why not.</summary>
    /// <param name="refuse">Whether a limit is to be reached whatever the counts: each in turn.</param>
    /// <returns>To be disposed of when the request is answered.</returns>
    public IDisposable Enter(DateTimeOffset now, bool refuse, out Dictionary<string, object?>? refusal)
    {
        lock (gate)
        {
            Requests++;
            var month = now.ToString("yyyy-MM", CultureInfo.InvariantCulture);
            months[month] = months.GetValueOrDefault(month) + 1;
            var hour = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, now.Offset);
            if (hour != usedSince) (usedSince, used) = (hour, 0);
            while (recent.TryPeek(out var oldest) && now - oldest >= BurstSpan) recent.Dequeue();
            refusal = Refusal(refuse ? drawn++ % 3 : -1, hour.AddHours(1));
            if (refusal is not null) return new Turn(null);
            used++;
            recent.Enqueue(now);
            underWay++;
            return new Turn(this);
        }
    }

    public JsonNode State()
    {
        lock (gate) return new JsonObject([.. months.Select(month => KeyValuePair.Create(month.Key, (JsonNode?)JsonValue.Create(month.Value)))]);
    }

    private Dictionary<string, object?>? Refusal(int forced, DateTimeOffset reset)
    {
        if (forced == 0 || recent.Count >= options.Burst) return XledgerErrors.Answer("Too many requests in a short time.", XledgerErrors.Burst);
        if (forced == 1 || underWay >= options.Concurrency) return XledgerErrors.Answer("Too many requests at the same time.", XledgerErrors.Concurrency);
        if (forced == 2 || used >= options.Credits) return XledgerErrors.Answer("There are not enough credits left.", XledgerErrors.Credits, ("resetAt", XledgerErrors.Moment(reset)));
        return null;
    }

    private void Leave()
    {
        lock (gate) underWay--;
    }

    private sealed class Turn(XledgerLimits? limits) : IDisposable
    {
        public void Dispose() => limits?.Leave();
    }
}
