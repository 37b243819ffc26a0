using System.CommandLine;
using PayOnce.App.Output;
using PayOnce.Scheduling;
using PayOnce.Sources;
using PayOnce.Stores;

namespace PayOnce.App.Commands;

/// <summary><c>source set|show|test|read</c>: claims out of an organisation's own database.</summary>
internal static class SourceCommand
{
    public static Command Create(Cli cli) => new("source", "Claims read from a PostgreSQL database of the organisation's own")
    {
        Set(cli),
        Show(cli),
        Test(cli),
        Read(cli),
    };

    private static Command Set(Cli cli)
    {
        var org = Typed.Organisation();
        var view = new Option<string>("--view") { Description = "The view that claims are read from", HelpName = "NAME", DefaultValueFactory = _ => SourceSettings.Default.View };
        var every = new Option<int?>("--every") { Description = "How often it is read by itself, in minutes; 0: only before a run and by `payonce source read`", HelpName = "MINUTES", CustomParser = result => Typed.Whole(result, 0, 10_080) };
        var table = new Option<string?>("--write-back") { Description = "The table that exports are told back to", HelpName = "NAME" };
        var off = new Option<bool>("--off") { Description = "Keep the settings, but read nothing and tell nothing back" };
        var file = new Option<string?>("--connection-file") { Description = "File that holds the connection string and nothing else; - for standard input. Kept encrypted, and never taken from the command line", HelpName = "F" };
        return cli.Command("set", "Say where the claims are, in place of what was said before", [org, view, every, table, off, file], call => call.WithOrganisationAsync(org, async (store, organisation) =>
        {
            var id = organisation.OrganisationId;
            var before = await store.FindSourceAsync(id, call.Stop);
            // What only the dashboard and the API can say stays as they said it.
            var settings = (before?.Settings ?? SourceSettings.Default) with
            {
                View = call.Get(view)!, EveryMinutes = call.Get(every) switch { null => SourceSettings.Default.EveryMinutes, 0 => null, var minutes => minutes }, WriteBackTable = call.Get(table), Enabled = !call.Get(off),
            };
            if (settings.Check() is { Count: > 0 } wrong) return Answer.Unusable("The source was not changed.", wrong);
            string? connection = null;
            if (call.Get(file) is { } typed)
            {
                if (call.Vault is null) return Answer.Unusable($"With PostgreSQL the keys that secrets are encrypted with have a folder of their own: name it with --keys DIR or {Host.SecretVault.Variable}, the same on every machine.");
                var (input, refusal) = InputFile.Open(call, typed);
                if (input is null) return refusal!;
                await using var _ = input.Content;
                (connection, var rule) = await SecretsCommand.ReadSecretAsync(input.Content, call.Stop);
                rule ??= SourceRules.WrongConnection(connection!);
                if (rule is not null) return Answer.Unusable($"The source was not changed: what {input.Name} holds {rule}.");
            }
            if (await store.SaveSourceAsync(id, settings, before?.Version ?? 0, call.Actor, call.Stop) is not SaveAnswer<StoredSource>.Saved { Now: var saved })
                return Answer.Refused(ExitCode.Fault, "Somebody else changed the source at the same moment. Nothing was changed.");
            if (connection is not null) await store.SetSecretAsync(id, SourceSettings.Secret, call.Vault!.Protect(id, SourceSettings.Secret, connection), call.Actor, call.Stop);
            return new Answer(ExitCode.Done, SourceDocument.Of(saved, await HasConnectionAsync(store, id, call)), screen =>
                screen.Line($"Claims of {id} are {(settings.Enabled ? "read" : "not read, though they could be,")} from {settings.View} (version {saved.Version}). Next: `payonce source test {id}`."));
        }));
    }

