using System.Text.Json;
using PayOnce.App.Api;
using PayOnce.App.Background;
using PayOnce.History;
using PayOnce.Runs;

namespace PayOnce.App.Dashboard.Pages.Runs;

/// <summary>What a page writes as a run goes on, ready in the person's language.</summary>
/// <param name="First">The sentence's first part, shown strongly.</param>
/// <param name="State">The tag's word.</param>
/// <param name="At">When it was so, for people; <paramref name="Machine"/> is the same for machines.</param>
/// <param name="Say">What those who hear the page are told now; null mostly.</param>
internal sealed record LiveText(string First, string Then, string State, string Title, long Value, long Max, string At, string Machine, string? Say)
{
    public string Json() => JsonSerializer.Serialize(this, LiveJson.Options);
}

/// <summary>
/// The texts for one page that follows one run. It decides what is said aloud: quarters, changes of state, the first estimate, the
/// end, and never two things within twenty seconds, since screen readers queue what they are given and would tell stale steps
/// (facts on dashboards 3.1). How things were when the page was opened is not said: the page itself has just been read.
/// </summary>
internal sealed class LiveTexts(Words words, Run run)
{
    private static readonly TimeSpan BetweenSayings = TimeSpan.FromSeconds(20);

    private RunPace? before;
    private DateTimeOffset saidAt;
    private bool worthSaying;

    public LiveText Going(RunPace pace)
    {
        var told = words.Going(run.RunId, run.Trigger, words.System(run.Exporter), pace);
        worthSaying |= before is { } last && IsNews(last, pace);
        if (before is null) saidAt = pace.At;
        before = pace;
        string? say = null;
        if (worthSaying && pace.At - saidAt >= BetweenSayings)
        {
            (worthSaying, saidAt) = (false, pace.At);
            say = told.ToString();
        }
        return Text(pace, told, words.RunUnderWay(pace.Stopping, pace.Silent is not null).Text, say);
    }

    public LiveText End(RunPace pace, RunRow row, RunFile? file)
    {
        var sentence = words.Over(row.Run, row.Exported, file, allExported: false);
        return Text(pace, new Told(sentence, ""), words.RunState(row.Run.Status).Text, $"{words.RunIsOver} {sentence}");
    }

    private LiveText Text(RunPace pace, Told told, string state, string? say) =>
        new(told.First, told.Then, state, Title(words, run.RunId, state), pace.Handled, Math.Max(pace.Total, 1), words.AtClock(pace.At), words.Machine(pace.At), say);

    /// <summary>The page's title: it names the state first.</summary>
    public static string Title(Words words, long runId, string state) => $"{state} – {words.Run(runId)} – PayOnce";

    private static bool IsNews(RunPace last, RunPace now) =>
        Quarter(now) > Quarter(last)
        || last.Stopping != now.Stopping
        || (last.Silent is null) != (now.Silent is null)
        || (now.Late && !last.Late)
        || (last.Left is null && !last.Late && last.Silent is null && now.Left is not null);

    private static long Quarter(RunPace pace) => pace.Total == 0 ? 0 : 4 * pace.Handled / pace.Total;
}
