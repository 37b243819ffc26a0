using System.CommandLine;
using System.Runtime.CompilerServices;
using PayOnce.App.Output;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.App.Commands;

/// <summary><c>claims import|adopt|generate|show|list|withdraw|re-export|resolve</c></summary>
internal static class ClaimsCommand
{
    public static Command Create(Cli cli) => new("claims", "Approved claims: taking them in, and what became of each")
    {
        ClaimsIntakeCommands.Import(cli),
        ClaimsIntakeCommands.Adopt(cli),
        ClaimsIntakeCommands.Generate(cli),
        Show(cli),
        List(cli),
        ClaimsWithdrawCommand.Create(cli),
        ClaimsDecisionCommands.ReExport(cli),
        ClaimsDecisionCommands.Resolve(cli),
    };

    private static Command Show(Cli cli)
    {
        var org = Typed.Organisation();
        var claim = Typed.Claim();
        return cli.Command("show", "Where a claim is, in which run, under which key, and every attempt", [org, claim], call => call.WithOrganisationAsync(org, async (store, organisation) =>
        {
            if (await store.FindClaimAsync(organisation.OrganisationId, call.Get(claim), call.Stop) is not { } history) return NoSuchClaim(organisation, call.Get(claim));
            await call.NoteViewAsync(store, organisation.OrganisationId, "claim", $"claim {call.Get(claim)}");
            return await ClaimDetails.AnswerAsync(call, store, organisation, call.Get(claim), history);
        }));
    }

    private static Command List(Cli cli)
    {
        var org = Typed.Organisation();
        var state = new Option<string?>("--state") { Description = "Only claims whose newest mark is reserved, exported, rejected, in_doubt or released, or that are withdrawn", HelpName = "STATE" };
        const string withdrawn = "withdrawn";
        state.AcceptOnlyFromAmong([.. Enum.GetValues<MarkState>().Select(s => s.Text()), withdrawn]);
        var waiting = new Option<bool>("--waiting") { Description = "Only claims that the next run takes" };
        var from = Typed.Date("--from", "Only claims approved on this day or later, in the organisation's time zone");
        var to = Typed.Date("--to", "Only claims approved on this day or earlier");
        var limit = Typed.Limit("At most this many claims");
        return cli.Command("list", "List claims, oldest approval first", [org, state, waiting, from, to, limit], call => call.WithOrganisationAsync(org, async (store, organisation) =>
        {
            var (first, last) = (call.Get(from), call.Get(to));
            if (first > last) return Answer.Unusable($"--from {first:yyyy-MM-dd} is after --to {last:yyyy-MM-dd}: no claim can be approved between them.");
            await call.NoteViewAsync(store, organisation.OrganisationId, "claims", "claims");
            var (approvedFrom, approvedBefore) = ApprovalPeriod.Of(first, last, TimeZoneInfo.FindSystemTimeZoneById(organisation.TimeZone));
            var only = call.Get(state);
            var filter = new ClaimFilter(only is null or withdrawn ? null : MarkStates.State(only), call.Get(waiting), approvedFrom, approvedBefore, Withdrawn: only == withdrawn);
            var claims = ReadAsync(store, organisation.OrganisationId, filter, call.Get(limit) ?? int.MaxValue, call.Stop);
            return new Answer(
                ExitCode.Done,
                new ClaimsDocument(organisation.OrganisationId, claims.Select(ClaimRowDocument.Of)),
                screen => ShowAsync(screen, call.Moments(organisation), claims));
        }));
    }

    public static Answer NoSuchClaim(Organisation organisation, string claim) =>
        Answer.Unusable($"{organisation.OrganisationId} has no claim \"{Problem.Printable(claim)}\". Ids are compared with case.");

    private static async Task ShowAsync(Screen screen, Moments moments, IAsyncEnumerable<ClaimSummary> claims)
    {
        var table = new Table("Claim", "Approved", "Claimant", "Type", "Amount#", "State", "Run#", "Reason");
        var any = false;
        await foreach (var claim in claims)
        {
            any = true;
            table.Add(claim.ClaimId, moments.Short(claim.ApprovedAt), claim.ClaimantId, claim.Type, Wording.Amount(claim.Currency, claim.TotalMinor),
                Wording.State(claim.Mark, claim.Waiting, claim.Withdrawal), claim.Mark is { RunId: > 0 and var run } ? Wording.Number(run) : "", claim.Withdrawal?.Reason ?? claim.Mark?.Reason);
            screen.TableInPieces(table);
        }
        if (any) screen.Table(table);
        else screen.Line("No claim is like that.");
    }

    private static async IAsyncEnumerable<ClaimSummary> ReadAsync(IStore store, string organisation, ClaimFilter filter, int limit, [EnumeratorCancellation] CancellationToken cancel)
    {
        const int page = 500;
        PageCursor? after = null;
        while (limit > 0)
        {
            var claims = await store.ListClaimsAsync(organisation, filter, after, Math.Min(page, limit), cancel);
            foreach (var claim in claims) yield return claim;
            if (claims.Count < page) yield break;
            limit -= claims.Count;
            after = new PageCursor(claims[^1].ApprovedAt, claims[^1].ClaimId);
        }
    }
}
