using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.Audit;

/// <summary>The events' wording, in one place, so that both stores tell the same.</summary>
public static partial class AuditEntries
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static AuditEntry OrganisationAdded(Organisation organisation, string actor) =>
        Entry(actor, AuditActions.OrganisationAdded, "organisation", json =>
        {
            json.WriteString("name", organisation.Name);
            json.WriteString("timeZone", organisation.TimeZone);
        });

    public static AuditEntry IntegrationChanged(int version, string settingsSha256, string actor) =>
        Entry(actor, AuditActions.IntegrationChanged, "integration", json =>
        {
            json.WriteNumber("version", version);
            json.WriteString("settingsSha256", settingsSha256);
        });

    /// <param name="approvedAgain">Of the updated claims, those that were withdrawn before.</param>
    public static AuditEntry ClaimsTakenIn(string source, int added, int updated, IReadOnlyList<string> approvedAgain, string actor) =>
        Entry(actor, AuditActions.ClaimsTakenIn, "claims", json =>
        {
            json.WriteString("source", source);
            json.WriteNumber("added", added);
            json.WriteNumber("updated", updated);
            if (approvedAgain.Count > 0) Claims(json, "approvedAgain", approvedAgain);
        });

    /// <summary>About the claim itself where there is one, so that its own events show it.</summary>
    public static AuditEntry ClaimsWithdrawn(IReadOnlyList<string> claimIds, string reason, string actor) =>
        Entry(actor, AuditActions.ClaimsWithdrawn, claimIds is [var only] ? ClaimSubject(only) : "claims", json =>
        {
            Claims(json, "withdrawn", claimIds);
            json.WriteString("reason", reason);
        });

    public static AuditEntry ClaimsAdopted(long runId, int count, string reason, string actor) =>
        Entry(actor, AuditActions.ClaimsAdopted, RunSubject(runId), json =>
        {
            json.WriteNumber("claims", count);
            json.WriteString("reason", reason);
        });

    public static AuditEntry RunStarted(long runId, LeaseRequest request, long epoch) =>
        Entry(request.Actor, AuditActions.RunStarted, RunSubject(runId), json =>
        {
            json.WriteString("trigger", request.Trigger.Text());
            json.WriteString("exporter", request.Exporter);
            json.WriteString("format", request.Format);
            json.WriteNumber("integrationVersion", request.IntegrationVersion);
            json.WriteString("holder", request.Holder);
            json.WriteNumber("epoch", epoch);
        });

    public static AuditEntry RunRecovered(Lease lease, long runId, RunState endedAs, long released, long inDoubt) =>
        Entry(lease.Actor, AuditActions.RunRecovered, RunSubject(runId), json =>
        {
            json.WriteString("state", endedAs.Text());
            json.WriteNumber("released", released);
            json.WriteNumber("inDoubt", inDoubt);
            json.WriteNumber("byRun", lease.RunId);
        });

    public static AuditEntry BatchReserved(Lease lease, int batch, int claims, int rejected, int duplicates, string bytesSha256, IReadOnlyList<ControlTotal> totals) =>
        Entry(lease.Actor, AuditActions.BatchReserved, RunSubject(lease.RunId), json =>
        {
            json.WriteNumber("batch", batch);
            json.WriteNumber("claims", claims);
            json.WriteNumber("rejected", rejected);
            json.WriteNumber("duplicates", duplicates);
            json.WriteString("sha256", bytesSha256);
            Totals(json, totals);
        });

    public static AuditEntry BatchSettled(Lease lease, TryEnd ended) =>
        Entry(lease.Actor, AuditActions.BatchSettled, RunSubject(lease.RunId), json =>
        {
            var counts = new SettlementCounts(ended.Settled);
            json.WriteNumber("batch", ended.Batch);
            json.WriteNumber("try", ended.Try);
            json.WriteString("outcome", ended.Outcome.Text());
            if (ended.HttpStatus is { } status) json.WriteNumber("httpStatus", status);
            json.WriteNumber("exported", counts.Exported);
            json.WriteNumber("rejected", counts.Rejected);
            json.WriteNumber("inDoubt", counts.InDoubt);
            json.WriteNumber("released", counts.Released);
        });

    public static AuditEntry FileStarted(Lease lease, string name, string sha256, string manifestSha256, string folder) =>
        Entry(lease.Actor, AuditActions.FileStarted, RunSubject(lease.RunId), json =>
        {
            json.WriteString("file", name);
            json.WriteString("sha256", sha256);
            json.WriteString("manifestSha256", manifestSha256);
            json.WriteString("folder", folder);
        });

    public static AuditEntry FileExported(Lease lease, RunFile file, string manifestSha256) =>
        Entry(lease.Actor, AuditActions.FileExported, RunSubject(lease.RunId), json =>
        {
            json.WriteString("file", file.Name);
            json.WriteString("sha256", file.Sha256);
            json.WriteString("manifestSha256", manifestSha256);
            json.WriteNumber("claims", file.Claims);
            json.WriteNumber("lines", file.Lines);
            Totals(json, file.ControlTotals);
        });

    public static AuditEntry FileReleased(Lease lease, long claims, string reason) =>
        Counted(lease.Actor, AuditActions.FileReleased, RunSubject(lease.RunId), claims, reason);

    public static AuditEntry FileInDoubt(Lease lease, long claims, string reason) =>
        Counted(lease.Actor, AuditActions.FileInDoubt, RunSubject(lease.RunId), claims, reason);

    public static AuditEntry FileProved(Lease lease, long runId, long claims, string evidence) =>
        Counted(lease.Actor, AuditActions.FileProved, RunSubject(runId), claims, evidence);

    public static AuditEntry FileFetched(long runId, string name, string sha256, string actor) =>
        Entry(actor, AuditActions.FileFetched, RunSubject(runId), json =>
        {
            json.WriteString("file", name);
            json.WriteString("sha256", sha256);
        });

    public static AuditEntry FileImported(long runId, long claims, string voucher, string actor) =>
        Entry(actor, AuditActions.FileImported, RunSubject(runId), json =>
        {
            json.WriteNumber("claims", claims);
            json.WriteString("voucher", voucher);
        });

    /// <summary>Without why it failed: that can be an answer of the accounting system, which may quote a claim, and nothing is ever taken out of the trail. It stands with the run.</summary>
    public static AuditEntry RunFinished(Lease lease, RunState state, RunCounters counters) =>
        Entry(lease.Actor, AuditActions.RunFinished, RunSubject(lease.RunId), json =>
        {
            json.WriteString("state", state.Text());
            json.WriteNumber("candidates", counters.Candidates);
            json.WriteNumber("skippedDuplicates", counters.SkippedDuplicates);
            json.WriteNumber("exported", counters.Exported);
            json.WriteNumber("rejected", counters.Rejected);
            json.WriteNumber("inDoubt", counters.InDoubt);
            json.WriteNumber("released", counters.Released);
        });

    public static AuditEntry RunRolledBack(long runId, long released, string reason, string actor) =>
        Counted(actor, AuditActions.RunRolledBack, RunSubject(runId), released, reason);

    public static AuditEntry ReExportForced(string claimId, int generation, string exportKey, string reason, string actor) =>
        Entry(actor, AuditActions.ReExportForced, ClaimSubject(claimId), json =>
        {
            json.WriteNumber("generation", generation);
            json.WriteString("exportKey", exportKey);
            json.WriteString("reason", reason);
        });

    public static AuditEntry ClaimDecided(string claimId, int generation, Guard.MarkState decision, string evidence, string? acknowledgement, string actor) =>
        Entry(actor, AuditActions.ClaimDecided, ClaimSubject(claimId), json =>
        {
            json.WriteNumber("generation", generation);
            json.WriteString("decision", Guard.MarkStates.Text(decision));
            json.WriteString("evidence", evidence);
            if (acknowledgement is not null) json.WriteString("acknowledgement", acknowledgement);
        });

    public static AuditEntry DoubtsSettled(Lease lease, IReadOnlyList<DoubtSettlement> settled) =>
        Entry(lease.Actor, AuditActions.DoubtsSettled, RunSubject(lease.RunId), json =>
        {
            Claims(json, "exported", settled.OfType<DoubtSettlement.Present>().Select(each => each.Claim.ClaimId));
            Claims(json, "absent", settled.OfType<DoubtSettlement.Absent>().Select(each => each.Claim.ClaimId));
            Claims(json, "released", settled.OfType<DoubtSettlement.Release>().Select(each => each.Claim.ClaimId));
            Claims(json, "conflicts", settled.OfType<DoubtSettlement.Conflict>().Select(each => each.Claim.ClaimId));
        });

    public static AuditEntry EvidenceRaised(Lease lease, IReadOnlyList<EvidenceRise> risen) =>
        Entry(lease.Actor, AuditActions.EvidenceRaised, RunSubject(lease.RunId), json =>
        {
            Claims(json, "received", risen.Where(each => each.Evidence == Guard.Evidence.Received).Select(each => each.ClaimId));
            Claims(json, "booked", risen.Where(each => each.Evidence == Guard.Evidence.Booked).Select(each => each.ClaimId));
        });

    public static AuditEntry ClaimsFound(Lease lease, IReadOnlyList<FoundClaim> found) =>
        Entry(lease.Actor, AuditActions.ClaimsFound, RunSubject(lease.RunId), json => Claims(json, "exported", found.Select(each => each.ClaimId)));

    public static AuditEntry RestoreBegun(string reason, string actor) =>
        Entry(actor, AuditActions.RestoreBegun, "organisation", json => json.WriteString("reason", reason));

    public static AuditEntry RestoreEnded(string reason, string actor) =>
        Entry(actor, AuditActions.RestoreEnded, "organisation", json => json.WriteString("reason", reason));

    public static AuditEntry SecretSet(string name, string actor) =>
        Entry(actor, AuditActions.SecretSet, "integration", json => json.WriteString("name", name));

    private static string RunSubject(long runId) => FormattableString.Invariant($"run {runId}");

    private static string ClaimSubject(string claimId) => $"claim {claimId}";

    private static AuditEntry Counted(string actor, string action, string subject, long claims, string reason) =>
        Entry(actor, action, subject, json =>
        {
            json.WriteNumber("claims", claims);
            json.WriteString("reason", reason);
        });

    /// <summary>How many, and which: <c>"exported":2,"exportedClaims":["A-1","A-2"]</c>; the list only where there are any.</summary>
    private static void Claims(Utf8JsonWriter json, string what, IEnumerable<string> claimIds)
    {
        var ids = claimIds.ToList();
        json.WriteNumber(what, ids.Count);
        if (ids.Count == 0) return;
        json.WriteStartArray(what + "Claims");
        foreach (var id in ids) json.WriteStringValue(id);
        json.WriteEndArray();
    }

    private static void Totals(Utf8JsonWriter json, IReadOnlyList<ControlTotal> totals)
    {
        json.WriteStartObject("controlTotals");
        foreach (var total in totals) json.WriteNumber(total.Currency, total.AmountMinor);
        json.WriteEndObject();
    }

    private static AuditEntry Entry(string actor, string action, string subject, Action<Utf8JsonWriter> details)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer, Plain);
        json.WriteStartObject();
        details(json);
        json.WriteEndObject();
        json.Flush();
        return new AuditEntry(actor, action, subject, Encoding.UTF8.GetString(buffer.WrittenSpan));
    }
}
