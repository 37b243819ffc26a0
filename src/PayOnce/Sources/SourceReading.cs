using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using PayOnce.Claims;
using PayOnce.Exporters;
using PayOnce.Sources.Postgres;
using PayOnce.Stores;

namespace PayOnce.Sources;

/// <summary>
/// One reading: what was refused before, what was approved since, what was withdrawn since. Each page of rows goes through the intake
/// that files go through, as JSON Lines, and only then is it written down how far the reading came.
/// </summary>
internal sealed class SourceReading(IStore store, ISourceStore sources, SourceDatabase database, TakenReading taken, TimeProvider clock)
{
    /// <summary>As many refused rows are looked at again in one reading.</summary>
    private const int MostRefused = 10_000;

    /// <summary>What is longer is no claim's id, and cannot be asked for again.</summary>
    private const int LongestId = 200;

    private const string WithdrawnThere = "Withdrawn in the claims system";

    private readonly string org = taken.Source.OrganisationId;
    private readonly SourceSettings settings = taken.Source.Settings;
    private Organisation organisation = null!;
    private IntakeRules rules = IntakeRules.None;
    private DateTimeOffset now;

    /// <summary>Reads to the end.</summary>
    /// <returns>Why it stopped before; null if it did not.</returns>
    public async Task<string?> RunAsync(CancellationToken cancel)
    {
        organisation = await store.FindOrganisationAsync(org, cancel) ?? throw new InvalidOperationException($"There is no organisation \"{org}\".");
        if (await store.FindIntegrationAsync(org, cancel) is { } integration) rules = new IntakeRules(IntegrationSettings.FromStored(integration.SettingsJson).Currencies);
        now = await database.NowAsync(cancel);
        return await ReadRefusedAsync(cancel) && await ReadApprovedAsync(cancel) && await ReadWithdrawnAsync(cancel) ? null : "The source was changed, or another reading began, before this one ended.";
    }

    private async Task<bool> ReadRefusedAsync(CancellationToken cancel)
    {
        var refused = await sources.ListRefusalsAsync(org, null, MostRefused, cancel);
        foreach (var part in refused.Where(each => each.ClaimId.Length < LongestId).Chunk(settings.BatchSize))
        {
            var ids = part.Select(each => each.ClaimId).ToList();
            var rows = await database.ReadByIdAsync(ids, cancel);
            // What is not in the view any more is nobody's claim.
            var gone = ids.Except(rows.Select(row => row.ClaimId), StringComparer.Ordinal).ToList();
            var step = Join(await TakeInAsync(rows.FindAll(row => row.WithdrawnAt is null), cancel), await WithdrawAsync(rows.FindAll(row => row.WithdrawnAt is not null), cancel));
            if (!await KeepAsync(step with { NoLongerRefused = [.. step.NoLongerRefused, .. gone] }, cancel)) return false;
        }
        return true;
    }

    private async Task<bool> ReadApprovedAsync(CancellationToken cancel)
    {
        var (from, id) = (Behind(taken.Source.ApprovedUntil), "");
        while (true)
        {
            var rows = await database.ReadApprovedAsync(from, id, cancel);
            if (rows.Count == 0) return true;
            (from, id) = (rows[^1].ApprovedAt, rows[^1].ClaimId);
            if (!await KeepAsync(await TakeInAsync(rows, cancel) with { ApprovedUntil = Earlier(from, now) }, cancel)) return false;
            if (rows.Count < settings.BatchSize) return true;
        }
    }

    private async Task<bool> ReadWithdrawnAsync(CancellationToken cancel)
    {
        var (from, id) = (Behind(taken.Source.WithdrawnUntil), "");
        while (true)
        {
            var rows = await database.ReadWithdrawnAsync(from, id, cancel);
            if (rows.Count == 0) return true;
            (from, id) = (rows[^1].WithdrawnAt!.Value, rows[^1].ClaimId);
            if (!await KeepAsync(await WithdrawAsync(rows, cancel) with { WithdrawnUntil = Earlier(from, now) }, cancel)) return false;
            if (rows.Count < settings.BatchSize) return true;
        }
    }

    private Task<bool> KeepAsync(ReadingStep step, CancellationToken cancel) => sources.KeepReadingAsync(taken, step, ClaimsSource.Hold, cancel);

