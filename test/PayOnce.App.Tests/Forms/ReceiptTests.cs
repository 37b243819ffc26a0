using System.Net;
using System.Net.Http.Headers;
using PayOnce.Access;
using PayOnce.App.Tests.Api;
using PayOnce.App.Tests.Support;
using PayOnce.Claims.Forms;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Forms;

/// <summary>Receipts in and out: what is taken, how much is read, who may fetch one, and how it comes.</summary>
public sealed class ReceiptTests(PostgresCluster cluster)
{
    private const string FormId = FormScene.FormId;
    private const string Page = $"/o/hlf/my-claims/{FormId}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_receipt_comes_as_a_file_that_can_do_nothing_and_only_to_its_owner_and_to_people_who_read_the_organisations_claims(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster);
        using var owner = await DriverAsync(world);
        using (var added = await UploadAsync(owner, "../../<b>bom.png", FormScene.Png)) Assert.Equal(HttpStatusCode.Redirect, added.StatusCode);
        var form = (await world.Store.FindFormAsync("hlf", FormId, Cancel))!;
        await world.Store.ChangeFormAsync("hlf", FormId, form.Revision, FormChange.Submit.Instance, new FormPerson("user1", "claimant1", "Per"), Cancel);
        using var page = await owner.GetAsync(Page, Cancel);
        Assert.Contains("bom.png", await page.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);

        foreach (var address in new[] { $"{Page}/receipts/1", $"{ApiCaller.Org}/claim-forms/{FormId}/receipts/1" })
        {
            foreach (var (role, status) in new[] { (Role.Claimant, HttpStatusCode.NotFound), (Role.Coordinator, HttpStatusCode.OK), (Role.Auditor, HttpStatusCode.OK), (Role.Administrator, HttpStatusCode.OK) })
            {
                using var client = await world.SignedInAsync(role);
                using var answer = await client.GetAsync(address, Cancel);
                Assert.Equal((role, status), (role, answer.StatusCode));
            }
            using var file = await owner.GetAsync(address, Cancel);
            Assert.Equal(FormScene.Png, await file.Content.ReadAsByteArrayAsync(Cancel));
            Assert.Equal("image/png", file.Content.Headers.ContentType!.MediaType);
            Assert.Equal($"attachment; filename={FormId}-1.png", file.Content.Headers.ContentDisposition!.ToString());
            Assert.Equal("nosniff", file.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("default-src 'none'; sandbox; frame-ancestors 'none'", file.Headers.GetValues("Content-Security-Policy").Single());
        }
        using var program = await world.WithTokenAsync(Permission.Read);
        Assert.Equal(HttpStatusCode.Forbidden, (await program.GetAsync($"{ApiCaller.Org}/claim-forms/{FormId}/receipts/1", Cancel)).StatusCode);
    }

