using System.Globalization;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.App.Output;

/// <summary>Numbers, amounts, times and states as people read them.</summary>
internal static class Wording
{
    private static readonly CultureInfo English = CultureInfo.InvariantCulture;

    /// <summary><c>1 claim</c>, <c>1,200 claims</c>.</summary>
    public static string Count(long n, string one) => n == 1 ? $"1 {one}" : $"{Number(n)} {one}s";

    public static string Claims(long n) => Count(n, "claim");

    public static string Number(long n) => n.ToString("N0", English);

    /// <summary><c>NOK 12,345.50</c> from minor units.</summary>
    public static string Amount(string currency, long minor) => $"{currency} {(minor / 100m).ToString("N2", English)}";

    /// <summary><c>NOK 12,345.50 and SEK 200.00</c></summary>
    public static string Amounts(IReadOnlyList<ControlTotal> totals) => List([.. totals.Select(t => Amount(t.Currency, t.AmountMinor))]);

    /// <summary><c>a, b and c</c></summary>
    public static string List(IReadOnlyList<string> parts) => parts.Count < 2 ? string.Concat(parts) : $"{string.Join(", ", parts.Take(parts.Count - 1))} and {parts[^1]}";

    /// <summary><c>about 3 minutes left</c>, or null while it cannot be told. The engine has rounded it up.</summary>
    public static string? TimeLeft(TimeSpan? left, Moments moments) => left switch
    {
        null => null,
        { TotalSeconds: <= 30 } => "less than half a minute left",
        { TotalMinutes: <= 1 } => "about 1 minute left",
        { TotalMinutes: < 10 } l => string.Create(English, $"about {Math.Ceiling(l.TotalMinutes):0} minutes left"),
        { TotalMinutes: <= 60 } l => string.Create(English, $"about {Math.Ceiling(l.TotalMinutes):0} minutes left, done around {moments.Around(l)}"),
        { } l => string.Create(English, $"about {Math.Ceiling(l.TotalHours * 2) / 2:0.#} hours left, done around {moments.Around(l)}"),
    };

    /// <summary><c>4 min 12 s</c></summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 1 } => "under 1 s",
        { TotalMinutes: < 1 } => string.Create(English, $"{time.Seconds} s"),
        { TotalHours: < 1 } => string.Create(English, $"{time.Minutes} min {time.Seconds} s"),
        _ => string.Create(English, $"{(long)time.TotalHours} h {time.Minutes} min"),
    };

    /// <summary>A run's status as a heading says it.</summary>
    public static string Status(string status) => status switch
    {
        "running" => "Running",
        "finished" => "Finished",
        "finished_rejections" => "Finished, some rejected",
        "in_doubt" => "Finished, some in doubt",
        "failed" => "Failed",
        "cancelled" => "Stopped",
        "rolled_back" => "Rolled back",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    /// <summary>Where a claim is, in a word or two.</summary>
    public static string State(Mark? mark, bool waiting, Withdrawal? withdrawal = null) => mark switch
    {
        _ when withdrawal is not null => "withdrawn",
        null => waiting ? "ready" : "not taken in",
        { State: MarkState.Reserved } => "being sent",
        { State: MarkState.Exported, Evidence: Evidence.Received } => "received",
        { State: MarkState.Exported, Evidence: Evidence.Booked } => "booked",
        { State: MarkState.Exported } => "in file",
        { State: MarkState.Rejected } => "rejected",
        { State: MarkState.InDoubt } => "in doubt",
        { State: MarkState.Released } => waiting ? "ready again" : "released",
        _ => throw new ArgumentOutOfRangeException(nameof(mark), mark, null),
    };
}
