using System.Net;
using PayOnce.Access;
using PayOnce.App.Host;
using PayOnce.App.Tests.Dashboard;
using PayOnce.App.Tests.Support;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Sandbox;
using PayOnce.Sandbox.Generic;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Api;

/// <summary>Export now: once, whoever asks how often.</summary>
public sealed class SyncTests(PostgresCluster cluster)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_sync_is_asked_for_waited_for_and_done(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster, claims: 9);
        using var api = await ApiCaller.OfAsync(world);
        var dry = (await api.PostAsync("sync/dry-run", """{"limit":4}""")).Is(HttpStatusCode.OK);
        Assert.Equal(4, dry["claims"].GetInt64());
        Assert.Equal(9, await world.Store.CountWaitingAsync("hlf", Cancel));

        var asked = (await api.PostAsync("sync", """{"limit":4}""", ("Prefer", "respond-async, wait=9"))).Is(HttpStatusCode.Accepted);
        Assert.Equal("wait=9", Assert.Single(asked.Headers.GetValues("Preference-Applied")));
        Assert.Equal(1, asked["runId"].GetInt64());
        var done = await DoneAsync(api, asked.Headers.Location!.ToString());
        Assert.Equal("done", done["state"].GetString());
        Assert.Equal(4, done["outcome"].GetProperty("exported").GetInt64());
        Assert.Equal(5, await world.Store.CountWaitingAsync("hlf", Cancel));
        Assert.Single((await api.GetAsync("requests")).Is(HttpStatusCode.OK)["items"].EnumerateArray());
        (await api.DeleteAsync("requests/1")).Is(HttpStatusCode.Conflict).IsProblem("not-possible");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_claim_is_withdrawn_once_and_what_has_left_is_refused_by_its_run(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster, claims: 3);
        using var api = await ApiCaller.OfAsync(world);
        (await api.PostAsync("claims/R1-000001/withdraw", """{"reason":" "}""")).Is(HttpStatusCode.BadRequest).IsProblem("bad-input");
        (await api.PostAsync("claims/NOBODY/withdraw", """{"reason":"by mistake"}""")).Is(HttpStatusCode.NotFound).IsProblem("not-found");
        var first = (await api.PostAsync("claims/R1-000001/withdraw", """{"reason":"by mistake"}""")).Is(HttpStatusCode.OK)["withdrawal"];
        var second = (await api.PostAsync("claims/R1-000001/withdraw", """{"reason":"once more"}""")).Is(HttpStatusCode.OK)["withdrawal"];
        Assert.Equal(("by mistake", first.GetProperty("at").GetString()), (second.GetProperty("reason").GetString(), second.GetProperty("at").GetString()));
        Assert.Equal("by mistake", (await api.GetAsync("claims/R1-000001")).Is(HttpStatusCode.OK)["withdrawal"].GetProperty("reason").GetString());
        Assert.Equal(["R1-000001"], (await api.GetAsync("claims?state=withdrawn")).Is(HttpStatusCode.OK)["items"].EnumerateArray().Select(claim => claim.GetProperty("claimId").GetString()));
        Assert.Equal((1, 1), ((await api.GetAsync("overview"))["withdrawn"].GetInt32(), (await api.GetAsync("export-status"))["withdrawnClaims"].GetInt32()));

        var sync = (await api.PostAsync("sync", "{}")).Is(HttpStatusCode.Accepted);
        Assert.Equal(2, (await DoneAsync(api, sync.Headers.Location!.ToString()))["outcome"].GetProperty("exported").GetInt64());
        Assert.Contains("Run 1 has exported it.", (await api.PostAsync("claims/R1-000002/withdraw", """{"reason":"late"}""")).Is(HttpStatusCode.Conflict).IsProblem("not-possible")["detail"].GetString()!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task The_same_order_under_the_same_key_is_one_order_and_another_is_refused(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster, claims: 9);
        using var api = await ApiCaller.OfAsync(world);
        var many = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => api.PostAsync("sync", """{"limit":2,"whenBusy":"queue"}""", ("Idempotency-Key", "monday-1"))));
        Assert.Equal(["/api/v1/organisations/hlf/requests/1"], many.Select(each => each.Is(HttpStatusCode.Accepted).Headers.Location!.ToString()).Distinct());
        await DoneAsync(api, "requests/1");
        var later = (await api.PostAsync("sync", """{"whenBusy":"queue","limit":2}""", ("Idempotency-Key", "monday-1"))).Is(HttpStatusCode.Accepted);
        Assert.Equal("done", later["state"].GetString());
        (await api.PostAsync("sync", """{"limit":3,"whenBusy":"queue"}""", ("Idempotency-Key", "monday-1"))).Is(HttpStatusCode.UnprocessableEntity).IsProblem("idempotency-key-used");
        Assert.Equal(7, await world.Store.CountWaitingAsync("hlf", Cancel));
        Assert.Single((await api.GetAsync("requests")).Is(HttpStatusCode.OK)["items"].EnumerateArray());
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task The_second_who_asks_is_told_who_runs_since_when_and_how_far_or_waits(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster, claims: 9);
        using var api = await ApiCaller.OfAsync(world);
        var lease = await TakeLeaseAsync(world);
        var busy = (await api.PostAsync("sync", "{}")).Is(HttpStatusCode.Conflict).IsProblem("busy");
        Assert.Equal("Kari", busy["running"].GetProperty("actor").GetString());
        Assert.Equal(1, busy["running"].GetProperty("runId").GetInt64());
        Assert.Contains("Kari", busy["detail"].GetString()!, StringComparison.Ordinal);
        Assert.NotNull(busy.Headers.RetryAfter?.Delta);
        Assert.Empty((await api.GetAsync("requests")).Is(HttpStatusCode.OK)["items"].EnumerateArray());

        var queued = (await api.PostAsync("sync", """{"whenBusy":"queue"}""")).Is(HttpStatusCode.Accepted);
        Assert.Equal("queued", queued["state"].GetString());
        Assert.Equal("running", (await api.GetAsync("export-status")).Is(HttpStatusCode.OK)["integrationStatus"].GetString());
        (await api.PostAsync("claims/adopt", """{"reason":"cut-over","claims":[{"claimId":"X","reference":"V"}]}""")).Is(HttpStatusCode.Conflict).IsProblem("busy");
        Assert.Equal(1, (await api.SendAsync(HttpMethod.Post, "runs/1/stop")).Is(HttpStatusCode.Accepted)["runId"].GetInt64());
        Assert.True(await world.Store.FinishRunAsync(lease, RunState.Cancelled, null, Cancel));
        Assert.Equal("done", (await DoneAsync(api, queued.Headers.Location!.ToString()))["state"].GetString());
        Assert.Equal(0, await world.Store.CountWaitingAsync("hlf", Cancel));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_forced_re_export_pays_once_more_and_repeated_under_its_key_not_again(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster, claims: 2);
        using var api = await ApiCaller.OfAsync(world);
        (await ReExportAsync(api, "R1-000001", generation: 0)).Is(HttpStatusCode.Conflict).IsProblem("not-possible");
        await ApiCaller.RunAsync(world.Store);
        (await api.PostAsync("claims/R1-000001/re-export", """{"reason":"lost","confirm":"R1-000002","generation":0}""")).Is(HttpStatusCode.BadRequest).IsProblem("bad-input");
        (await api.PostAsync("claims/R1-000001/re-export", """{"confirm":"R1-000001","reason":"lost"}""")).Is(HttpStatusCode.BadRequest).IsProblem("bad-input");
        var first = (await ReExportAsync(api, "R1-000001", generation: 0, key: "k")).Is(HttpStatusCode.Accepted);
        Assert.Equal(1, first["generation"].GetInt32());
        await DoneAsync(api, first.Headers.Location!.ToString());
        var second = (await ReExportAsync(api, "R1-000001", generation: 0, key: "k")).Is(HttpStatusCode.Accepted);
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        (await ReExportAsync(api, "R1-000002", generation: 0, key: "k")).Is(HttpStatusCode.UnprocessableEntity).IsProblem("idempotency-key-used");
        (await ReExportAsync(api, "R1-000001", generation: 1, key: "k")).Is(HttpStatusCode.UnprocessableEntity).IsProblem("idempotency-key-used");
        Assert.Equal([0, 1], (await world.Store.FindClaimAsync("hlf", "R1-000001", Cancel))!.Marks.Select(mark => mark.Generation));
        Assert.All((await world.Store.FindClaimAsync("hlf", "R1-000001", Cancel))!.Marks, mark => Assert.Equal(MarkState.Exported, mark.State));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_forced_re_export_whose_answer_was_lost_may_be_repeated_without_a_key_and_pays_no_third_time(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster, claims: 1);
        using var api = await ApiCaller.OfAsync(world);
        await ApiCaller.RunAsync(world.Store);
        // The server died between the two: the generation is there, and no request for its run.
        var made = Assert.IsType<ReExportAnswer.Requested>(await world.Store.RequestReExportAsync("hlf", "R1-000001", "lost", "Kari", Cancel, seenGeneration: 0));
        var again = (await ReExportAsync(api, "R1-000001", generation: 0)).Is(HttpStatusCode.Accepted);
        Assert.Equal((1, made.ExportKey), (again["generation"].GetInt32(), again["exportKey"].GetString()));
        await DoneAsync(api, again.Headers.Location!.ToString());
        // By now the new generation has left, and the newest mark is as exported as the one that was seen.
        (await ReExportAsync(api, "R1-000001", generation: 0)).Is(HttpStatusCode.Conflict).IsProblem("not-possible");
        Assert.Equal([(0, MarkState.Exported), (1, MarkState.Exported)], (await world.Store.FindClaimAsync("hlf", "R1-000001", Cancel))!.Marks.Select(mark => (mark.Generation, mark.State)));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_claim_in_doubt_is_listed_asked_about_and_settled_by_a_person(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster, claims: 1);
        using var api = await ApiCaller.OfAsync(world);
        await DoubtAsync(world);
        var doubts = (await api.GetAsync("in-doubt")).Is(HttpStatusCode.OK)["items"];
        Assert.Equal("R1-000001", doubts[0].GetProperty("claimId").GetString());
        var seen = doubts[0].GetProperty("seen").GetRawText();
        Assert.Equal("needs_attention", (await api.GetAsync("export-status")).Is(HttpStatusCode.OK)["integrationStatus"].GetString());
        Assert.Equal("done", (await DoneAsync(api, (await api.PostAsync("reconcile", "{}")).Is(HttpStatusCode.Accepted).Headers.Location!.ToString()))["state"].GetString());
        (await ReExportAsync(api, "R1-000001", generation: 0)).Is(HttpStatusCode.Conflict).IsProblem("not-possible");
        (await DecideAsync("exported", "R1", seen)).Is(HttpStatusCode.BadRequest).IsProblem("bad-input");
        // Of an earlier doubt than the one there is: it was sent anew since.
        (await DecideAsync("released", "R1-000001", """{"generation":0,"attempt":7,"since":"2026-01-01T00:00:00Z"}""")).Is(HttpStatusCode.Conflict).IsProblem("not-possible");
        foreach (var time in new[] { "7", "\"yesterday\"", "\"2026-02-30T00:00:00Z\"", "null" })
            (await DecideAsync("exported", "R1-000001", $$"""{"generation":0,"attempt":1,"since":{{time}}}""")).Is(HttpStatusCode.BadRequest).IsProblem("bad-input");
        var settled = (await DecideAsync("exported", "R1-000001", seen)).Is(HttpStatusCode.OK);
        Assert.Equal("in_doubt", settled["before"].GetString());
        (await DecideAsync("released", "R1-000001", seen)).Is(HttpStatusCode.Conflict).IsProblem("not-possible");

        Task<ApiAnswer> DecideAsync(string decision, string confirm, string doubt) =>
            api.PostAsync("claims/R1-000001/decision", $$"""{"decision":"{{decision}}","evidence":"voucher 7","confirm":"{{confirm}}","seen":{{doubt}}}""");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Nothing_starts_while_export_is_paused(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster, claims: 2);
        using var api = await ApiCaller.OfAsync(world);
        Assert.True((await api.PutAsync("pause", """{"reason":"year end"}""")).Is(HttpStatusCode.OK)["paused"].GetBoolean());
        (await api.PutAsync("pause", """{"reason":"another"}""")).Is(HttpStatusCode.OK);
        Assert.Equal("year end", (await api.GetAsync("pause")).Is(HttpStatusCode.OK)["pause"].GetProperty("reason").GetString());
        Assert.Equal("year end", (await api.PostAsync("sync", "{}")).Is(HttpStatusCode.Conflict).IsProblem("paused")["pause"].GetProperty("reason").GetString());
        var waiting = (await api.PostAsync("sync", """{"whenBusy":"queue"}""")).Is(HttpStatusCode.Accepted);
        Assert.NotEqual(System.Text.Json.JsonValueKind.Null, waiting["pause"].ValueKind);
        (await api.DeleteAsync(waiting.Headers.Location!.ToString())).Is(HttpStatusCode.NoContent);
        Assert.False((await api.DeleteAsync("pause")).Is(HttpStatusCode.OK)["paused"].GetBoolean());
        (await api.PutAsync("/api/v1/installation/pause", """{"reason":"upgrade"}""")).Is(HttpStatusCode.OK);
        Assert.True((await api.GetAsync("pause")).Is(HttpStatusCode.OK)["pause"].GetProperty("installation").GetBoolean());
        (await api.DeleteAsync("/api/v1/installation/pause")).Is(HttpStatusCode.OK);
        Assert.Equal(2, await world.Store.CountWaitingAsync("hlf", Cancel));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Restore_mode_is_switched_with_reason_and_confirmation(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster);
        using var api = await ApiCaller.OfAsync(world);
        Assert.False((await api.GetAsync("restore")).Is(HttpStatusCode.OK)["on"].GetBoolean());
        Assert.True((await api.PostAsync("restore/begin", """{"reason":"backup of Monday"}""")).Is(HttpStatusCode.OK)["changed"].GetBoolean());
        (await api.PostAsync("restore/end", """{"reason":"looked","confirm":"HLF"}""")).Is(HttpStatusCode.BadRequest).IsProblem("bad-input");
        Assert.True((await api.GetAsync("restore")).Is(HttpStatusCode.OK)["on"].GetBoolean());
        Assert.False((await api.PostAsync("restore/end", """{"reason":"looked","confirm":"hlf"}""")).Is(HttpStatusCode.OK)["on"].GetBoolean());
    }

    internal static async Task<ApiAnswer> DoneAsync(ApiCaller api, string address)
    {
        for (var tries = 0; tries < 300; tries++)
        {
            var answer = (await api.GetAsync(address)).Is(HttpStatusCode.OK);
            if (answer["state"].GetString() is not ("queued" or "running")) return answer;
            await Task.Delay(50, Cancel);
        }
        throw new TimeoutException($"{address} did not end.");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_run_stops_by_itself_once_more_claims_than_its_order_allows_are_rejected_and_the_rest_waits(StoreKind kind)
    {
        // The limit is looked at each second: some ten batches leave before that.
        const int claims = 120;
        var refuses = new FaultPlan().Script(new ScriptedFault(FaultKind.PartialFailure, Times: claims));
        await using var system = await SandboxServer.StartAsync(new GenericStandIn(new GenericBehaviour { Latency = TimeSpan.FromMilliseconds(300) }), refuses, cancel: Cancel);
        await using var world = await ServerWorld.StartAsync(kind, cluster, claims, FormattableString.Invariant($$"""
            {"exporter":"generic","transport":"api","format":"json","api":{"endpoint":"{{system.Address}}","proofClass":"readable","quietSeconds":1,"claimsPerRequest":3,"parallel":1} }
            """));
        await world.Store.SetSecretAsync("hlf", "token", new SecretVault(Path.Combine(world.Folder, "keys")).Protect("hlf", "token", "sandbox-token"), "test", Cancel);
        using var api = await ApiCaller.OfAsync(world);

        var asked = (await api.PostAsync("sync", """{"stopWhenRejected":2}""")).Is(HttpStatusCode.Accepted);
        var over = await DoneAsync(api, asked.Headers.Location!.ToString());

        Assert.Equal("cancelled", over["state"].GetString());
        var run = (await world.Store.FindRunAsync("hlf", 1, Cancel))!;
        Assert.Equal((RunState.Cancelled, "rejection limit 2", 0L, 0L), (run.State, run.Stop!.By, run.Counters.Exported, run.Counters.InDoubt));
        Assert.InRange(run.Counters.Rejected, 3, claims - 1);
        Assert.Empty(system.StandIn.Bookings);
        using var administrator = await world.SignedInAsync(Role.Administrator);
        Assert.Contains("Mer enn 2 krav ble avvist, og kjøringen ble stoppet", Pages.Words(await administrator.ReadAsync("/o/hlf/runs/1")), StringComparison.Ordinal);

        // What was not sent is there for the next run, which may reject as many as it likes.
        refuses.Clear();
        Assert.Equal("done", (await DoneAsync(api, (await api.PostAsync("sync", """{"limit":5}""")).Is(HttpStatusCode.Accepted).Headers.Location!.ToString()))["state"].GetString());
        Assert.Equal(5, system.StandIn.Bookings.Count);
    }

    private static Task<ApiAnswer> ReExportAsync(ApiCaller api, string claimId, int generation, string? key = null) => api.PostAsync(
        $"claims/{claimId}/re-export", $$"""{"reason":"lost","confirm":"{{claimId}}","generation":{{generation}}}""", key is null ? [] : [("Idempotency-Key", key)]);

    private static async Task<Lease> TakeLeaseAsync(ServerWorld world)
    {
        var request = new LeaseRequest("hlf", RunTrigger.Manual, "Kari", "another-node", ClaimScope.Everything, "generic", "csv", 1, TimeSpan.FromMinutes(5), Guid.NewGuid().ToString("N"));
        return Assert.IsType<LeaseAnswer.Taken>(await world.Store.TakeLeaseAsync(request, _ => false, Cancel)).Lease;
    }

    // A run whose file was being published when its process died: nobody knows whether it arrived.
    internal static async Task DoubtAsync(ServerWorld world)
    {
        var lease = await TakeLeaseAsync(world);
        await world.Store.CountScopeAsync(lease, ClaimScope.Everything, Cancel);
        var renderer = PayOnce.Exporters.ExporterCatalogue.Get("generic").CreateRenderer(
            PayOnce.Exporters.IntegrationSettings.FromStored(ServerWorld.GenericFile), new((await world.Store.FindOrganisationAsync("hlf", Cancel))!, 1, new DateOnly(2026, 1, 1)));
        await world.Store.ReserveAsync(lease, new ReserveRequest(ClaimScope.Everything, 1, null, 100), (_, claims) => renderer.Render(claims, 1), Cancel);
        Assert.True(await world.Store.DoubtFileAsync(lease, "its process ended after publishing had started", Cancel));
        Assert.True(await world.Store.FinishRunAsync(lease, RunState.Failed, "its process ended", Cancel));
    }
}
