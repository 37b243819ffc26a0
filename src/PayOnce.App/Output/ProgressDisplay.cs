using PayOnce.Runs;
using Spectre.Console;

namespace PayOnce.App.Output;

/// <summary>Shows how far a run is, on standard error: a bar on a terminal, a line now and then in a pipe, nothing with <c>--json</c>.</summary>
internal sealed class ProgressDisplay(Call call, Moments moments)
{
    // In a log every line stays: a long run should leave a handful an hour, not thousands.
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(30);

    public Task<T> ShowAsync<T>(Func<Action<RunProgress>, Task<T>> run) =>
        call.Json ? run(_ => { })
        : call.Surroundings.ErrorIsTerminal ? BarAsync(run)
        : run(Lines());

    /// <summary><c>400 of 800 claims, about 2 minutes left</c></summary>
    public string Text(RunProgress progress)
    {
        var left = Wording.TimeLeft(progress.Left, moments);
        return $"{Wording.Number(progress.Processed)} of {Wording.Claims(progress.Total)}{(left is null ? "" : $", {left}")}";
    }

    private Action<RunProgress> Lines()
    {
        var clock = call.Surroundings.Clock;
        var last = clock.GetTimestamp();
        return progress =>
        {
            if (clock.GetElapsedTime(last) < BetweenLines) return;
            last = clock.GetTimestamp();
            call.Surroundings.Error.WriteLine($"Run {progress.RunId}: {Text(progress)}.");
        };
    }

    private Task<T> BarAsync<T>(Func<Action<RunProgress>, Task<T>> run)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(call.Surroundings.Error),
        });
        return console.Progress()
            .AutoClear(true)
            .Columns(new ProgressBarColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .StartAsync(context =>
            {
                var bar = context.AddTask("Starting", maxValue: 1);
                bar.IsIndeterminate = true;
                return run(progress =>
                {
                    bar.IsIndeterminate = false;
                    bar.MaxValue = Math.Max(1, progress.Total);
                    bar.Value = progress.Processed;
                    bar.Description = Markup.Escape(Text(progress));
                });
            });
    }
}
