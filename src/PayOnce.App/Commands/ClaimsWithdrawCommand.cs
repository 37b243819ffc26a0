using System.CommandLine;
using System.Text;
using PayOnce.App.Output;
using PayOnce.Guard;
using PayOnce.Stores;

namespace PayOnce.App.Commands;

/// <summary><c>claims withdraw</c>: one claim, or a file of them, that are approved no longer.</summary>
internal static class ClaimsWithdrawCommand
{
    // Each id of the longest kind, quoted, on a line of its own.
    private const int LargestFile = ClaimIdList.Most * 70;

    private const int MostShown = 50;

    public static Command Create(Cli cli)
    {
        var org = Typed.Organisation();
        var claim = new Argument<string?>("CLAIM") { Description = "The claim's id; or --file", Arity = ArgumentArity.ZeroOrOne };
        var file = new Option<string?>("--file") { Description = "Instead of CLAIM: a text file with one claim id on each line; - for standard input", HelpName = "F" };
        var reason = Typed.Reason("Why it is approved no longer; stays with the claim and in the audit trail");
        return cli.Command("withdraw", "Take claims of which nothing has left out of what waits, until they are taken in again", [org, claim, file, reason], call => call.WithOrganisationAsync(org, async (store, organisation) =>
        {
            var (one, many) = (call.Get(claim), call.Get(file));
            if (one is null == many is null) return Answer.Unusable("Give either the claim's id or --file with several. Nothing was changed.");
            var guard = new DoubleExportGuard(store);
            return one is not null
                ? await OneAsync(call, guard, organisation, one, call.Get(reason)!)
                : await SeveralAsync(call, guard, organisation, many!, call.Get(reason)!);
        }));
    }

    private static async Task<Answer> OneAsync(Call call, DoubleExportGuard guard, Organisation organisation, string claimId, string reason) =>
        await guard.WithdrawAsync(organisation.OrganisationId, claimId, reason, call.Actor, call.Stop) switch
        {
            GuardAnswer<Withdrawal>.Refused refused => Answer.Unusable("Nothing was changed.", refused.Problem),
            GuardAnswer<Withdrawal>.Done { Value: var made } => new Answer(ExitCode.Done, new WithdrawnDocument(organisation.OrganisationId, claimId, WithdrawalDocument.Of(made)), screen => screen.Line(
                $"Claim {claimId} was withdrawn by {made.By} {call.Moments(organisation).At(made.At)}: {made.Reason} No run takes it until it is taken in again.")),
            _ => throw new InvalidOperationException("Unknown answer of the guard."),
        };

    private static async Task<Answer> SeveralAsync(Call call, DoubleExportGuard guard, Organisation organisation, string file, string reason)
    {
        var (input, refusal) = InputFile.Open(call, file);
        if (input is null) return refusal!;
        await using var content = input.Content;
        var bytes = new byte[LargestFile + 1];
        var length = await content.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, call.Stop);
        var ids = length > LargestFile ? [] : ClaimIdList.Read(Encoding.UTF8.GetString(bytes, 0, length));
        if (length > LargestFile || ids.Count > ClaimIdList.Most) return Answer.Unusable($"{input.Name} holds more than {Wording.Number(ClaimIdList.Most)} claims. Nothing was changed.");
        if (ids.Count == 0) return Answer.Unusable($"{input.Name} holds no claim's id: one stands on each line. Nothing was changed.");
        return await guard.WithdrawAsync(organisation.OrganisationId, ids, reason, call.Actor, call.Stop) switch
        {
            GuardAnswer<IReadOnlyList<WithdrawOutcome>>.Refused refused => Answer.Unusable("Nothing was changed.", refused.Problem),
            GuardAnswer<IReadOnlyList<WithdrawOutcome>>.Done { Value: var outcomes } => Told(ClaimsWithdrawnDocument.Of(organisation.OrganisationId, ids, outcomes)),
            _ => throw new InvalidOperationException("Unknown answer of the guard."),
        };
    }

    private static Answer Told(ClaimsWithdrawnDocument document) => new(document.Refused == 0 ? ExitCode.Done : ExitCode.Refused, document, screen =>
    {
        var before = document.Already == 0 ? "" : $" {Wording.Number(document.Already)} {(document.Already == 1 ? "was" : "were")} withdrawn before.";
        screen.Line($"{Wording.Claims(document.Withdrawn)} withdrawn: no run takes {(document.Withdrawn == 1 ? "it" : "them")} until {(document.Withdrawn == 1 ? "it is" : "they are")} taken in again.{before}");
        if (document.Refused == 0) return;
        screen.Line($"{Wording.Claims(document.Refused)} left as {(document.Refused == 1 ? "it was" : "they were")}:");
        foreach (var item in document.Items.Where(item => item.Problem is not null).Take(MostShown)) screen.Line($"  claim {Problem.Printable(item.ClaimId)}: {item.Problem}");
        if (document.Refused > MostShown) screen.Line($"  and {Wording.Number(document.Refused - MostShown)} more; --json names them all.");
    });
}
