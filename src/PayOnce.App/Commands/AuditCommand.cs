using System.CommandLine;
using System.Runtime.CompilerServices;
using System.Text.Json;
using PayOnce.App.Output;
using PayOnce.Audit;
using PayOnce.Stores;

namespace PayOnce.App.Commands;

/// <summary><c>audit list|verify</c></summary>
internal static class AuditCommand
{
    public static Command Create(Cli cli) => new("audit", "Who did what, chained by hash so that a change shows")
    {
        List(cli),
        Verify(cli),
    };

    private static Command List(Cli cli)
    {
        var org = Typed.Organisation();
        var after = new Option<long>("--after")
        {
            Description = "Only events behind this number",
            HelpName = "N",
            CustomParser = result => Typed.Whole(result, 0, long.MaxValue),
        };
        var limit = Typed.Limit("At most this many events");
        return cli.Command("list", "List the events, oldest first", [org, after, limit], call => call.WithOrganisationAsync(org, (store, organisation) =>
        {
            var events = ReadAsync(store, organisation, call.Get(after), call.Get(limit), call.Stop);
            return Task.FromResult(new Answer(ExitCode.Done, new AuditDocument(organisation.OrganisationId, Documents(events, call.Stop)), async screen =>
            {
                var moments = call.Moments(organisation);
                var table = new Table("No.#", "When", "Who", "What", "To", "Details");
                await foreach (var e in events)
                {
                    table.Add(Wording.Number(e.Sequence), moments.Exact(e.At), e.Actor, e.Action.Replace('_', ' '), e.Subject, e.Details);
                    screen.TableInPieces(table);
                }
                screen.Table(table);
            }));
        }));
    }

    private static Command Verify(Cli cli)
    {
        var org = Typed.Organisation();
        return cli.Command("verify", "Recompute the chain and say whether an event was changed, removed, inserted or moved", [org], call => call.WithOrganisationAsync(org, async (store, organisation) =>
        {
            var report = await AuditVerification.VerifyAsync(store, organisation.OrganisationId, call.Stop);
            var head = new AuditHeadDocument(report.Head.Sequence, report.Head.Hash);
            return new Answer(
                report.Problems.Count == 0 ? ExitCode.Done : ExitCode.Fault,
                new AuditVerificationDocument(organisation.OrganisationId, report.Problems.Count == 0, report.Events, head, report.Problems),
                screen =>
                {
                    foreach (var problem in report.Problems) screen.Line(problem);
                    screen.Line(report.Problems.Count == 0
                        ? $"The audit trail of {organisation.OrganisationId} is whole: {Wording.Count(report.Events, "event")}, head {report.Head.Hash}."
                        : $"The audit trail of {organisation.OrganisationId} is NOT whole: {Wording.Count(report.Problems.Count, "problem")} in {Wording.Count(report.Events, "event")}.");
                });
        }));
    }

    private static async IAsyncEnumerable<AuditEvent> ReadAsync(IStore store, Organisation organisation, long after, int? limit, [EnumeratorCancellation] CancellationToken cancel)
    {
        var left = limit ?? int.MaxValue;
        await foreach (var e in store.ReadAuditAsync(organisation.OrganisationId, after, cancel))
        {
            if (limit is not null && left-- == 0) yield break;
            yield return e;
        }
    }

    private static async IAsyncEnumerable<AuditEventDocument> Documents(IAsyncEnumerable<AuditEvent> events, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var e in events.WithCancellation(cancel))
        {
            using var details = JsonDocument.Parse(e.Details);
            yield return new AuditEventDocument(e.Sequence, e.At, e.Actor, e.Action, e.Subject, details.RootElement.Clone(), e.PreviousHash, e.Hash);
        }
    }
}
