using System.Text.Encodings.Web;
using System.Text.Json;
using PayOnce.Access;
using PayOnce.Audit;
using PayOnce.Claims.Forms;
using PayOnce.History;
using PayOnce.Stores;

namespace PayOnce.Privacy;

/// <summary>
/// Everything that is known of one claimant in one organisation, as one JSON document (docs/privacy.md says what is in it):
/// GDPR art. 15 and 20. Read and written piece by piece, so that ten receipts of ten megabytes cost the memory of one.
/// </summary>
public sealed class PersonExport(IServerStore store, TimeProvider clock)
{
    public const string Format = "payonce.person";

    /// <summary>Rises when what stood in it before is gone or means something else; further members alone do not raise it.</summary>
    public const int Version = 1;

    // The organisation's whole trail may be long; of one person hardly any part of it is.
    private const int Page = ListRequest.MostRows;

    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true };

    /// <summary>Whether anything is known of the claimant.</summary>
    public async Task<bool> KnowsAsync(string organisationId, string claimantId, CancellationToken cancel) =>
        (await store.PageClaimsAsync(organisationId, new ClaimListFilter(ClaimantId: claimantId), new ListRequest(1), cancel)).Rows.Count > 0
        || (await store.ListFormsAsync(organisationId, new FormFilter(claimantId), 1, cancel)).Count > 0
        || (await store.ListAcknowledgementsAsync(organisationId, claimantId, null, 1, cancel)).Count > 0
        || await AccountAsync(organisationId, claimantId, cancel) is not null;

    /// <summary>Writes the document. That it was made is to be told in the trail first (<see cref="AuditEntries.PersonExported"/>).</summary>
    public async Task WriteAsync(Organisation organisation, string claimantId, Stream to, CancellationToken cancel)
    {
        var org = organisation.OrganisationId;
        var account = await AccountAsync(org, claimantId, cancel);
        await using var json = new Utf8JsonWriter(to, Readable);
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteNumber("version", Version);
        json.WriteString("organisationId", org);
        json.WriteString("organisation", organisation.Name);
        json.WriteString("claimantId", claimantId);
        Time(json, "madeAt", clock.GetUtcNow());
        Account(json, account);
        var told = new List<string> { AuditEntries.ClaimantSubject(claimantId) };
        var runs = new SortedSet<long>();
        await ClaimsAsync(json, org, claimantId, told, runs, cancel);
        await FormsAsync(json, org, claimantId, told, cancel);
        await AcknowledgementsAsync(json, org, claimantId, told, cancel);
        await RunsAsync(json, org, runs, cancel);
        await EventsAsync(json, org, told, account?.Name, cancel);
        json.WriteEndObject();
        await json.FlushAsync(cancel);
    }

    private async Task<Member?> AccountAsync(string org, string claimantId, CancellationToken cancel) =>
        (await store.ListMembersAsync(org, cancel)).FirstOrDefault(member => member.ClaimantId == claimantId);

    private static void Account(Utf8JsonWriter json, Member? account)
    {
        if (account is null)
        {
            json.WriteNull("account");
            return;
        }
        json.WriteStartObject("account");
        json.WriteString("userId", account.UserId);
        json.WriteString("email", account.Email);
        json.WriteString("name", account.Name);
        json.WriteString("role", account.Role.Text());
        Time(json, "memberSince", account.Since);
        Time(json, "lastSignedInAt", account.LastSignedInAt);
        json.WriteEndObject();
    }

    private async Task ClaimsAsync(Utf8JsonWriter json, string org, string claimantId, List<string> told, SortedSet<long> runs, CancellationToken cancel)
    {
        json.WriteStartArray("claims");
        ListCursor? at = null;
        do
        {
            var page = await store.PageClaimsAsync(org, new ClaimListFilter(ClaimantId: claimantId), new ListRequest(Page, at), cancel);
            foreach (var row in page.Rows)
            {
                if (await store.FindClaimAsync(org, row.ClaimId, cancel) is not { Claim: { } claim } history) continue;
                PersonJson.Claim(json, claim, history);
                told.Add($"claim {claim.ClaimId}");
                runs.UnionWith(history.Marks.Where(mark => mark.RunId > 0).Select(mark => mark.RunId));
                runs.UnionWith(history.Attempts.Select(attempt => attempt.RunId));
                await json.FlushAsync(cancel);
            }
            at = page.Next;
        }
        while (at is not null);
        json.WriteEndArray();
    }

    private async Task FormsAsync(Utf8JsonWriter json, string org, string claimantId, List<string> told, CancellationToken cancel)
    {
        json.WriteStartArray("forms");
        FormPlace? at = null;
        while (true)
        {
            var page = await store.ListFormsAsync(org, new FormFilter(claimantId, Before: at), Page, cancel);
            foreach (var row in page)
            {
                if (await store.FindFormAsync(org, row.FormId, cancel) is not { } form) continue;
                told.Add($"form {form.FormId}");
                PersonJson.Form(json, form);
                json.WriteStartArray("receipts");
                foreach (var receipt in form.Receipts)
                {
                    PersonJson.Receipt(json, receipt, await store.ReadReceiptAsync(org, form.FormId, receipt.Number, cancel));
                    await json.FlushAsync(cancel);
                }
                json.WriteEndArray();
                json.WriteEndObject();
            }
            if (page.Count < Page) break;
            at = new FormPlace(page[^1].ChangedAt, page[^1].FormId);
        }
        json.WriteEndArray();
    }

    private async Task AcknowledgementsAsync(Utf8JsonWriter json, string org, string claimantId, List<string> told, CancellationToken cancel)
    {
        json.WriteStartArray("acknowledgements");
        long? before = null;
        while (true)
        {
            var page = await store.ListAcknowledgementsAsync(org, claimantId, before, Page, cancel);
            foreach (var row in page)
            {
                if (await store.FindAcknowledgementAsync(org, row.Number, cancel) is not { } acknowledgement) continue;
                told.Add(FormattableString.Invariant($"acknowledgement {acknowledgement.Number}"));
                PersonJson.Acknowledgement(json, acknowledgement);
                await json.FlushAsync(cancel);
            }
            if (page.Count < Page) break;
            before = page[^1].Number;
        }
        json.WriteEndArray();
    }

    /// <summary>The runs that carried the claims. What else was in them is other people's.</summary>
    private async Task RunsAsync(Utf8JsonWriter json, string org, SortedSet<long> runs, CancellationToken cancel)
    {
        json.WriteStartArray("runs");
        foreach (var runId in runs)
        {
            if (await store.FindRunAsync(org, runId, cancel) is not { } run) continue;
            PersonJson.Run(json, run, await store.FindFileAsync(org, runId, cancel));
        }
        json.WriteEndArray();
    }

    /// <summary>Events about the person's own; and, if they have an account, when somebody of this name did something, without what it was about: that may be another's.</summary>
    private async Task EventsAsync(Utf8JsonWriter json, string org, List<string> told, string? name, CancellationToken cancel)
    {
        json.WriteStartArray("audit");
        foreach (var subject in told) await WriteEventsAsync(json, org, new AuditFilter(Subject: subject), PersonJson.Event, cancel);
        json.WriteEndArray();
        json.WriteStartArray("actedAs");
        if (name is not null) await WriteEventsAsync(json, org, new AuditFilter(Actor: name), PersonJson.Act, cancel);
        json.WriteEndArray();
    }

    private async Task WriteEventsAsync(Utf8JsonWriter json, string org, AuditFilter filter, Action<Utf8JsonWriter, AuditEvent> write, CancellationToken cancel)
    {
        ListCursor? at = null;
        do
        {
            var (page, _) = await store.PageAuditAsync(org, filter, new ListRequest(Page, at), cancel);
            foreach (var row in page.Rows) write(json, row);
            await json.FlushAsync(cancel);
            at = page.Next;
        }
        while (at is not null);
    }

    private static void Time(Utf8JsonWriter json, string name, DateTimeOffset? time) => PersonJson.Time(json, name, time);
}
