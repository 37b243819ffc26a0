using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using PayOnce.Exporters.Api;
using PayOnce.Exporters.Settings;
using PayOnce.Sandbox;
using PayOnce.Sandbox.Dynamics;
using PayOnce.Tests.Exporters.Api;

namespace PayOnce.Tests.Exporters.Dynamics;

/// <summary>One kind of request is answered with something else than Business Central says, while all others go well.</summary>
public sealed class HostileAnswerTests
{
    private static readonly string[] Bodies =
    [
        "", "null", "[]", "{}", "\"text\"", "<html>OK</html>", "{\"value\":", "{\"value\":null}", "{\"value\":{}}", "{\"value\":[null]}", "{\"value\":[1]}", "{\"value\":[{}]}",
        "{\"value\":[{\"id\":7,\"number\":7,\"code\":7,\"lineNumber\":\"x\",\"entryNumber\":\"x\"}]}",
        "{\"value\":[],\"@odata.nextLink\":\"https://elsewhere.example/\"}", "{\"value\":[],\"@odata.nextLink\":7}",
        "{\"id\":\"x\",\"number\":\"1\",\"status\":\"Open\",\"responses\":{}}", "{\"responses\":[{}]}", "{\"responses\":[{\"status\":201}]}", "{\"responses\":[{\"status\":\"400\"}]}",
        "{\"id\":\"5d115c9c-44e3-ea11-bb43-000d3a2feca1\",\"number\":\"1\",\"status\":\"Open\",\"vendorNumber\":\"V00042\",\"vendorInvoiceNumber\":\"K\",\"totalAmountIncludingTax\":1e400,\"@odata.etag\":\"x\"}",
        "{\"" + new string('x', 100_000) + "\":[" + new string('[', 200),
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DynamicsBooking.PurchaseInvoice, "GET", "/vendors")]
    [InlineData(DynamicsBooking.PurchaseInvoice, "GET", "/purchaseInvoices")]
    [InlineData(DynamicsBooking.PurchaseInvoice, "POST", ")/purchaseInvoices")]
    [InlineData(DynamicsBooking.PurchaseInvoice, "GET", "/purchaseInvoices(")]
    [InlineData(DynamicsBooking.Journal, "GET", "/generalLedgerEntries")]
    [InlineData(DynamicsBooking.Journal, "GET", "/journals")]
    [InlineData(DynamicsBooking.Journal, "POST", ")/journals")]
    [InlineData(DynamicsBooking.Journal, "GET", "/journalLines")]
    [InlineData(DynamicsBooking.Journal, "POST", "/$batch")]
    public async Task An_answer_that_cannot_be_read_is_never_believed(DynamicsBooking booking, string method, string path)
    {
        foreach (var body in Bodies)
        {
            var standIn = new Liar(method, path, Encoding.UTF8.GetBytes(body));
            await using var bench = await ApiBench.OpenAsync(_ => standIn, address => DynamicsBench.Settings(address, new BcOptions(), booking), new Dictionary<string, string> { ["client-secret"] = "sandbox-secret" });
            var batch = bench.Batch(1);

            var answer = await bench.SendAsync(batch);
            Assert.DoesNotContain((answer as SendAnswer.Answered)?.Claims ?? [], claim => claim is ClaimAnswer.Accepted or ClaimAnswer.Refused);

            var asked = await bench.ReadBackAsync(batch);
            if (asked is ReadBackAnswer.Answered { Findings: [ReadBackFinding.Absent] }) Assert.Empty(standIn.Bookings);
            standIn.Tells = false;
            if (asked is ReadBackAnswer.Failed) asked = await bench.ReadBackAsync(batch);
            var finding = Assert.Single(Assert.IsType<ReadBackAnswer.Answered>(asked).Findings);
            Assert.Equal(standIn.Bookings.Count, finding is ReadBackFinding.Absent ? 0 : 1);
        }
    }

    [Fact]
    public async Task The_token_does_not_follow_a_next_page_to_another_place()
    {
        var standIn = new Liar("GET", "/vendors", Encoding.UTF8.GetBytes("""{"value":[{"number":"X"}],"@odata.nextLink":"http://127.0.0.1:1/v2.0/next"}"""));
        await using var bench = await ApiBench.OpenAsync(_ => standIn, address => DynamicsBench.Settings(address, new BcOptions(), DynamicsBooking.PurchaseInvoice), new Dictionary<string, string> { ["client-secret"] = "sandbox-secret" });

        Assert.Contains("could not be read", Assert.IsType<SendAnswer.NotProcessed>(await bench.SendAsync(bench.Batch(1))).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_that_comes_back_in_an_error_goes_no_further()
    {
        string token = "";
        foreach (var secret in new[] { "sandbox-secret", "token" })
        {
            var standIn = new Liar("GET", "/vendors", []) { Status = 400 };
            await using var bench = await ApiBench.OpenAsync(_ => standIn, address => DynamicsBench.Settings(address, new BcOptions(), DynamicsBooking.PurchaseInvoice), new Dictionary<string, string> { ["client-secret"] = "sandbox-secret" });
            standIn.Answer = headers => Encoding.UTF8.GetBytes($$$"""{"error":{"code":"BadRequest","message":"You said {{{(secret == "token" ? token = headers["Authorization"].ToString()["Bearer ".Length..] : secret)}}}"}}""");

            var error = Assert.IsType<SendAnswer.NotProcessed>(await bench.SendAsync(bench.Batch(1))).Error!;

            Assert.Contains("You said", error, StringComparison.Ordinal);
            Assert.DoesNotContain(secret == "token" ? token : secret, error, StringComparison.Ordinal);
        }
    }

    private sealed class Liar(string method, string path, byte[] body) : IStandIn
    {
        private readonly BusinessCentral truth = new(new BcOptions { EveryVendor = true });

        public bool Tells { get; set; } = true;

        public int Status { get; init; } = 200;

        public Func<IHeaderDictionary, byte[]>? Answer { get; set; }

        public string Name => truth.Name;

        public IReadOnlyList<Booking> Bookings => truth.Bookings;

        public JsonNode State() => truth.State();

        public async Task HandleAsync(HttpContext context, FaultContext faults)
        {
            await truth.HandleAsync(context, faults);
            if (!Tells || context.Request.Method != method || !context.Request.Path.Value!.Contains(path, StringComparison.Ordinal) || (method == "POST" && context.Request.Path.Value.Contains("NAV.post", StringComparison.Ordinal))) return;
            var said = Answer?.Invoke(context.Request.Headers) ?? body;
            context.Response.StatusCode = Status;
            context.Response.Body.SetLength(0);
            await context.Response.Body.WriteAsync(said);
        }
    }
}
