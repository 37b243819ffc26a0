using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Server;
using PayOnce.Audit;
using PayOnce.History;
using PayOnce.Stores;

namespace PayOnce.App.Dashboard.Downloads;

/// <summary>The audit trail as files: a table for people, and the chained events for whoever verifies it without PayOnce.</summary>
internal static class AuditDownloads
{
    private const int FlushAt = 32 * 1024;

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void MapAuditDownloads(this IEndpointRouteBuilder app)
    {
        app.MapGet("/o/{org}/audit.csv", Table).Needs(Permission.Read);
        app.MapGet("/o/{org}/audit.jsonl", Chain).Needs(Permission.Read);
    }

    private static Attachment Table(string org, HttpRequest request, IHistoryStore history, Visit visit, Words words)
    {
        var filter = AuditQuery.Read(request.Query, visit.Zone).Filter;
        return new Attachment($"{org}-audit.csv", "text/csv; charset=utf-8", async (to, gone) =>
        {
            var csv = new CsvFile(to);
            await csv.HeadAsync(words.AuditColumns(visit.Zone.Id), gone);
            ListCursor? at = null;
            do
            {
                var page = (await history.PageAuditAsync(org, filter, new ListRequest(ListRequest.MostRows, at), gone)).Page;
                foreach (var told in page.Rows)
                {
                    var (text, reason) = words.Told(told);
                    await csv.Number(told.Sequence).Time(words.Machine(told.At)).Text(told.Actor).Text(text).Text(told.Subject).Text(reason).Text(told.Details).Text(told.Hash).EndAsync(gone);
                }
                at = page.Next;
            }
            while (at is not null);
            await csv.FlushAsync(gone);
        });
    }

    // Each event with everything its hash is computed from; the details as the text that was hashed, since parsed JSON would lose its form.
    private static Attachment Chain(string org, IServerStore store) => new($"{org}-audit.jsonl", "application/jsonl; charset=utf-8", async (to, gone) =>
    {
        var buffer = new ArrayBufferWriter<byte>(FlushAt + 4096);
        await foreach (var told in store.ReadAuditAsync(org, afterSequence: 0, gone))
        {
            Write(buffer, told);
            if (buffer.WrittenCount < FlushAt) continue;
            await to.WriteAsync(buffer.WrittenMemory, gone);
            buffer.ResetWrittenCount();
        }
        await to.WriteAsync(buffer.WrittenMemory, gone);
    });

    private static void Write(ArrayBufferWriter<byte> buffer, AuditEvent told)
    {
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            json.WriteString("organisationId", told.OrganisationId);
            json.WriteNumber("sequence", told.Sequence);
            json.WriteString("at", told.At);
            json.WriteString("actor", told.Actor);
            json.WriteString("action", told.Action);
            json.WriteString("subject", told.Subject);
            json.WriteString("details", told.Details);
            json.WriteString("previousHash", told.PreviousHash);
            json.WriteString("hash", told.Hash);
            json.WriteEndObject();
        }
        buffer.Write("\n"u8);
    }
}
