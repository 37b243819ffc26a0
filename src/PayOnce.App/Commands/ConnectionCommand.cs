using System.CommandLine;
using PayOnce.App.Output;
using PayOnce.Exporters;
using PayOnce.Stores;

namespace PayOnce.App.Commands;

/// <summary><c>integrations test</c>: does the accounting system answer, and as it should?</summary>
internal static class ConnectionCommand
{
    public static Command Create(Cli cli)
    {
        var org = Typed.Organisation();
        return cli.Command("test", "Try address, sign-in, rights and proof class of an API, without leaving anything that is paid", [org], call => call.WithOrganisationAsync(org, async (store, organisation) =>
        {
            var id = organisation.OrganisationId;
            if (await store.FindIntegrationAsync(id, call.Stop) is not { } stored) return Answer.Unusable($"{id} has no integration yet: `payonce integrations set {id} FILE`.");
            var settings = IntegrationSettings.FromStored(stored.SettingsJson);
            if (settings.Transport != "api") return Answer.Unusable($"{id} exports by {settings.Transport}: there is no connection to test.");
            return await TestAsync(call, store, organisation, stored.Version, settings);
        }));
    }

    private static async Task<Answer> TestAsync(Call call, IStore store, Organisation organisation, int version, IntegrationSettings settings)
    {
        var (connector, rules) = call.Connector(store);
        if (connector is null) return Answer.Unusable("The connection was not tested.", rules);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(call.Surroundings.Clock.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById(organisation.TimeZone)).DateTime);
        var (api, problems) = await connector.OpenAsync(settings, new RenderContext(organisation, RunId: 0, today), call.Stop);
        if (api is null) return Answer.Unusable("The connection was not tested.", problems);
        await using var _ = api;

        var found = await api.TestConnectionAsync(call.Stop);
        List<CheckDocument> checks = [.. found.Select(check => new CheckDocument(check.What, check.Trouble is null ? Doctor.Ok : Doctor.Fault, check.Trouble ?? ""))];
        var faults = checks.Count(check => check.Result == Doctor.Fault);
        return new Answer(faults == 0 ? ExitCode.Done : ExitCode.Fault, new ConnectionDocument(organisation.OrganisationId, version, settings.Exporter, faults == 0, checks), screen =>
        {
            foreach (var check in checks) screen.Line(check.Result == Doctor.Ok ? $"OK: {check.Check}" : $"Fault: {check.Check}: {check.Message}");
            screen.Line(faults == 0 ? $"{settings.Exporter} answers as it should." : $"{Wording.Count(faults, "fault")}. Nothing is exported to {settings.Exporter} reliably before that is put right.");
        });
    }
}
