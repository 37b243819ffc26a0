using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using PayOnce.Exporters.Api;
using PayOnce.Sandbox;

namespace PayOnce.Tests.Exporters.Api;

/// <summary>What another system answers is hostile input: it may keep us from knowing, never make us believe.</summary>
public abstract partial class ExporterApiConformance
{
    /// <summary>Statuses that say no without proving that nothing was booked, when they come without this system's own words.</summary>
    protected virtual IReadOnlyList<int> ProofOfNothing => [400, 401, 402, 403, 404, 405, 406, 409, 410, 411, 412, 413, 415, 418, 421, 422, 423, 428, 451];

    private static readonly string[] Bodies =
    [
        "", " ", "null", "true", "0", "\"text\"", "[]", "{}", "[null]", "[[]]", "{\"a\":", "<html><body>OK</body></html>", "OK",
        "{\"results\":null,\"data\":null,\"value\":null,\"found\":null,\"keys\":null}",
        "{\"results\":{},\"data\":[],\"value\":{},\"found\":{},\"keys\":{}}",
        "{\"results\":[null],\"data\":{},\"value\":[null],\"found\":[null],\"keys\":[null]}",
        "{\"results\":[{}],\"data\":{\"a\":null},\"value\":[{}],\"found\":[{}],\"keys\":[{}]}",
        "{\"results\":[1,\"a\",[],true],\"value\":[1],\"found\":[1],\"keys\":[1]}",
        "{\"results\":[{\"exportKey\":7,\"status\":7}],\"value\":[{\"id\":7,\"number\":7}],\"found\":[{\"exportKey\":7}],\"keys\":[{\"exportKey\":7}]}",
        "{\"results\":[{\"exportKey\":\"\\ud800\",\"status\":\"booked\",\"reference\":\"\\ud800\"}],\"found\":[{\"exportKey\":\"\\ud800\"}],\"keys\":[{\"exportKey\":\"\\ud800\"}]}",
        "{\"results\":[],\"results\":[],\"found\":[],\"found\":[],\"keys\":[],\"keys\":[]}",
        new string('[', 5_000),
        "{\"results\":" + new string('9', 10_000) + "}",
        "[" + string.Join(',', Enumerable.Repeat("{}", 50_000)) + "]",
        "{\"" + new string('x', 1_000_000) + "\":1}",
    ];

    [Fact]
    public async Task No_body_that_is_not_the_systems_own_makes_a_claim_accepted_refused_or_absent()
    {
        var hostile = new HostileStandIn();
        await using var bench = await ApiBench.OpenAsync(_ => hostile, Settings, Secrets);
        var batch = bench.Batch(Claims);
        foreach (var body in Bodies.Select(Encoding.UTF8.GetBytes).Append([0xFF, 0xFE, 0x00, 0x7B]).Append([0x7B, 0x22, 0xC3, 0x28, 0x22, 0x3A, 0x31, 0x7D]))
        {
            (hostile.Status, hostile.Body) = (200, body);
            Assert.DoesNotContain(Outcomes(await bench.SendAsync(batch), batch), o => o is Outcome.Accepted or Outcome.Refused);
            Assert.IsType<ReadBackAnswer.Failed>(await bench.ReadBackAsync(batch));
            Assert.IsType<KeyPageAnswer.Failed>(await bench.Api.ListKeysAsync(null, Cancel));
            Assert.Contains(await bench.Api.TestConnectionAsync(Cancel), check => check.Trouble is not null);
        }
    }

    [Fact]
    public async Task A_no_in_anybody_elses_words_proves_nothing()
    {
        var hostile = new HostileStandIn();
        await using var bench = await ApiBench.OpenAsync(_ => hostile, Settings, Secrets);
        var batch = bench.Batch(Claims);
        foreach (var status in ProofOfNothing)
        {
            foreach (var body in new[] { "", "<html>no</html>", "{\"type\":\"about:blank\",\"title\":\"No\"}" })
            {
                (hostile.Status, hostile.Body) = (status, Encoding.UTF8.GetBytes(body));
                Assert.DoesNotContain(Outcomes(await bench.SendAsync(batch), batch), o => o is Outcome.Accepted or Outcome.Refused);
                Assert.IsType<ReadBackAnswer.Failed>(await bench.ReadBackAsync(batch));
            }
        }
    }

    [Fact]
    public async Task A_secret_that_comes_back_in_an_answer_goes_no_further()
    {
        var hostile = new HostileStandIn();
        await using var bench = await ApiBench.OpenAsync(_ => hostile, Settings, Secrets);
        var batch = bench.Batch(Claims);
        var planted = string.Join(' ', Secrets.Values);
        foreach (var status in new[] { 200, 400, 401, 403, 409, 413, 422, 500, 503 })
        {
            foreach (var type in new[] { "invalid-batch", "unauthorized", "other" })
            {
                (hostile.Status, hostile.Body) = (status, Encoding.UTF8.GetBytes(
                    $$$"""{"type":"urn:payonce:{{{type}}}","title":"{{{planted}}}","detail":"{{{planted}}}","error":{"code":"{{{planted}}}","message":"{{{planted}}}"},"errors":[{"message":"{{{planted}}}"}],"results":[{"exportKey":"{{{batch.Claims[0].ExportKey}}}","status":"refused","reason":"Bearer {{{planted}}}"}]}"""));
                AssertSilent(Texts(await bench.SendAsync(batch)));
                AssertSilent([(await bench.ReadBackAsync(batch) as ReadBackAnswer.Failed)?.Why]);
                AssertSilent([(await bench.Api.ListKeysAsync(null, Cancel) as KeyPageAnswer.Failed)?.Why]);
                AssertSilent((await bench.Api.TestConnectionAsync(Cancel)).Select(check => check.Trouble));
            }
        }
    }

    private void AssertSilent(IEnumerable<string?> texts) =>
        Assert.All(texts.OfType<string>(), text => Assert.All(Secrets.Values, secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal)));

    private static IEnumerable<string?> Texts(SendAnswer answer) =>
        [answer.Error, .. (answer as SendAnswer.Answered)?.Claims.Select(c => c switch
        {
            ClaimAnswer.Refused refused => refused.Reason,
            ClaimAnswer.Unknown unknown => unknown.Reason,
            ClaimAnswer.Accepted accepted => accepted.Acknowledgement,
            _ => null,
        }) ?? []];

    /// <summary>Answers everything alike.</summary>
    private sealed class HostileStandIn : IStandIn
    {
        public int Status { get; set; } = 200;

        public byte[] Body { get; set; } = [];

        public string Name => "hostile";

        public IReadOnlyList<Booking> Bookings => [];

        public JsonNode State() => new JsonObject();

        public async Task HandleAsync(HttpContext context, FaultContext faults)
        {
            context.Response.StatusCode = Status;
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(Body);
        }
    }
}
