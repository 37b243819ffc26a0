using PayOnce.Runs;
using Spectre.Console;

namespace PayOnce.App.Output;

/// <summary>How far something is.</summary>
/// <param name="Total">Null where nobody knows.</param>
/// <param name="Text">For people: <c>400 of 800 claims, about 2 minutes left</c>.</param>
internal readonly record struct Progress(long Done, long? Total, string Text);

/// <summary>Shows progress on standard error: a bar on a terminal, a line now and then in a pipe, nothing with <c>--json</c>.</summary>
internal sealed class ProgressDisplay(Call call)
{
    // In a log every line stays: a long run should leave a handful an hour, not thousands.
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(30);

    public Task<T> ShowAsync<T>(Func<Action<Progress>, Task<T>> work) =>
        call.Json ? work(_ => { })
        : call.Surroundings.ErrorIsTerminal ? BarAsync(work)
        : work(Lines());

    public static Progress Of(RunProgress run, Moments moments)
    {
        var left = Wording.TimeLeft(run.Left, moments);
        return new(run.Processed, run.Total, $"{Wording.Number(run.Processed)} of {Wording.Claims(run.Total)}{(left is null ? "" : $", {left}")}");
    }

    private Action<Progress> Lines()
    {
        var clock = call.Surroundings.Clock;
        var last = clock.GetTimestamp();
        return progress =>
        {
            if (clock.GetElapsedTime(last) < BetweenLines) return;
            last = clock.GetTimestamp();
            call.Surroundings.Error.WriteLine($"{progress.Text}.");
        };
    }

    private Task<T> BarAsync<T>(Func<Action<Progress>, Task<T>> work)
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
                var bar = context.AddTask("Working out how long it will take", maxValue: 1);
                bar.IsIndeterminate = true;
                return work(progress =>
                {
                    bar.IsIndeterminate = progress.Total is null;
                    bar.MaxValue = Math.Max(1, progress.Total ?? 1);
                    bar.Value = progress.Total is null ? 0 : progress.Done;
                    bar.Description = Markup.Escape(progress.Text);
                });
            });
    }
}
