using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using PayOnce.App.Tests.Support;
using PayOnce.Scheduling;
using PayOnce.Stores;

namespace PayOnce.App.Tests.Api;

/// <summary>One operation of the API, as its document tells it, with a body that is right.</summary>
internal sealed record Operation(string Id, HttpMethod Method, string Template, IReadOnlyList<string> Query, JsonNode? Body, IReadOnlyList<string> Required, IReadOnlyList<string> Nullable)
{
    /// <summary>A body for every operation that has one: as the organisation <c>hlf</c> with two exported claims could send it.</summary>
    private static readonly Dictionary<string, string> Bodies = new(StringComparer.Ordinal)
    {
        ["addOrganisation"] = """{"organisationId":"added","name":"Added","timeZone":"Europe/Oslo","administrator":"per@example.org"}""",
        ["changeInstallationUser"] = """{"operator":true,"disabled":false}""",
        ["pauseInstallation"] = """{"reason":"x"}""",
        ["takeInClaims"] = $$"""{"claims":[{{IntakeTests.Good}}]}""",
        ["adoptClaims"] = """{"reason":"x","claims":[{"claimId":"X","reference":"V"}]}""",
        ["reExportClaim"] = """{"reason":"x","confirm":"R1-000001","generation":0}""",
        ["decideClaim"] = """{"decision":"exported","evidence":"x","confirm":"R1-000001","seen":{"generation":0,"attempt":1,"since":"2026-01-01T00:00:00Z"}}""",
        ["withdrawClaim"] = """{"reason":"x"}""",
        ["withdrawClaims"] = """{"claimIds":["R1-000001"],"reason":"x"}""",
        ["saveIntegration"] = """{"settings":{"exporter":"generic","transport":"file","format":"json"}}""",
        ["testConnection"] = "{}",
        ["previewMapping"] = """{"settings":{"exporter":"generic","transport":"file","format":"json"},"claims":2}""",
        ["saveOrganisationFlags"] = """{"flags":{"driver-honorarium":true}}""",
        ["saveRates"] = """{"rates":[{"kind":"mileage-state","from":"2026-01-01","minor":530}],"passengersEach":true}""",
        ["saveLimits"] = """{"honorariumMinor":1000000,"expensesMinor":1000000}""",
        ["saveRetention"] = """{"retentionYears":5,"recordViews":false}""",
        ["erasePersonalData"] = """{"reason":"x","confirm":"hlf","before":"2018-01-01"}""",
        ["saveDeclaration"] = """{"language":"nb","text":"x"}""",
        ["previewDeclaration"] = """{"language":"nb","text":"x"}""",
        ["withdrawAcknowledgement"] = """{"reason":"x"}""",
        ["acknowledgeDeclaration"] = """{"version":1,"sha256":"x","name":"x"}""",
        ["withdrawMyAcknowledgement"] = """{"acknowledgement":1}""",
        ["approveClaimForm"] = """{"revision":1,"ratesVersion":1}""",
        ["sendBackClaimForm"] = """{"revision":1,"reason":"x"}""",
        ["addMyClaimForm"] = """{"kind":"travel","content":{"reference":"x"}}""",
        ["editMyClaimForm"] = """{"revision":1,"content":{"reference":"x"}}""",
        ["submitMyClaimForm"] = """{"revision":1}""",
        ["takeBackMyClaimForm"] = """{"revision":1}""",
        ["discardMyClaimForm"] = """{"revision":1}""",
        ["saveFlags"] = """{"flags":{"dynamics-api":true}}""",
        ["setSecret"] = """{"value":"long-enough-secret"}""",
        ["saveSchedule"] = """{"cron":"0 6 * * *","enabled":true,"skipPublicHolidays":true,"stopWhenRejected":5,"notify":true,"catchUpMinutes":60}""",
        ["saveSource"] = """{"enabled":false,"view":"payonce_claims","overlapMinutes":60,"batchSize":1000,"everyMinutes":15,"statementSeconds":30,"writeBackTable":"payonce_exports","connection":"postgres://reader:secret@127.0.0.1:9/claims"}""",
        ["saveNotificationSettings"] = """{"webhookUrl":"https://hooks.example.org/payonce","emails":["ola@example.org"],"webhookKey":"whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=","language":"nb"}""",
        ["pauseExport"] = """{"reason":"x"}""",
        ["startSync"] = """{"whenBusy":"queue","from":"2026-01-01","to":"2026-02-01","limit":1,"claimId":"X","stopWhenRejected":5}""",
        ["dryRun"] = """{"from":"2026-01-01","to":"2026-02-01","limit":1,"claimId":"X"}""",
        ["rollBackRun"] = """{"reason":"x","confirm":1}""",
        ["recordImport"] = """{"voucher":"x"}""",
        ["reconcile"] = """{"all":false,"whenBusy":"queue"}""",
        ["beginRestoreMode"] = """{"reason":"x"}""",
        ["endRestoreMode"] = """{"reason":"x","confirm":"hlf"}""",
        ["setUser"] = """{"role":"auditor","claimantId":"K1"}""",
        ["invite"] = """{"email":"ola@example.org","role":"auditor","claimantId":"K1","days":3}""",
        ["addToken"] = """{"name":"x","scopes":["read"],"days":3}""",
        ["saveSignInProvider"] = """{"name":"x","issuer":"https://a.example","clientId":"c","scopes":"openid","clientSecret":"long-enough-secret"}""",
    };

