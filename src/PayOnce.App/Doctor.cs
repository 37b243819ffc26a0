using System.Globalization;
using System.Runtime.InteropServices;
using PayOnce.App.Output;
using PayOnce.Audit;
using PayOnce.Exporters;
using PayOnce.Stores;

namespace PayOnce.App;

/// <summary>Looks at everything a run rests on. Changes nothing but the schema, which any command would bring up to date.</summary>
internal sealed class Doctor(Call call, Storage storage)
{
    public const string Ok = "ok";
    public const string Warning = "warning";
    public const string Fault = "fault";

    // A month of exports of a large organisation fits into a gigabyte; below a tenth of that a run may end for want of room.
    private const long LittleSpace = 1L << 30;
    private const long TooLittleSpace = 100L << 20;

    public async IAsyncEnumerable<CheckDocument> ExamineAsync()
    {
        yield return Runtime();
        yield return TimeZones();
        yield return Culture();
        if (storage is Storage.Embedded { } embedded)
        {
            if (!File.Exists(embedded.Database))
            {
                yield return new("data", Warning, $"There is no PayOnce data in {embedded.Folder} yet. `payonce organisations add ORG` makes it there.");
                yield break;
            }
            yield return Writable("data folder", embedded.Folder);
            yield return Space(embedded.Folder);
        }
        var (store, check) = await OpenAsync();
        yield return check;
        if (store is null) yield break;
        await using var _ = store;
        yield return Of("guard and work list", await store.CheckAsync(call.Stop), "Claims, marks and the work list agree.");
        foreach (var organisation in await store.ListOrganisationsAsync(call.Stop))
        {
            await foreach (var finding in OrganisationAsync(store, organisation)) yield return finding;
        }
    }

    private static CheckDocument Runtime() =>
        new(".NET", Environment.Version.Major >= 10 ? Ok : Fault, $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.ProcessArchitecture}.");

    private static CheckDocument TimeZones() => TimeZoneInfo.TryFindSystemTimeZoneById(Organisation.DefaultTimeZone, out var zone) && zone.SupportsDaylightSavingTime
        ? new("time zones", Ok, $"{Organisation.DefaultTimeZone} is known.")
        : new("time zones", Fault, $"{Organisation.DefaultTimeZone} is not known here: install the system's time zone data (Debian: tzdata).");

    private static CheckDocument Culture()
    {
        try
        {
            return new("language data", Ok, $"{new CultureInfo("nb-NO").EnglishName} is known.");
        }
        catch (CultureNotFoundException)
        {
            return new("language data", Warning, "Norwegian is not known here: install ICU (Debian: libicu) and leave DOTNET_SYSTEM_GLOBALIZATION_INVARIANT unset.");
        }
    }

    private static CheckDocument Space(string folder)
    {
        var free = new DriveInfo(folder).AvailableFreeSpace;
        var text = $"{Wording.Number(free >> 20)} MiB free.";
        return new("free space", free < TooLittleSpace ? Fault : free < LittleSpace ? Warning : Ok, text);
    }

    // The name begins with a dot and is gone at once, so that an importer that watches the folder does not take it.
    private static CheckDocument Writable(string check, string folder)
    {
        if (!Directory.Exists(folder)) return new(check, Fault, $"{folder} does not exist.");
        var probe = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $".payonce-doctor-{Environment.ProcessId}"));
        try
        {
            using (new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose)) { }
            return new(check, Ok, $"{folder} can be written.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(check, Fault, $"{folder} cannot be written: {e.Message}");
        }
    }

    private async Task<(IStore? Store, CheckDocument Check)> OpenAsync()
    {
        IStore? store = null;
        try
        {
            store = Call.Open(storage, call.Surroundings.Clock);
            await store.MigrateAsync(call.Stop);
            return (store, new("store", Ok, $"{store.Engine}: {storage} answers and its schema is this program's."));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            if (store is not null) await store.DisposeAsync();
            return (null, new("store", Fault, FaultSentence.Of(e)));
        }
    }

    private async IAsyncEnumerable<CheckDocument> OrganisationAsync(IStore store, Organisation organisation)
    {
        var id = organisation.OrganisationId;
        var trail = await AuditVerification.VerifyAsync(store, id, call.Stop);
        yield return Of($"{id}: audit trail", trail.Problems, $"{Wording.Count(trail.Events, "event")}, each follows from the one before.");
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(organisation.TimeZone, out var _)) yield return new($"{id}: time zone", Fault, $"{organisation.TimeZone} is not known here.");

        if (await store.FindIntegrationAsync(id, call.Stop) is not { } stored)
        {
            yield return new($"{id}: integration", Warning, $"None is set up yet: `payonce integrations set {id} FILE`.");
        }
        else
        {
            var (settings, problems) = Read(stored);
            yield return Of($"{id}: integration", [.. problems.Select(p => p.ToString())], $"Version {stored.Version}: {settings?.Exporter}, {settings?.Format} by {settings?.Transport}.");
            if (settings?.Folder is { } folder) yield return Writable($"{id}: publish folder", folder);
        }

        var status = await store.GetStatusAsync(id, call.Stop);
        if (status.InDoubt > 0) yield return new($"{id}: claims in doubt", Warning, RunSentences.InDoubt(id, status.InDoubt));
        var unfetched = await store.ListUnfetchedFilesAsync(id, call.Stop);
        if (unfetched.Count > 0) yield return new($"{id}: files", Warning, RunSentences.Unfetched(id, unfetched[0]) + (unfetched.Count == 1 ? "" : $" And {Wording.Number(unfetched.Count - 1)} more."));
    }

    private static (IntegrationSettings? Settings, IReadOnlyList<Problem> Problems) Read(StoredIntegration stored)
    {
        try
        {
            var settings = IntegrationSettings.FromStored(stored.SettingsJson);
            return (settings, ExporterCatalogue.Find(settings.Exporter) is { } exporter ? exporter.Check(settings) : [new Problem("is no exporter of this program") { Field = "exporter", Value = settings.Exporter }]);
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or InvalidOperationException or InvalidDataException or FormatException)
        {
            return (null, [new Problem($"The stored settings cannot be read: {e.Message}")]);
        }
    }

    private static CheckDocument Of(string check, IReadOnlyList<string> problems, string fine) =>
        problems.Count == 0 ? new(check, Ok, fine) : new(check, Fault, string.Join(' ', problems));
}
