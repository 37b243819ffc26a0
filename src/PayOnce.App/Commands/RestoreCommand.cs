using System.CommandLine;
using PayOnce.App.Output;
using PayOnce.Stores;

namespace PayOnce.App.Commands;

/// <summary><c>restore show|begin|end</c>: restore mode, in which nothing is sent before the accounting system was asked.</summary>
internal static class RestoreCommand
{
    public static Command Create(Cli cli) => new("restore", "Restore mode: after a backup was put back, nothing is sent before the accounting system was asked")
    {
        Show(cli),
        Begin(cli),
        End(cli),
    };

    private static Command Show(Cli cli)
    {
        var org = Typed.Organisation();
        return cli.Command("show", "Say whether an organisation is in restore mode, since when and why", [org], call => call.WithOrganisationAsync(org, async (store, organisation) =>
            Told(organisation, await store.FindRestoreModeAsync(organisation.OrganisationId, call.Stop), changed: false, call.Moments(organisation))));
    }

    private static Command Begin(Cli cli)
    {
        var org = Typed.Organisation();
        var reason = Typed.Reason("Which backup was put back and why; stays in the audit trail");
        Typed.NeedsWords(reason);
        return cli.Command("begin", "Switch restore mode on, after a backup was put back", [org, reason], call => call.WithOrganisationAsync(org, async (store, organisation) =>
        {
            await store.BeginRestoreAsync(organisation.OrganisationId, call.Get(reason)!.Trim(), call.Actor, call.Stop);
            return Told(organisation, await store.FindRestoreModeAsync(organisation.OrganisationId, call.Stop), changed: true, call.Moments(organisation));
        }));
    }

    private static Command End(Cli cli)
    {
        var org = Typed.Organisation();
        var reason = Typed.Reason("How you know that everything exported since the backup is registered; stays in the audit trail");
        Typed.NeedsWords(reason);
        var confirm = Typed.Text("--confirm", "ORG", "The organisation's id once more: what was exported since the backup and is not registered goes out again");
        return cli.Command("end", "Switch restore mode off by hand; over an API it ends by itself when everything was read back", [org, reason, confirm], call => call.WithOrganisationAsync(org, async (store, organisation) =>
        {
            var id = organisation.OrganisationId;
            if (call.Get(confirm) != id) return Answer.Unusable($"--confirm {Problem.Printable(call.Get(confirm)!)} does not repeat the organisation's id {id}. Nothing was changed.");
            var changed = await store.EndRestoreAsync(id, call.Get(reason)!.Trim(), call.Actor, call.Stop);
            return Told(organisation, await store.FindRestoreModeAsync(id, call.Stop), changed, call.Moments(organisation));
        }));
    }

    private static Answer Told(Organisation organisation, RestoreMode? mode, bool changed, Moments moments)
    {
        var document = new RestoreDocument(organisation.OrganisationId, mode is not null, changed, mode?.Since, mode?.Reason, mode?.Actor);
        return new Answer(ExitCode.Done, document, screen => screen.Line(mode is null
            ? $"{organisation.Name} is not in restore mode{(changed ? " any more" : "")}."
            : $"{organisation.Name} is in restore mode {(changed ? "now" : "since " + moments.Since(mode.Since))} ({mode.Reason}; {mode.Actor}). "
                + $"The next `payonce sync {organisation.OrganisationId}` asks the accounting system about every claim before anything is sent."));
    }
}
