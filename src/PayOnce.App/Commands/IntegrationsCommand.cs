using System.CommandLine;
using System.Text.Json;
using PayOnce.App.Output;
using PayOnce.Exporters;
using PayOnce.Stores;

namespace PayOnce.App.Commands;

/// <summary><c>integrations set|show|secret|test</c></summary>
internal static class IntegrationsCommand
{
    // Settings are read by hand; what is larger than this was meant for another command.
    private const int LargestSettings = 1024 * 1024;

    public static Command Create(Cli cli) => new("integrations", "Which accounting system an organisation's claims go to, and how")
    {
        Set(cli),
        Show(cli),
        SecretsCommand.Create(cli),
        ConnectionCommand.Create(cli),
    };

    private static Command Set(Cli cli)
    {
        var org = Typed.Organisation();
        var file = Typed.File("Settings as JSON: exporter, transport, format and what differs from the defaults");
        return cli.Command("set", "Check settings and keep them as a new version", [org, file], call => call.WithOrganisationAsync(org, async (store, organisation) =>
        {
            var (input, refusal) = InputFile.Open(call, call.Get(file));
            if (input is null) return refusal!;
            await using var _ = input.Content;
            var bytes = await ReadAsync(input.Content, call.Stop);
            if (bytes is null) return Answer.Unusable($"{input.Name} is larger than {LargestSettings / 1024} KiB. It cannot be an integration's settings.");

            var (settings, problems) = IntegrationSettings.Parse(input.Name, bytes);
            if (settings is not null && problems.Count == 0) problems = ExporterCatalogue.Find(settings.Exporter)!.Check(settings);
            if (settings is null || problems.Count > 0) return Answer.Unusable("The integration was not changed.", problems);
            return await SaveAsync(call, store, organisation, settings);
        }));
    }

    private static Command Show(Cli cli)
    {
        var org = Typed.Organisation();
        return cli.Command("show", "Show the settings as they are now", [org], call => call.WithOrganisationAsync(org, async (store, organisation) =>
            await store.FindIntegrationAsync(organisation.OrganisationId, call.Stop) is not { } stored
                ? Answer.Unusable($"{organisation.OrganisationId} has no integration yet: `payonce integrations set {organisation.OrganisationId} FILE`.")
                : new Answer(ExitCode.Done, Document(organisation, stored.Version, changed: false, stored.SettingsJson), screen =>
                {
                    screen.Line($"Version {stored.Version}");
                    foreach (var line in Indented(stored.SettingsJson).Split('\n')) screen.Line(line);
                })));
    }

    private static async Task<Answer> SaveAsync(Call call, IStore store, Organisation organisation, IntegrationSettings settings)
    {
        var before = await store.FindIntegrationAsync(organisation.OrganisationId, call.Stop);
        var json = settings.ToJson();
        var version = await store.SaveIntegrationAsync(organisation.OrganisationId, json, call.Actor, call.Stop);
        var changed = version != before?.Version;
        var target = $"{settings.Exporter}, {settings.Format} by {settings.Transport}";
        return new Answer(ExitCode.Done, Document(organisation, version, changed, json), screen =>
        {
            screen.Line(changed
                ? $"{organisation.OrganisationId} now exports to {target} (version {version}). Next: `payonce {Next(settings, organisation.OrganisationId)}`."
                : $"{organisation.OrganisationId} exports to {target} already, just so (version {version}). Nothing was changed.");
            if (settings.Folder is { } folder && !Directory.Exists(folder)) screen.Line($"The folder {folder} does not exist on this machine yet: a run that publishes there will fail and give its claims back.");
        });
    }

    private static string Next(IntegrationSettings settings, string id) =>
        settings.Transport == "api" ? $"integrations secret set {id} {SecretRules.Known(settings)[0]}`, then `payonce integrations test {id}" : $"claims import {id} FILE";

    private static IntegrationDocument Document(Organisation organisation, int version, bool changed, string json)
    {
        using var settings = JsonDocument.Parse(json);
        return new IntegrationDocument(organisation.OrganisationId, version, changed, settings.RootElement.Clone());
    }

    private static string Indented(string json)
    {
        using var settings = JsonDocument.Parse(json);
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            settings.RootElement.WriteTo(writer);
        }
        return System.Text.Encoding.UTF8.GetString(text.ToArray());
    }

    private static async Task<byte[]?> ReadAsync(Stream content, CancellationToken cancel)
    {
        var bytes = new byte[LargestSettings + 1];
        var length = await content.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancel);
        return length > LargestSettings ? null : bytes[..length];
    }
}
