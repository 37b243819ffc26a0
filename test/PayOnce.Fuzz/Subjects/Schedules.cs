using System.Text;
using PayOnce.Scheduling;

namespace PayOnce.Fuzz.Subjects;

/// <summary>A schedule as a person writes it: what is accepted is due in the future, in order, and is kept as something that means the same.</summary>
internal sealed class Schedules() : Subject("cron", "a schedule's expression")
{
    private const string Zone = "Europe/Oslo";
    private const int Looked = 5;

    private static readonly DateTimeOffset Now = new(2026, 3, 28, 11, 0, 0, TimeSpan.Zero);

    public override IReadOnlyList<byte[]> Samples { get; } =
        [.. new[] { "0 6 * * 1-5", "*/15 8-16 * * *", "0 0 6 ? * MON-FRI", "30 2 * * 0", "0 30 2 29 2 ? 2028", "@daily", "0 0 12 LW * ?", "0 0 8 ? * 6#3", "5,10 0 1,15 * *", "0 0 0 L-3 * ?" }.Select(Encoding.UTF8.GetBytes)];

    public override void Feed(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        var holidays = input.Length % 2 == 0;
        var (cron, problem) = Cron.Parse(text, Zone, holidays, Now);
        Must((cron is null) != (problem is null), "an expression is neither taken nor refused");
        MustBeASentence(problem?.ToString(), "a problem");
        if (cron is null) return;
        var times = cron.NextTimes(Now, Looked);
        Must(times.Count > 0 && times[0] > Now && times.Zip(times.Skip(1)).All(pair => pair.First < pair.Second), "times are not in order");
        var (again, _) = Cron.Parse(cron.Expression, Zone, holidays, Now);
        Must(again is not null && again.NextTimes(Now, Looked).SequenceEqual(times), "what is kept does not mean what was written");
        Must(cron.Latest(Now, times[0]) == times[0].ToUniversalTime(), "the latest time is not the one that is due");
    }
}