    private static Command Show(Cli cli)
    {
        var org = Typed.Organisation();
        return cli.Command("show", "Show where the claims are read from, and how the last reading went", [org], call => call.WithOrganisationAsync(org, async (store, organisation) =>
        {
            var id = organisation.OrganisationId;
            if (await store.FindSourceAsync(id, call.Stop) is not { } source) return Answer.Unusable($"{id} has no source: `payonce source set {id} --connection-file F`.");
            var refused = await store.ListRefusalsAsync(id, null, 100, call.Stop);
            return new Answer(ExitCode.Done, SourceDocument.Of(source, await HasConnectionAsync(store, id, call)), screen =>
            {
                var moments = call.Moments(organisation);
                screen.Facts(
                    ("View", source.Settings.View), ("On", source.Settings.Enabled ? "yes" : "no"), ("Every", source.Settings.EveryMinutes is { } every ? $"{Wording.Count(every, "minute")}" : "run"),
                    ("Read next", source.NextAt is { } next ? moments.At(next) : null), ("Written back to", source.Settings.WriteBackTable), ("Write back failed", source.WriteBack.Failure));
                screen.Line(source.Last is { } last ? Sentence(last, moments) : "It was not read yet.");
                foreach (var row in refused) screen.Line($"Not taken in: claim {Problem.Printable(row.ClaimId)}: {row.Reason}");
            });
        }));
    }

    private static Command Test(Cli cli)
    {
        var org = Typed.Organisation();
        return cli.Command("test", "Try connection, rights and columns, without reading a claim", [org], call => call.WithOrganisationAsync(org, async (store, organisation) =>
        {
            var id = organisation.OrganisationId;
            if (await store.FindSourceAsync(id, call.Stop) is not { } found) return Answer.Unusable($"{id} has no source: `payonce source set {id} --connection-file F`.");
            var (source, problems) = call.Source(store);
            if (source is null) return Answer.Unusable("The source was not tested.", problems);
            var wrong = await source.TestAsync(id, found.Settings, call.Stop);
            return new Answer(wrong.Count == 0 ? ExitCode.Done : ExitCode.Fault, new SourceTestDocument(id, wrong.Count == 0, wrong), screen =>
            {
                foreach (var sentence in wrong) screen.Line($"Fault: {sentence}");
                if (wrong.Count == 0) screen.Line($"{found.Settings.View} can be read as it should.");
            });
        }));
    }

    private static Command Read(Cli cli)
    {
        var org = Typed.Organisation();
        return cli.Command("read", "Read what is new, withdrawn, or was refused before; tell back what was exported", [org], call => call.WithOrganisationAsync(org, async (store, organisation) =>
        {
            var id = organisation.OrganisationId;
            var (source, problems) = call.Source(store);
            if (source is null) return Answer.Unusable("The source was not read.", problems);
            var answer = await source.ReadAsync(id, call.Stop);
            if (answer is SourceAnswer.Busy)
            {
                await call.Surroundings.Error.WriteLineAsync($"The source is being read by somebody else. Waiting for the end of that, {ClaimsSource.Hold.TotalMinutes:0} minutes at most if whoever reads has died.");
                answer = await source.ReadInTurnAsync(id, call.Stop);
            }
            switch (answer)
            {
                case SourceAnswer.Done { Report: var report }:
                    var untold = await source.WriteBackAsync(id, call.Stop);
                    var refused = await store.ListRefusalsAsync(id, null, 1_000, call.Stop);
                    return new Answer(refused.Count > 0 || untold is not null ? ExitCode.Refused : ExitCode.Done, new SourceReadDocument(id, ReadingDocument.Of(report), refused.Count), screen =>
                    {
                        screen.Line(Sentence(report, call.Moments(organisation)));
                        foreach (var row in refused.Take(50)) screen.Line($"Not taken in: claim {Problem.Printable(row.ClaimId)}: {row.Reason}");
                        if (untold is not null) screen.Line($"Their database could not be told of exports: {untold} It is tried again.");
                    });
                case SourceAnswer.Failed failed: return Answer.Refused(ExitCode.Fault, $"The source could not be read to its end: {failed.Why}");
                default: return Answer.Unusable($"{id} has no source, or it is off: `payonce source set {id} --connection-file F`.");
            }
        }));
    }

    private static async Task<bool> HasConnectionAsync(IStore store, string id, Call call) => (await store.ListSecretsAsync(id, call.Stop)).Any(secret => secret.Name == SourceSettings.Secret);

    private static string Sentence(ReadingReport report, Moments moments) => report switch
    {
        { Failure: { } failure } => $"The reading that began {moments.At(report.BeganAt)} did not come to its end: {failure}",
        { EndedAt: null } => $"A reading began {moments.At(report.BeganAt)} and has not ended.",
        _ => $"Read {moments.At(report.BeganAt)}: {Wording.Count(report.Read, "row")}; {Wording.Claims(report.Added)} new, {Wording.Number(report.Updated)} changed, {Wording.Number(report.Withdrawn)} withdrawn.",
    };
}
