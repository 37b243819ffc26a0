using System.Text;
using System.Text.Json;

namespace PayOnce.Bench;

/// <summary>One row of a benchmark's result.</summary>
/// <param name="Name">The benchmark's name.</param>
/// <param name="What">What was measured, for people.</param>
/// <param name="Unit">Of <see cref="Ours"/> and <see cref="Floor"/>: <c>s</c>, <c>ms</c>, <c>MB</c>.</param>
/// <param name="Ours">One number a round.</param>
/// <param name="Floor">What it is compared with, paired with <see cref="Ours"/> by round. Empty: the number itself is the figure.</param>
/// <param name="Goal">For the ratio ours/floor (floor/ours where more is better), or for the number itself.</param>
public sealed record Figure(string Name, string What, string Unit, IReadOnlyList<double> Ours, IReadOnlyList<double> Floor, Goal Goal)
{
    /// <summary>What the floor is.</summary>
    public string FloorIs { get; init; } = "floor";

    /// <summary>Peak resident memory of our side's own process, over all rounds; null where it shares a process.</summary>
    public long? PeakBytes { get; init; }

    /// <summary>Our processor time in terms of the floor's; null where it was not measured.</summary>
    public double? CpuRatio { get; init; }

    /// <summary>Paired by round; the numbers themselves where there is no floor.</summary>
    public IReadOnlyList<double> Values => Floor.Count == 0 ? Ours : [.. Ours.Zip(Floor, (ours, floor) => Goal.AtLeast ? floor / ours : ours / floor)];

    public double Value => Judgement.Median(Values);

    public string Verdict =>
        Values.Count < Judgement.FewestRounds && Floor.Count > 0 ? $"no verdict: fewer than {Judgement.FewestRounds} rounds"
        : Floor.Count > 0 && Judgement.Spread(Floor) > Judgement.WidestSpread ? $"no verdict: the floor spread over {100 * Judgement.Spread(Floor):0} %"
        : Goal.Words(Value);

    /// <summary>Several lines for a terminal.</summary>
    public string Describe()
    {
        var text = new StringBuilder();
        text.AppendLine($"  {What}");
        text.AppendLine($"    {"ours",-8} {Range(Ours)} {Unit}{(PeakBytes is null ? "" : $", peak memory {Megabytes} MB")}");
        if (Floor.Count > 0)
        {
            text.AppendLine($"    {"floor",-8} {Range(Floor)} {Unit}, {FloorIs}");
            text.AppendLine($"    {"ratio",-8} {Range(Values)}{(CpuRatio is { } cpu ? $", of processor time {Number(cpu)}" : "")}");
        }
        text.Append($"    {"goal",-8} {GoalText}: {Verdict}");
        return text.ToString();
    }

    public static string ToMarkdown(IReadOnlyList<Figure> figures)
    {
        var text = new StringBuilder("\n| what | ours | floor | ratio (min–max) | promise | moonshot | verdict | processor time | peak memory |\n|---|---|---|---|---|---|---|---|---|\n");
        foreach (var figure in figures)
        {
            text.AppendLine(
                $"| {figure.What} | {Number(Judgement.Median(figure.Ours))} {figure.Unit} | {(figure.Floor.Count == 0 ? "" : $"{Number(Judgement.Median(figure.Floor))} {figure.Unit}")} | {(figure.Floor.Count == 0 ? "" : Range(figure.Values))} | {figure.Sign} {figure.Goal.Promise} | {(figure.Goal.Moonshot is { } moonshot ? $"{figure.Sign} {moonshot}" : "")} | {figure.Verdict} | {(figure.CpuRatio is { } cpu ? Number(cpu) : "")} | {(figure.PeakBytes is null ? "" : $"{figure.Megabytes} MB")} |");
        }
        return text.ToString();
    }

    public static string ToJson(IReadOnlyList<Figure> figures)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartArray();
            foreach (var figure in figures) figure.Write(json);
            json.WriteEndArray();
        }
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("bench", Name);
        json.WriteString("what", What);
        json.WriteString("unit", Unit);
        Array("ours", Ours);
        Array("floor", Floor);
        Array("values", Values);
        json.WriteNumber("value", Value);
        json.WriteBoolean("atLeast", Goal.AtLeast);
        json.WriteNumber("promise", Goal.Promise);
        if (Goal.Moonshot is { } moonshot) json.WriteNumber("moonshot", moonshot);
        json.WriteString("verdict", Verdict);
        // A floor too short for the clock of processor time has none to compare with.
        if (CpuRatio is { } cpu && double.IsFinite(cpu)) json.WriteNumber("cpuRatio", Math.Round(cpu, 4));
        if (PeakBytes is { } peak) json.WriteNumber("peakBytes", peak);
        json.WriteEndObject();

        void Array(string name, IReadOnlyList<double> values)
        {
            json.WriteStartArray(name);
            foreach (var value in values) json.WriteNumberValue(Math.Round(value, 6));
            json.WriteEndArray();
        }
    }

    private string Sign => Goal.AtLeast ? "≥" : "≤";

    private string GoalText => Goal.Moonshot is { } moonshot
        ? $"{Sign} {Goal.Promise} (moonshot {moonshot})"
        : $"{Sign} {Goal.Promise}";

    private long Megabytes => PeakBytes.GetValueOrDefault() / (1024 * 1024);

    private static string Range(IReadOnlyList<double> values) => $"{Number(Judgement.Median(values))} ({Number(values.Min())}–{Number(values.Max())})";

    private static string Number(double value) => value.ToString(value >= 100 ? "0" : value >= 10 ? "0.0" : "0.00");
}