    private DateTimeOffset Behind(DateTimeOffset? until) => until is { } last ? last - settings.Overlap : new DateTimeOffset(1970, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private async Task<ReadingStep> TakeInAsync(List<SourceRow> rows, CancellationToken cancel)
    {
        if (rows.Count == 0) return Nothing;
        var (refused, fine) = (new List<SourceRefusal>(), new List<string>());
        using var file = new MemoryStream(Lines(rows));
        var report = await ClaimsImport.RunAsync(store, organisation, rules, settings.View, file, ClaimsSource.Actor, clock, progress: null, cancel, each =>
        {
            var row = rows[(int)each.Line - 1];
            if (each.Outcome == ClaimTaken.Refused) refused.Add(Refused(row, string.Join("; ", each.Problems.Select(problem => (problem with { File = null, Line = null, ClaimId = null }).ToString()))));
            else fine.Add(row.ClaimId);
        }, onlyLifts: ClaimsSource.Actor);
        return new ReadingStep(null, null, rows.Count, report.Added, report.Updated, 0, refused, fine);
    }

    private async Task<ReadingStep> WithdrawAsync(List<SourceRow> rows, CancellationToken cancel)
    {
        var (refused, fine, withdrawn) = (new List<SourceRefusal>(), new List<string>(), 0);
        foreach (var alike in rows.DistinctBy(row => row.ClaimId, StringComparer.Ordinal).GroupBy(Reason, StringComparer.Ordinal))
        {
            var group = alike.ToList();
            var outcomes = await store.WithdrawAsync(org, group.ConvertAll(row => row.ClaimId), alike.Key, ClaimsSource.Actor, cancel);
            foreach (var (row, outcome) in group.Zip(outcomes))
            {
                if (outcome is WithdrawOutcome.Held held) refused.Add(Refused(row, FormattableString.Invariant($"is withdrawn there, but run {held.RunId} has it ({Guard.MarkStates.Text(held.State)}); correct it in the accounting system")));
                else fine.Add(row.ClaimId);
                if (outcome is WithdrawOutcome.Withdrawn) withdrawn++;
            }
        }
        return new ReadingStep(null, null, rows.Count, 0, 0, withdrawn, refused, fine);
    }

    private static string Reason(SourceRow row)
    {
        var said = new string([.. (row.WithdrawnReason ?? "").Where(letter => !char.IsControl(letter)).Take(Guard.DoubleExportGuard.LongestReason)]).Trim();
        return said.Length == 0 ? WithdrawnThere : said;
    }

    private static SourceRefusal Refused(SourceRow row, string reason) =>
        new(row.ClaimId.Length < LongestId ? row.ClaimId : row.ClaimId[..LongestId], row.ApprovedAt, reason.Length > 1_000 ? reason[..1_000] : reason);

    /// <summary>One row a line, in the format of files of claims. JSON out of the database is one line already.</summary>
    private static byte[] Lines(List<SourceRow> rows)
    {
        var lines = new ArrayBufferWriter<byte>(rows.Count * 512);
        using var json = new Utf8JsonWriter(lines, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        foreach (var row in rows)
        {
            json.WriteStartObject();
            json.WriteString("claimId", row.ClaimId);
            json.WriteStartObject("claimant");
            json.WriteString("id", row.ClaimantId);
            json.WriteString("name", row.ClaimantName);
            json.WriteEndObject();
            json.WriteString("type", row.Type);
            json.WriteString("currency", row.Currency);
            json.WriteString("approvedAt", row.ApprovedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", System.Globalization.CultureInfo.InvariantCulture));
            json.WriteString("approvedBy", row.ApprovedBy);
            json.WritePropertyName("totalMinor");
            if (row.TotalMinor is { } total) json.WriteNumberValue(total);
            else json.WriteNullValue();
            json.WritePropertyName("lines");
            json.WriteRawValue(row.Lines ?? "null", skipInputValidation: true);
            json.WriteEndObject();
            json.Flush();
            json.Reset();
            lines.Write("\n"u8);
        }
        return lines.WrittenSpan.ToArray();
    }

    private static ReadingStep Nothing { get; } = new(null, null, 0, 0, 0, 0, [], []);

    private static ReadingStep Join(ReadingStep one, ReadingStep other) => new(
        null, null, one.Read + other.Read, one.Added + other.Added, one.Updated + other.Updated, one.Withdrawn + other.Withdrawn, [.. one.Refused, .. other.Refused],
        [.. one.NoLongerRefused, .. other.NoLongerRefused]);

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
