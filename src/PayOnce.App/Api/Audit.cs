using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Output;
using PayOnce.App.Server;
using PayOnce.Audit;
using PayOnce.History;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.App.Api;

/// <summary>The audit trail: who did what, chained by hash so that a change shows.</summary>
internal static class Audit
{
    public static void Map(IEndpointRouteBuilder organisation)
    {
        var audit = organisation.MapGroup("/audit").WithTags("Audit trail");
        audit.MapGet("", ListAsync).WithName("listAudit").Needs(Permission.Read).Refuses(Problems.BadInput);
        audit.MapGet("/verification", VerifyAsync).WithName("verifyAudit").Needs(Permission.Read).RequireRateLimiting(RateLimits.Heavy);
        audit.MapGet("/export", ExportAsync).WithName("exportAudit").Needs(Permission.Read).RequireRateLimiting(RateLimits.Heavy).Gives("application/x-ndjson").Refuses(Problems.BadInput);
    }

    /// <summary>The events, newest first</summary>
    /// <param name="from">Only events of this day or later, in the organisation's time zone.</param>
    /// <param name="to">Only events of this day or earlier.</param>
    /// <param name="actor">Only what this person or program did, exactly.</param>
    /// <param name="action">Only these actions; may stand several times.</param>
    /// <param name="subject">Only what was done to this, exactly: run 12, claim A-1.</param>
    /// <param name="cursor">Where to go on, as an earlier answer said.</param>
    /// <param name="limit">At most this many, 1 to 500; 50 if nothing is said.</param>
    public static async Task<Results<Ok<CountedPart<AuditEventDocument>>, ProblemHttpResult>> ListAsync(
        Day? from, Day? to, string? actor, [FromQuery] string[]? action, string? subject, string? cursor, int? limit, Visit visit, IHistoryStore history, CancellationToken cancel)
    {
        var faults = new Faults().Period(from?.Date, to?.Date);
        var part = faults.Part(cursor, limit);
        if (faults.Problem is { } problem) return problem;
        var (after, before) = ApprovalPeriod.Of(from?.Date, to?.Date, visit.Zone);
        var page = await history.PageAuditAsync(visit.Organisation.OrganisationId, new AuditFilter(after, before, actor, action, subject), part, cancel);
        return TypedResults.Ok(page.Page.As(page.Total, Document));
    }

    /// <summary>Recompute the chain, and say whether an event was changed, removed, inserted or moved</summary>
    public static async Task<Ok<AuditVerificationDocument>> VerifyAsync(Visit visit, IStore store, CancellationToken cancel)
    {
        var id = visit.Organisation.OrganisationId;
        var report = await AuditVerification.VerifyAsync(store, id, cancel);
        return TypedResults.Ok(new AuditVerificationDocument(id, report.Problems.Count == 0, report.Events, new AuditHeadDocument(report.Head.Sequence, report.Head.Hash), report.Problems));
    }

    /// <summary>The whole trail as JSON Lines, oldest first</summary>
    /// <remarks>Each event's details stand there letter by letter as they were hashed, so that the chain can be recomputed elsewhere.</remarks>
    /// <param name="after">Only events behind this number.</param>
    public static Results<PushStreamHttpResult, ProblemHttpResult> ExportAsync(long? after, HttpContext http, Visit visit, IStore store, CancellationToken cancel)
    {
        if (after is < 0) return Problems.Refuse("after", null, "must be a whole number from 0", Fault.Query);
        var id = visit.Organisation.OrganisationId;
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"audit-{id}.jsonl\"";
        return TypedResults.Stream(to => WriteAsync(to, store, id, after ?? 0, cancel), "application/x-ndjson");
    }

    private static async Task WriteAsync(Stream to, IStore store, string id, long after, CancellationToken cancel)
    {
        const int piece = 64 * 1024;
        var buffer = new ArrayBufferWriter<byte>(2 * piece);
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        await foreach (var each in store.ReadAuditAsync(id, after, cancel))
        {
            Write(json, each);
            json.Flush();
            json.Reset();
            buffer.Write("\n"u8);
            if (buffer.WrittenCount < piece) continue;
            await to.WriteAsync(buffer.WrittenMemory, cancel);
            buffer.ResetWrittenCount();
        }
        await to.WriteAsync(buffer.WrittenMemory, cancel);
    }

    private static void Write(Utf8JsonWriter json, AuditEvent each)
    {
        json.WriteStartObject();
        json.WriteNumber("sequence", each.Sequence);
        json.WritePropertyName("at");
        new UtcTime().Write(json, each.At, JsonSerializerOptions.Default);
        json.WriteString("actor", each.Actor);
        json.WriteString("action", each.Action);
        json.WriteString("subject", each.Subject);
        json.WritePropertyName("details");
        json.WriteRawValue(each.Details);
        json.WriteString("previousHash", each.PreviousHash);
        json.WriteString("hash", each.Hash);
        json.WriteEndObject();
    }

    private static AuditEventDocument Document(AuditEvent each) =>
        new(each.Sequence, each.At, each.Actor, each.Action, each.Subject, Json.Read(each.Details), each.PreviousHash, each.Hash);
}