    [Fact]
    public async Task A_draft_and_its_receipts_are_its_owners_alone()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        using var owner = await DriverAsync(world);
        (await UploadAsync(owner, "bom.png", FormScene.Png)).Dispose();
        foreach (var role in new[] { Role.Claimant, Role.Coordinator, Role.Administrator })
        {
            using var other = await world.SignedInAsync(role);
            foreach (var address in new[] { Page, $"{Page}/edit", $"{Page}/receipts/1", $"{ApiCaller.Org}/my/claim-forms/{FormId}" })
                Assert.Equal((role, address, HttpStatusCode.NotFound), (role, address, (await other.GetAsync(address, Cancel)).StatusCode));
            if (role is Role.Claimant) continue;
            Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"/o/hlf/approvals/{FormId}", Cancel)).StatusCode);
        }
    }

    [Fact]
    public async Task A_program_a_page_a_bomb_and_two_things_in_one_are_refused_with_why_whatever_they_are_called()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        using var owner = await DriverAsync(world);
        byte[] bomb = (byte[])FormScene.Png.Clone();
        (bomb[16], bomb[20]) = (0x10, 0x10);
        foreach (var (name, content, says) in new (string, byte[], string)[]
        {
            ("kvittering.pdf", [.. "MZ"u8, .. new byte[500]], "ikke PDF, JPEG eller PNG"), ("kvittering.png", [0x7F, .. "ELF"u8, .. new byte[500]], "ikke PDF, JPEG eller PNG"), ("bilde.png", [.. "<html><script>alert(1)</script>"u8], "ikke PDF, JPEG eller PNG"),
            ("bilde.png", [.. FormScene.Png, .. "PK\u0003\u0004"u8], "inneholder noe mer enn"), ("bilde.png", bomb, "for stort til å åpnes trygt"), ("tom.png", [], "Filen er tom."),
        })
        {
            using var answer = await UploadAsync(owner, name, content);
            Assert.Equal((name, HttpStatusCode.UnprocessableEntity), (name, answer.StatusCode));
            Assert.Contains(says, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Cancel)), StringComparison.Ordinal);
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{ApiCaller.Org}/my/claim-forms/{FormId}/receipts?revision=1&name={name}") { Content = new ByteArrayContent(content), Headers = { { "Sec-Fetch-Site", "same-origin" } } };
            Assert.Equal((name, HttpStatusCode.BadRequest), (name, (await owner.SendAsync(request, Cancel)).StatusCode));
        }
        Assert.Empty((await world.Store.FindFormAsync("hlf", FormId, Cancel))!.Receipts);
    }

    /// <summary>Whether it says how large it is or not: what is read of it is no more than a receipt may have.</summary>
    [Theory, InlineData(true), InlineData(false)]
    public async Task A_file_of_a_gigabyte_is_refused_before_it_is_read(bool saysSo)
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        using var owner = await DriverAsync(world);
        foreach (var isApi in new[] { true, false })
        {
            var content = new Endless(saysSo, isApi ? [] : await HeadAsync(owner));
            using var request = new HttpRequestMessage(HttpMethod.Post, isApi ? $"{ApiCaller.Org}/my/claim-forms/{FormId}/receipts?revision=1" : $"{Page}/receipts") { Content = content, Headers = { { "Sec-Fetch-Site", "same-origin" } } };
            request.Headers.ExpectContinue = saysSo;
            var before = GC.GetTotalAllocatedBytes();
            try
            {
                using var answer = await owner.SendAsync(request, Cancel);
                Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
            }
            catch (HttpRequestException) when (!saysSo)
            {
                // The server closed the connection while we were still sending: that is its refusal, too.
            }
            Assert.InRange(content.Sent, 0, 40_000_000);
            Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 200_000_000);
        }
        Assert.Empty((await world.Store.FindFormAsync("hlf", FormId, Cancel))!.Receipts);
    }

    private static async Task<HttpClient> DriverAsync(ServerWorld world)
    {
        var client = await world.SignedInAsync(Role.Claimant);
        var scene = new FormScene(world.Store, "hlf");
        await scene.OpenAsync();
        await scene.AddAsync(FormId, FormKind.Travel, who: new FormPerson("user1", "claimant1", "Per"));
        return client;
    }

    private static async Task<string> TokenAsync(HttpClient client)
    {
        var html = await client.GetStringAsync(Page, Cancel);
        var at = html.IndexOf("name=\"__RequestVerificationToken\" value=\"", StringComparison.Ordinal) + "name=\"__RequestVerificationToken\" value=\"".Length;
        return html[at..html.IndexOf('"', at)];
    }

    private static async Task<HttpResponseMessage> UploadAsync(HttpClient client, string name, byte[] content)
    {
        var form = (await client.GetStringAsync(Page, Cancel)).Split("name=\"revision\" value=\"")[1].Split('"')[0];
        using var body = new MultipartFormDataContent
        {
            { new StringContent(await TokenAsync(client)), "__RequestVerificationToken" }, { new StringContent(form), "revision" }, { new ByteArrayContent(content), "file", name },
        };
        return await client.PostAsync($"{Page}/receipts", body, Cancel);
    }

    private static async Task<byte[]> HeadAsync(HttpClient client)
    {
        var part = $"--x\r\nContent-Disposition: form-data; name=\"__RequestVerificationToken\"\r\n\r\n{await TokenAsync(client)}\r\n--x\r\nContent-Disposition: form-data; name=\"revision\"\r\n\r\n1\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.png\"\r\n\r\n";
        return System.Text.Encoding.UTF8.GetBytes(part);
    }

    /// <summary>A body of a gigabyte that is made while it is sent.</summary>
    private sealed class Endless : HttpContent
    {
        private const long Gigabyte = 1_000_000_000;

        private readonly bool saysSo;
        private readonly byte[] head;

        public Endless(bool saysSo, byte[] head)
        {
            (this.saysSo, this.head) = (saysSo, head);
            Headers.ContentType = head.Length == 0 ? new MediaTypeHeaderValue("image/png") : MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
        }

        public long Sent { get; private set; }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(head, Cancel);
            var piece = new byte[65536];
            FormScene.Png.CopyTo(piece, 0);
            while (Sent < Gigabyte)
            {
                await stream.WriteAsync(piece, Cancel);
                Sent += piece.Length;
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = Gigabyte;
            return saysSo;
        }
    }
}