    /// <summary>Names of the ids in its address, beside the organisation's.</summary>
    public IReadOnlyList<string> Own => [.. Template.Split('/').Where(part => part.StartsWith('{') && part != "{org}").Select(part => part.Trim('{', '}'))];

    public string Path(string org = "hlf", string number = "1") => Template.Replace("{org}", org, StringComparison.Ordinal)
        .Replace("{run}", number, StringComparison.Ordinal).Replace("{version}", number, StringComparison.Ordinal).Replace("{request}", number, StringComparison.Ordinal).Replace("{claim}", "R1-000001", StringComparison.Ordinal)
        .Replace("{name}", "token", StringComparison.Ordinal).Replace("{user}", "nobody", StringComparison.Ordinal).Replace("{token}", "abc", StringComparison.Ordinal).Replace("{invitation}", "abc", StringComparison.Ordinal)
        .Replace("{form}", "PO-1", StringComparison.Ordinal).Replace("{number}", "1", StringComparison.Ordinal).Replace("{acknowledgement}", "1", StringComparison.Ordinal)
        .Replace("{claimant}", "nobody", StringComparison.Ordinal);

    public static async Task<IReadOnlyList<Operation>> AllAsync(ApiCaller api)
    {
        var document = JsonNode.Parse((await api.GetAsync("/openapi/v1.json")).Is(HttpStatusCode.OK).Bytes)!;
        var found = new List<Operation>();
        foreach (var (path, item) in document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in item!.AsObject())
            {
                var id = operation!["operationId"]!.GetValue<string>();
                var parameters = operation["parameters"]?.AsArray() ?? [];
                var schema = operation["requestBody"]?["content"]?["application/json"]?["schema"];
                if (schema?["$ref"]?.GetValue<string>() is { } reference) schema = document["components"]!["schemas"]![reference.Split('/')[^1]];
                Assert.True(operation["requestBody"] is null || Bodies.ContainsKey(id), $"{id} takes a body: give the tests one that is right.");
                found.Add(new Operation(
                    id, HttpMethod.Parse(method), path,
                    [.. parameters.Where(each => each!["in"]!.GetValue<string>() == "query").Select(each => each!["name"]!.GetValue<string>())],
                    operation["requestBody"] is null ? null : JsonNode.Parse(Bodies[id]),
                    [.. schema?["required"]?.AsArray().Select(each => each!.GetValue<string>()) ?? []],
                    [.. schema?["properties"]?.AsObject().Where(each => IsNullable(each.Value!)).Select(each => each.Key) ?? []]));
            }
        }
        Assert.InRange(found.Count, 50, 200);
        return found;
    }

    private static bool IsNullable(JsonNode schema) =>
        schema["type"] is JsonArray types ? types.Any(type => type!.GetValue<string>() == "null") : schema["type"] is null && (schema["oneOf"]?.AsArray().Any(each => each!["type"]?.ToJsonString() == "\"null\"") ?? schema["$ref"] is null);
}

/// <summary>Everything that a request could have changed, as text.</summary>
internal static class Snapshot
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<string> OfAsync(IServerStore store)
    {
        var text = new List<object?>();
        foreach (var organisation in await store.ListOrganisationsAsync(Cancel))
        {
            var id = organisation.OrganisationId;
            text.AddRange([organisation, await store.GetAuditHeadAsync(id, Cancel), await store.FindIntegrationAsync(id, Cancel), await store.GetStatusAsync(id, Cancel)]);
            text.AddRange([await store.ListRequestsAsync(id, null, 500, Cancel), await store.FindScheduleAsync(id, Schedule.OnlyIntegration, Cancel), await store.FindPauseAsync(id, Cancel)]);
            text.AddRange([await store.ListMembersAsync(id, Cancel), await store.ListTokensAsync(id, Cancel), await store.ListInvitationsAsync(id, Cancel), await store.FindSignInProviderAsync(id, Cancel)]);
            foreach (var topic in SettingTopics.All) text.Add(await store.FindSettingAsync(id, topic, Cancel));
            text.AddRange([await store.ListFormsAsync(id, new PayOnce.Claims.Forms.FormFilter(), 500, Cancel), await store.ListAcknowledgementsAsync(id, null, null, 500, Cancel)]);
            text.AddRange([await store.ListSecretsAsync(id, Cancel), await store.FindRestoreModeAsync(id, Cancel), await store.ListRunsAsync(id, null, 500, Cancel)]);
        }
        text.Add(await store.FindInstallationPauseAsync(Cancel));
        return string.Join('\n', text.Select(each => JsonSerializer.Serialize(each)));
    }
}
