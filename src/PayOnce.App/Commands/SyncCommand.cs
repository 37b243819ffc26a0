using System.CommandLine;
using PayOnce.App.Output;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.App.Commands;

/// <summary><c>sync</c>: exports what is approved and was not exported yet.</summary>
internal static class SyncCommand
{
    public static Command Create(Cli cli)
    {
        var org = Typed.Organisation();
        var from = Typed.Date("--from", "Only claims approved on this day or later, in the organisation's time zone");
        var to = Typed.Date("--to", "Only claims approved on this day or earlier");
        var limit = Typed.Limit("At most this many claims, oldest approval first");
        var dry = new Option<bool>("--dry-run") { Description = "Say what would be exported; send nothing and mark nothing" };
        var busy = new Option<string>("--when-busy") { Description = "What to do while somebody else runs for this organisation", DefaultValueFactory = _ => "reject" };
        busy.AcceptOnlyFromAmong("reject", "wait");
        var output = Out();
        return cli.Command("sync", "Export what is approved and was not exported yet, once", [org, from, to, limit, dry, busy, output], call => call.WithOrganisationAsync(org, async (store, organisation) =>
        {
            var request = new RunRequest(organisation.OrganisationId, call.Actor)
            {
                From = call.Get(from),
                To = call.Get(to),
                Limit = call.Get(limit),
                WaitWhenBusy = call.Get(busy) is "wait",
            };
            if (request.From > request.To) return Answer.Unusable($"--from {request.From:yyyy-MM-dd} is after --to {request.To:yyyy-MM-dd}: no claim can be approved between them.");
            if (!call.Get(dry)) return await new SyncReporter(call, store, organisation, call.Get(output)).RunAsync(request, reExport: null);
            await call.NoteViewAsync(store, organisation.OrganisationId, "preview", "preview");
            return await new DryRunReporter(call, organisation).RunAsync(store, request);
        }));
    }

    /// <summary>Where a copy of the file goes; also an option of <c>claims re-export</c>.</summary>
    public static Option<string?> Out() => new("--out")
    {
        Description = "Folder for a copy of the file. Default: files/ORG in the data folder; with PostgreSQL none, see `runs file`",
        HelpName = "DIR",
    };
}
