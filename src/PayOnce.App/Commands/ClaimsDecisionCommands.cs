using System.CommandLine;
using PayOnce.App.Output;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.App.Commands;

/// <summary>What a person decides about one claim: <c>claims re-export</c> and <c>claims resolve</c>.</summary>
internal static class ClaimsDecisionCommands
{
    public static Command ReExport(Cli cli)
    {
        var org = Typed.Organisation();
        var claim = Typed.Claim();
        var reason = Typed.Reason("Why it must go once more; stays in the audit trail");
        var confirm = Typed.Text("--confirm", "CLAIM", "The claim's id once more: it may be booked and paid twice");
        var generation = Typed.Generation();
        var output = SyncCommand.Out();
        return cli.Command("re-export", "Export one exported claim once more, under a new key, in a run of its own", [org, claim, reason, confirm, generation, output], call => call.WithOrganisationAsync(org, async (store, organisation) =>
        {
            var (id, claimId, why) = (organisation.OrganisationId, call.Get(claim), call.Get(reason)!);
            switch (await new DoubleExportGuard(store).ForceReExportAsync(id, claimId, why, call.Get(confirm)!, call.Actor, call.Stop, call.Get(generation)))
            {
                case GuardAnswer<ReExportAnswer.Requested>.Refused refused:
                    return Answer.Unusable("Nothing was exported.", refused.Problem);
                case GuardAnswer<ReExportAnswer.Requested>.Done { Value: var made }:
                    var request = new RunRequest(id, call.Actor) { Trigger = RunTrigger.ReExport, ClaimId = claimId };
                    var document = new ReExportDocument(claimId, made.Generation, made.ExportKey, why.Trim());
                    return await new SyncReporter(call, store, organisation, call.Get(output)).RunAsync(request, document);
                default:
                    throw new InvalidOperationException("Unknown answer of the guard.");
            }
        }));
    }

    public static Command Resolve(Cli cli)
    {
        var org = Typed.Organisation();
        var claim = Typed.Claim();
        var decision = new Option<string>("--as")
        {
            Description = "exported: it stands in the accounting system; released: it does not, and is sent again",
            HelpName = "exported|released",
            Required = true,
        };
        decision.AcceptOnlyFromAmong(MarkState.Exported.Text(), MarkState.Released.Text());
        var evidence = Typed.Text("--evidence", "TEXT", "What was seen there, such as the voucher number; stays in the audit trail");
        var confirm = new Option<string?>("--confirm") { Description = "Required; may repeat the claim's id", HelpName = "CLAIM", Required = true, Arity = ArgumentArity.ZeroOrOne };
        return cli.Command("resolve", "Settle a claim in doubt after looking in the accounting system (the actor is given with --actor here)", [org, claim, decision, evidence, confirm], call => call.WithOrganisationAsync(org, async (store, organisation) =>
        {
            var (id, claimId, text) = (organisation.OrganisationId, call.Get(claim), call.Get(evidence)!);
            var state = MarkStates.State(call.Get(decision)!);
            if (call.Get(confirm) is { } typed && typed != claimId) return Answer.Unusable($"--confirm {Problem.Printable(typed)} does not repeat the claim's id {claimId}. Nothing was changed.");
            switch (await new DoubleExportGuard(store).DecideAsync(id, claimId, state, text, call.Actor, call.Stop))
            {
                case GuardAnswer<Mark>.Refused refused:
                    return Answer.Unusable("Nothing was changed.", refused.Problem);
                case GuardAnswer<Mark>.Done { Value: var before }:
                    return new Answer(ExitCode.Done, new ResolvedDocument(id, claimId, before.Generation, before.State.Text(), state.Text(), text.Trim()), screen => screen.Line(
                        state == MarkState.Exported ? $"Claim {claimId} is settled as exported. It is not sent again." : $"Claim {claimId} is settled as not arrived. The next run exports it again."));
                default:
                    throw new InvalidOperationException("Unknown answer of the guard.");
            }
        }));
    }
}
