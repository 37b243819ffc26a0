using System.Net;
using System.Security.Cryptography;
using System.Text;
using PayOnce.App.Tests.Support;
using PayOnce.Runs;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Api;

/// <summary>What runs did, and what a person does to them.</summary>
public sealed class RunTests(PostgresCluster cluster)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_run_is_listed_opened_and_taken_apart(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster, claims: 7);
        using var api = await ApiCaller.OfAsync(world);
        var before = (await api.GetAsync("export-status")).Is(HttpStatusCode.OK);
        Assert.Equal(["runId", "exportedAt", "totalClaims", "successCount", "failureCount", "integrationStatus", "withdrawnClaims"], before.Json.EnumerateObject().Select(field => field.Name));
        Assert.Equal("ready", before["integrationStatus"].GetString());
        await ApiCaller.RunAsync(world.Store);
        await ApiCaller.RunAsync(world.Store);

        var status = (await api.GetAsync("export-status")).Is(HttpStatusCode.OK);
        Assert.Equal(2, status["runId"].GetInt64());
        Assert.Equal(7, status["totalClaims"].GetInt64());
        Assert.Equal(0, status["successCount"].GetInt64());
        var first = (await api.GetAsync("runs?limit=1")).Is(HttpStatusCode.OK);
        Assert.Equal(2, first["total"].GetInt64());
        Assert.Equal(2, first["items"][0].GetProperty("run").GetProperty("runId").GetInt64());
        var second = (await api.GetAsync($"runs?limit=1&cursor={first["next"].GetString()}")).Is(HttpStatusCode.OK);
        Assert.Equal(1, second["items"][0].GetProperty("run").GetProperty("runId").GetInt64());
        Assert.Single((await api.GetAsync($"runs?limit=1&cursor={second["previous"].GetString()}")).Is(HttpStatusCode.OK)["items"].EnumerateArray());
        Assert.Empty((await api.GetAsync("runs?status=failed&status=in_doubt")).Is(HttpStatusCode.OK)["items"].EnumerateArray());
        Assert.Equal(2, (await api.GetAsync("runs?trigger=manual&actor=test&exporter=generic")).Is(HttpStatusCode.OK)["items"].GetArrayLength());

        Assert.Equal("available", (await api.GetAsync("runs/1")).Is(HttpStatusCode.OK)["file"].GetProperty("state").GetString());
        Assert.Equal(7, (await api.GetAsync("runs/1/claims?state=exported")).Is(HttpStatusCode.OK)["items"].GetArrayLength());
        Assert.Equal(0, (await api.GetAsync("runs/1/claims?state=rejected")).Is(HttpStatusCode.OK)["items"].GetArrayLength());
        Assert.Equal(0, (await api.GetAsync("runs/1/rejected")).Is(HttpStatusCode.OK)["items"].GetArrayLength());
        Assert.Contains("sha256:", (await api.GetAsync("runs/1/acknowledgements?limit=2")).Is(HttpStatusCode.OK)["items"][0].GetProperty("acknowledgement").GetString()!, StringComparison.Ordinal);
        Assert.Equal(1, (await api.GetAsync("runs/1/attempts")).Is(HttpStatusCode.OK)["items"].GetArrayLength());
        var skipped = (await api.GetAsync("runs/2/skipped-duplicates")).Is(HttpStatusCode.OK)["items"];
        Assert.Equal(7, skipped.GetArrayLength());
        Assert.Equal(1, skipped[0].GetProperty("runId").GetInt64());
        Assert.Equal(7, (await api.GetAsync("overview")).Is(HttpStatusCode.OK)["exported"].GetInt64());
        Assert.Equal(7, (await api.GetAsync("months")).Is(HttpStatusCode.OK)["months"].EnumerateArray().Sum(month => month.GetProperty("claims").GetInt64()));
        Assert.Equal("claim", (await api.GetAsync("search?q=R1-000001")).Is(HttpStatusCode.OK)["hits"][0].GetProperty("kind").GetString());
        (await api.PostAsync("runs/1/stop", "{}")).Is(HttpStatusCode.Conflict).IsProblem("not-possible");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_downloaded_file_is_the_stored_one_to_the_byte_and_stands_in_the_trail(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster, claims: 300);
        using var api = await ApiCaller.OfAsync(world);
        var file = (await ApiCaller.RunAsync(world.Store)).File!;
        using var stored = new MemoryStream();
        await RunFileContent.WriteAsync(world.Store, "hlf", file, stored, Cancel);

        var got = (await api.GetAsync("runs/1/file")).Is(HttpStatusCode.OK);
        Assert.Equal(stored.ToArray(), got.Bytes);
        Assert.Equal(file.Bytes, got.ContentHeaders.ContentLength);
        Assert.Equal(file.ContentType, got.ContentHeaders.ContentType!.ToString());
        Assert.Equal(file.Name, got.ContentHeaders.ContentDisposition!.FileName!.Trim('"'));
        Assert.Equal("attachment", got.ContentHeaders.ContentDisposition.DispositionType);
        Assert.Equal($"sha-256=:{Convert.ToBase64String(SHA256.HashData(stored.ToArray()))}:", Assert.Single(got.Headers.GetValues("Repr-Digest")));
        Assert.Equal(file.Manifest.ToArray(), (await api.GetAsync("runs/1/file/manifest")).Is(HttpStatusCode.OK).Bytes);
        // Noted once the last byte is out, which is a moment after the caller has it.
        for (var tries = 0; tries < 100 && (await world.Store.FindFileAsync("hlf", 1, Cancel))!.FetchedAt is null; tries++) await Task.Delay(20, Cancel);
        Assert.NotNull((await world.Store.FindFileAsync("hlf", 1, Cancel))!.FetchedAt);
        Assert.Equal(1, (await api.GetAsync("audit?action=file_fetched")).Is(HttpStatusCode.OK)["total"].GetInt64());
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_file_that_nobody_imported_is_taken_back_once_and_is_not_given_out_any_more(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster, claims: 5);
        using var api = await ApiCaller.OfAsync(world);
        await ApiCaller.RunAsync(world.Store);
        (await api.PostAsync("runs/1/roll-back", """{"reason":"wrong month","confirm":2}""")).Is(HttpStatusCode.BadRequest).IsProblem("bad-input");
        Assert.Equal(5, (await api.PostAsync("runs/1/roll-back", """{"reason":"wrong month","confirm":1}""")).Is(HttpStatusCode.OK)["released"].GetInt64());
        (await api.PostAsync("runs/1/roll-back", """{"reason":"wrong month","confirm":1}""")).Is(HttpStatusCode.Conflict).IsProblem("not-possible");
        (await api.GetAsync("runs/1/file")).Is(HttpStatusCode.Gone).IsProblem("file-withdrawn");
        (await api.PostAsync("runs/1/imported", """{"voucher":"V-7"}""")).Is(HttpStatusCode.Conflict).IsProblem("not-possible");
        await ApiCaller.RunAsync(world.Store);
        Assert.Equal(5, (await api.PostAsync("runs/2/imported", """{"voucher":"V-7"}""")).Is(HttpStatusCode.OK)["claims"].GetInt64());
        Assert.Equal(5, (await api.GetAsync("runs/2/claims?state=booked")).Is(HttpStatusCode.OK)["items"].GetArrayLength());
    }

    [Theory]
    [InlineData("..\\..\\etc/passwd", "_.._etc_passwd")]
    [InlineData("a\"; filename=\"b.exe", "a___filename__b.exe")]
    [InlineData("a\r\nSet-Cookie: x=y", "a__Set-Cookie__x_y")]
    [InlineData("...", "file")]
    [InlineData("øre-1.csv", "øre-1.csv")]
    public void A_file_name_carries_no_path_and_no_header(string stored, string given) => Assert.Equal(given, PayOnce.App.Api.RunFileDownloads.Plain(stored));

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task The_exported_trail_can_be_recomputed_by_whoever_has_it(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster, claims: 5);
        using var api = await ApiCaller.OfAsync(world);
        await ApiCaller.RunAsync(world.Store);
        Assert.True((await api.GetAsync("audit/verification")).Is(HttpStatusCode.OK)["whole"].GetBoolean());
        var lines = (await api.GetAsync("audit/export")).Is(HttpStatusCode.OK).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(lines.Length > 4);
        var previous = new string('0', 64);
        foreach (var line in lines)
        {
            using var read = System.Text.Json.JsonDocument.Parse(line);
            string Text(string name) => read.RootElement.GetProperty(name).GetString()!;
            Assert.Equal(previous, Text("previousHash"));
            var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var part in new[] { "payonce.audit.1", previous, "hlf", read.RootElement.GetProperty("sequence").GetRawText(), Text("at"), Text("actor"), Text("action"), Text("subject"), read.RootElement.GetProperty("details").GetRawText() })
            {
                sha.AppendData(Encoding.UTF8.GetBytes($"{Encoding.UTF8.GetByteCount(part)}:"));
                sha.AppendData(Encoding.UTF8.GetBytes(part));
            }
            previous = Convert.ToHexStringLower(sha.GetHashAndReset());
            Assert.Equal(previous, Text("hash"));
        }
        Assert.Single((await api.GetAsync($"audit/export?after={lines.Length - 1}")).Is(HttpStatusCode.OK).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        var page = (await api.GetAsync("audit?limit=2&actor=test")).Is(HttpStatusCode.OK);
        Assert.Equal(2, page["items"].GetArrayLength());
    }
}
