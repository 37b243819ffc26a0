using System.CommandLine;
using PayOnce.App.Output;
using PayOnce.App.Privacy;
using PayOnce.Privacy;
using PayOnce.Stores;

namespace PayOnce.App.Commands;

/// <summary><c>retention show|set|erase</c>: how long documents are kept, and the erasure of personal data afterwards.</summary>
internal static class RetentionCommand
{
    public static Command Create(Cli cli) => new("retention", "How long documents are kept, and the erasure of personal data afterwards")
    {
        Show(cli),
        Set(cli),
        Erase(cli),
    };

    private static Command Show(Cli cli)
    {
        var org = Typed.Organisation();
        return cli.Command("show", "Say how long documents are kept, and whether views of personal data are told", [org], call => call.WithOrganisationAsync(org, async (store, organisation) =>
        {
            var (settings, version) = await Desk(call, store).SettingsAsync(organisation.OrganisationId, call.Stop);
            return Told(call, organisation, settings, version);
        }));
    }

    private static Command Set(Cli cli)
    {
        var org = Typed.Organisation();
        var years = new Option<int?>("--years")
        {
            Description = $"Whole years after the end of the year that a document is of; {PrivacySettings.LeastYears} to {PrivacySettings.MostYears}",
            HelpName = "N",
            CustomParser = result => Typed.Whole(result, 0, int.MaxValue),
        };
        var views = new Option<string?>("--record-views") { Description = "Whether every view of personal data stands in the audit trail", HelpName = "on|off" };
        views.AcceptOnlyFromAmong("on", "off");
        return cli.Command("set", "Change how long documents are kept, or whether views of personal data are told", [org, years, views], call => call.WithOrganisationAsync(org, async (store, organisation) =>
        {
            var id = organisation.OrganisationId;
            var (settings, _) = await Desk(call, store).SettingsAsync(id, call.Stop);
            var wanted = new PrivacySettings(call.Get(years) ?? settings.RetentionYears, call.Get(views) is { } on ? on == "on" : settings.RecordViews);
            if (wanted.Wrong is { } wrong) return Answer.Unusable("Nothing was changed.", wrong);
            var saved = (SaveAnswer.Saved)await store.SaveSettingAsync(id, SettingTopics.Privacy, wanted.ToJson(), knownVersion: null, call.Actor, call.Stop);
            return Told(call, organisation, wanted, saved.Version);
        }));
    }

    private static Command Erase(Cli cli)
    {
        var org = Typed.Organisation();
        var before = Typed.Date("--before", "Only documents dated before this day, in the organisation's time zone; default: everything past its time");
        var dry = new Option<bool>("--dry-run") { Description = "Say what would be erased; erase nothing" };
        var reason = new Option<string?>("--reason") { Description = "Why; stays in the audit trail. Needed unless --dry-run", HelpName = "TEXT" };
        var confirm = new Option<string?>("--confirm") { Description = "The organisation's id once more: what is erased is gone. Needed unless --dry-run", HelpName = "ORG" };
        return cli.Command("erase", "Erase personal data that is past its time, for good; marks, sums and the audit trail stay", [org, before, dry, reason, confirm], call => call.WithOrganisationAsync(org, async (store, organisation) =>
        {
            var (id, desk) = (organisation.OrganisationId, Desk(call, store));
            var moment = call.Get(before) is { } day ? PrivacyDesk.BeginningOf(day, TimeZoneInfo.FindSystemTimeZoneById(organisation.TimeZone)) : (DateTimeOffset?)null;
            if (call.Get(dry)) return Previewed(call, organisation, await desk.PreviewAsync(organisation, moment, call.Stop));
            if (call.Get(confirm) != id) return Answer.Unusable($"--confirm must repeat the organisation's id {id}: what is erased is gone. Nothing was erased. See first what would be with --dry-run.");
            return await desk.EraseAsync(organisation, new ErasureOrder(moment, call.Get(reason) ?? "", call.Actor), patience: null, call.Stop) switch
            {
                EraseAnswer.Done done => Erased(organisation, done.Erasures),
                EraseAnswer.Refused refused => Answer.Unusable("Nothing was erased.", refused.Problem),
                _ => throw new InvalidOperationException("Unknown answer to an order to erase."),
            };
        }));
    }

    private static PrivacyDesk Desk(Call call, IServerStore store) => new(store, call.Surroundings.Clock);

    private static Answer Told(Call call, Organisation organisation, PrivacySettings settings, long version)
    {
        var cutoff = settings.Cutoff(call.Surroundings.Clock.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById(organisation.TimeZone));
        return new Answer(ExitCode.Done, RetentionDocument.Of(organisation.OrganisationId, version, settings, cutoff), screen =>
        {
            screen.Line($"{organisation.Name} keeps documents for {Wording.Count(settings.RetentionYears, "year")} after the end of their year. What is from before {call.Moments(organisation).Day(cutoff)} can be erased.");
            screen.Line(settings.RecordViews ? "Every view of personal data stands in the audit trail." : "Views of personal data are not told in the audit trail.");
        });
    }

    private static Answer Previewed(Call call, Organisation organisation, ErasurePreview preview) => new(ExitCode.Done, ErasurePreviewDocument.Of(organisation.OrganisationId, preview), screen =>
    {
        if (preview.Open is { } open) screen.Line($"Erasure {open.Number}, begun by {open.Actor}, has not come to its end: it goes on first.");
        screen.Line($"From before {call.Moments(organisation).Day(preview.Before)}: {Wording.Claims(preview.Claims)} would be erased, {Counted(preview.Other)}. Nothing was erased.");
        if (preview.Years.Count == 0) return;
        var table = new Table("Approved in#", "Erased#", "Sum", "In doubt#", "Reserved#", "Waiting#", "Younger documents#");
        foreach (var (year, claims) in preview.Years)
            table.Add(year.ToString(System.Globalization.CultureInfo.InvariantCulture), Wording.Number(claims.Due), Wording.Amounts(claims.Totals), Wording.Number(claims.InDoubt), Wording.Number(claims.Reserved), Wording.Number(claims.Waiting), Wording.Number(claims.Later));
        screen.Table(table);
    });

    private static Answer Erased(Organisation organisation, IReadOnlyList<Erasure> erasures) =>
        new(ExitCode.Done, new ErasedDocument(organisation.OrganisationId, Done: true, [.. erasures.Select(ErasureDocument.Of)]), screen =>
        {
            foreach (var erasure in erasures)
                screen.Line($"Erasure {erasure.Number}: {Wording.Claims(erasure.Counts.Claims)}, {Counted(erasure.Counts)}. What backups hold of it is there until they are gone.");
        });

    private static string Counted(ErasedCounts counts) =>
        $"{Wording.Count(counts.Forms, "form")}, {Wording.Count(counts.Acknowledgements, "acknowledgement")}, the bytes of {Wording.Count(counts.Runs, "run")}";
}
