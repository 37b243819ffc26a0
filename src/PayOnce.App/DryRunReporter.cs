using System.Text;
using PayOnce.App.Output;
using PayOnce.Exporters;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.App;

/// <summary>Tells what a run would export now. Nothing is sent, nothing is marked.</summary>
internal sealed class DryRunReporter(Call call, Organisation organisation)
{
    public async Task<Answer> RunAsync(IServerStore store, RunRequest request)
    {
        var engine = call.Engine(store);
        var outcome = await engine.DryRunAsync(request, call.Stop);
        var stored = await store.FindIntegrationAsync(organisation.OrganisationId, call.Stop);
        var isApi = stored is not null && IntegrationSettings.FromStored(stored.SettingsJson).Transport == "api";
        return outcome switch
        {
            DryRunOutcome.Rendered rendered => Rendered(rendered, isApi),
            DryRunOutcome.NotReady notReady => Answer.Refused(ExitCodes.Of(outcome), "There is nothing to run with.", notReady.Problems),
            _ => throw new InvalidOperationException($"Unknown outcome {outcome.GetType().Name}."),
        };
    }

    private Answer Rendered(DryRunOutcome.Rendered rendered, bool isApi)
    {
        var report = rendered.Report;
        var message = Sentence(report, isApi);
        var sample = Encoding.UTF8.GetString(report.Sample.Span).TrimStart('\ufeff');
        var document = SyncReporter.Empty(organisation.OrganisationId, "dry_run") with
        {
            TotalClaims = report.Claims + report.Rejections.Count,
            Rejected = report.Rejections.Count,
            ControlTotals = AmountDocument.Of(report.ControlTotals),
            Rejections = [.. report.Rejections.Select(RejectionDocument.Of)],
            DryRun = new DryRunDocument(report.Claims, report.Lines, report.Bytes, sample),
            Message = message,
        };
        return new Answer(ExitCodes.Of(rendered), document, screen =>
        {
            screen.Line(message);
            SyncReporter.Rejected(screen, "Would be rejected:", report.Rejections, "--json names them all");
            if (report.Claims == 0) return;
            screen.Line(isApi ? "What is sent would begin:" : "The file would begin:");
            foreach (var line in sample.ReplaceLineEndings("\n").Split('\n').Take(10)) screen.Line("  " + Problem.Printable(line));
        });
    }

    private static string Sentence(DryRunReport report, bool isApi)
    {
        var how = isApi ? "over the API" : $"in a file of {Wording.Count(report.Lines, "row")} and {Wording.Count(report.Bytes, "byte")}";
        var would = report.Claims == 0
            ? "A run now would export nothing."
            : $"A run now would export {Wording.Claims(report.Claims)}, {Wording.Amounts(report.ControlTotals)}, {how}.";
        var rejected = report.Rejections.Count == 0 ? "" : $" {Wording.Number(report.Rejections.Count)} would be rejected.";
        return $"{would}{rejected} Nothing was sent and nothing was marked.";
    }
}
