using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using PayOnce.Exporters.Api;
using PayOnce.Guard;
using PayOnce.Sandbox;
using PayOnce.Sandbox.Generic;
using PayOnce.Tests.Exporters.Api;

namespace PayOnce.Tests.Exporters.Generic;

/// <summary>What is the generic API's own: the contract's words, the idempotency key, and a probe that does not believe what it is told.</summary>
public sealed class GenericApiTests
{
    private static readonly Dictionary<string, string> Secrets = new() { ["token"] = GenericApiConformance.Token };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_bytes_have_the_same_idempotency_key_and_other_bytes_another()
    {
        await using var bench = await OpenAsync(ProofClass.Readable);
        await bench.SendAsync(bench.Batch(2));
        await bench.SendAsync(bench.Batch(2, @try: 2));
        await bench.SendAsync(bench.Batch(3));

        var keys = bench.Requests.Select(r => r.Headers["idempotency-key"]).ToList();
        Assert.Equal(keys[0], keys[1]);
        Assert.NotEqual(keys[0], keys[2]);
        Assert.Matches("^[0-9a-f]{64}$", keys[0]);
    }

    [Fact]
    public async Task A_windowed_endpoint_replays_an_answer_inside_its_window_and_books_again_after_it()
    {
        await using var bench = await OpenAsync(ProofClass.Windowed);
        var batch = bench.Batch(2);
        var first = await bench.SendAsync(batch);
        bench.Clock.Advance(bench.Api.Window);
        Assert.True(bench.Api.Window <= TimeSpan.FromHours(24) - bench.Api.QuietTime);
        Assert.Equal(((SendAnswer.Answered)first).Claims, ((SendAnswer.Answered)await bench.SendAsync(batch)).Claims);
        Assert.Equal(2, bench.Sandbox.StandIn.Bookings.Count);

        bench.Clock.Advance(TimeSpan.FromHours(24));
        await bench.SendAsync(batch);
        Assert.Equal(4, bench.Sandbox.StandIn.Bookings.Count);
    }

    [Fact]
    public async Task A_batch_that_broke_off_in_the_middle_is_unknown_and_the_read_back_sorts_it()
    {
        await using var bench = await OpenAsync(ProofClass.Readable);
        var batch = bench.Batch(4);
        bench.Faults.Script(new ScriptedFault(FaultKind.HalfDone));

        Assert.IsType<SendAnswer.Unknown>(await bench.SendAsync(batch));

        var findings = await bench.FindAsync(batch);
        Assert.Equal([true, true, false, false], findings.Select(f => f is ReadBackFinding.Present));
        Assert.All(findings.Skip(2), f => Assert.IsType<ReadBackFinding.Absent>(f));
    }

    [Fact]
    public async Task A_look_up_that_lags_says_absent_until_it_has_caught_up()
    {
        await using var bench = await OpenAsync(ProofClass.Readable);
        var batch = bench.Batch(2);
        await bench.SendAsync(batch);
        bench.Faults.Script(new ScriptedFault(FaultKind.LaggingRead, Delay: TimeSpan.FromMinutes(1)));

        Assert.All(await bench.FindAsync(batch), f => Assert.IsType<ReadBackFinding.Absent>(f));
        Assert.All(await bench.FindAsync(batch), f => Assert.IsType<ReadBackFinding.Present>(f));
    }

    [Fact]
    public async Task What_is_only_taken_is_received_and_becomes_booked_when_it_stands_in_the_ledger()
    {
        await using var bench = await OpenAsync(ProofClass.Readable);
        var batch = bench.Batch(1);
        bench.Faults.Script(new ScriptedFault(FaultKind.DelayedPosting, Delay: TimeSpan.FromHours(1)));

        var answered = Assert.IsType<SendAnswer.Answered>(await bench.SendAsync(batch));
        Assert.Equal(Evidence.Received, Assert.IsType<ClaimAnswer.Accepted>(answered.Claims[0]).Evidence);
        Assert.Equal(Evidence.Received, Assert.IsType<ReadBackFinding.Present>((await bench.FindAsync(batch))[0]).Evidence);
        bench.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(Evidence.Booked, Assert.IsType<ReadBackFinding.Present>((await bench.FindAsync(batch))[0]).Evidence);
    }

    [Fact]
    public async Task Keys_are_looked_up_a_thousand_at_a_time()
    {
        await using var bench = await OpenAsync(ProofClass.Readable);
        var batch = bench.Batch(1000);
        await bench.SendAsync(batch);
        var more = bench.Batch(1500, prefix: "N-");

        var findings = await bench.FindAsync(batch with { Claims = [.. more.Claims, .. batch.Claims] });

        Assert.Equal(1500, findings.Count(f => f is ReadBackFinding.Absent));
        Assert.Equal(1000, findings.Count(f => f is ReadBackFinding.Present));
        Assert.Equal(3, bench.Requests.Count(r => r.Path == "/lookup"));
    }

    [Fact]
    public async Task The_list_of_keys_is_read_page_by_page()
    {
        await using var bench = await OpenAsync(ProofClass.Unique);
        foreach (var prefix in new[] { "A-", "B-", "C-" }) await bench.SendAsync(bench.Batch(900, prefix: prefix));

        var (keys, after, pages) = (new List<HeldKey>(), (string?)null, 0);
        do
        {
            var page = Assert.IsType<KeyPageAnswer.Page>(await bench.Api.ListKeysAsync(after, Cancel));
            (after, pages) = (page.Next, pages + 1);
            keys.AddRange(page.Keys);
        }
        while (after is not null);

        Assert.Equal((2700, 3), (keys.Select(k => k.ExportKey).Distinct().Count(), pages));
        Assert.All(keys, k => Assert.True(k is { Currency: "NOK", TotalMinor: > 0, Reference.Length: > 0 }));
    }

    [Theory]
    [InlineData("invalid-batch", 400, true)]
    [InlineData("unauthorized", 401, true)]
    [InlineData("forbidden", 403, true)]
    [InlineData("too-large", 413, true)]
    [InlineData("not-accepting", 409, true)]
    [InlineData("key-reused", 422, false)]
    [InlineData("something-new", 400, false)]
    public async Task Only_the_contracts_own_words_refuse_a_whole_batch(string type, int status, bool refused)
    {
        await using var bench = await OpenAsync(_ => new Answering(status, $$"""{"type":"urn:payonce:{{type}}","title":"No","detail":"The reason\u0007."}"""));

        var answer = await bench.SendAsync(bench.Batch(1));

        Assert.Equal(refused, answer is SendAnswer.Refused);
        Assert.Equal(!refused, answer is SendAnswer.Unknown);
        Assert.Equal(status, answer.HttpStatus);
        if (refused) Assert.Equal("The reason\ufffd.", answer.Error);
    }

    [Theory]
    [InlineData("""{"status":"booked","reference":"V-1"}""", typeof(ClaimAnswer.Accepted))]
    [InlineData("""{"status":"accepted","reference":"V-1"}""", typeof(ClaimAnswer.Accepted))]
    [InlineData("""{"status":"refused","reason":"closed"}""", typeof(ClaimAnswer.Refused))]
    [InlineData("""{"status":"refused"}""", typeof(ClaimAnswer.Refused))]
    [InlineData("""{"status":"duplicate","reference":"V-1"}""", typeof(ClaimAnswer.Unknown))]
    [InlineData("""{"status":"booked"}""", typeof(ClaimAnswer.Unknown))]
    [InlineData("""{"status":"booked","reference":""}""", typeof(ClaimAnswer.Unknown))]
    [InlineData("""{"status":"booked","reference":" "}""", typeof(ClaimAnswer.Unknown))]
    [InlineData("""{"status":"booked","reference":"\u2028"}""", typeof(ClaimAnswer.Unknown))]
    [InlineData("""{"status":"booked","reference":"\ud835\udfd8"}""", typeof(ClaimAnswer.Accepted))]
    [InlineData("""{"status":"booked","reference":"V\u001b[2J"}""", typeof(ClaimAnswer.Unknown))]
    [InlineData("""{"status":"Booked","reference":"V-1"}""", typeof(ClaimAnswer.Unknown))]
    [InlineData("""{"status":null,"reference":"V-1"}""", typeof(ClaimAnswer.Unknown))]
    [InlineData("""{"reference":"V-1"}""", typeof(ClaimAnswer.Unknown))]
    public async Task A_claim_is_what_the_answer_says_in_the_contracts_words_and_unknown_in_any_others(string result, Type kind)
    {
        var answering = new Answering(200, "");
        await using var bench = await OpenAsync(_ => answering);
        var batch = bench.Batch(1);
        answering.Body = $$"""{"results":[{"exportKey":"{{batch.Claims[0].ExportKey}}",{{result[1..]}}]}""";

        Assert.IsType(kind, Assert.Single(Assert.IsType<SendAnswer.Answered>(await bench.SendAsync(batch)).Claims));
    }

    [Fact]
    public async Task An_answer_about_other_claims_or_about_one_claim_twice_is_not_believed()
    {
        var answering = new Answering(200, "");
        await using var bench = await OpenAsync(_ => answering);
        var batch = bench.Batch(1);
        var ours = $$"""{"exportKey":"{{batch.Claims[0].ExportKey}}","status":"booked","reference":"V-1"}""";

        answering.Body = $$"""{"results":[{{ours}},{"exportKey":"BBBBBBBBBBBBBBBB","status":"booked","reference":"V-2"}]}""";
        Assert.IsType<SendAnswer.Unknown>(await bench.SendAsync(batch));
        answering.Body = $$"""{"results":[{{ours}},{{ours}}]}""";
        Assert.IsType<ClaimAnswer.Unknown>(Assert.Single(Assert.IsType<SendAnswer.Answered>(await bench.SendAsync(batch)).Claims));
    }

    [Theory]
    [InlineData("""[{"exportKey":"BBBBBBBBBBBBBBBB","reference":"V-1","status":"booked","currency":"NOK","totalMinor":101,"count":1}]""")]
    [InlineData("""[{"exportKey":"KEY","reference":"V-1","status":"booked","currency":"NOK","totalMinor":101}]""")]
    [InlineData("""[{"exportKey":"KEY","reference":"V-1","status":"booked","currency":"NOK","totalMinor":101,"count":0}]""")]
    [InlineData("""[{"exportKey":"KEY","reference":"V-1","status":"booked","currency":"NOK","totalMinor":"101","count":1}]""")]
    [InlineData("""[{"exportKey":"KEY","reference":"V-1","status":"lost","currency":"NOK","totalMinor":101,"count":1}]""")]
    [InlineData("""[{"exportKey":"KEY","reference":"V-1","status":"booked","currency":"NOK","totalMinor":1.5,"count":1}]""")]
    [InlineData("""[{"exportKey":"KEY","reference":"V-1","status":"booked","currency":"NOK","totalMinor":101,"count":9223372036854775807},{"exportKey":"KEY","reference":"V-1","status":"booked","currency":"NOK","totalMinor":101,"count":1}]""")]
    public async Task A_look_up_that_is_not_as_the_contract_says_finds_nothing_out(string found)
    {
        var answering = new Answering(200, "");
        await using var bench = await OpenAsync(_ => answering);
        var batch = bench.Batch(1);
        answering.Body = $$"""{"found":{{found.Replace("KEY", batch.Claims[0].ExportKey, StringComparison.Ordinal)}}}""";

        Assert.IsType<ReadBackAnswer.Failed>(await bench.ReadBackAsync(batch));
    }

    [Theory]
    [InlineData(GenericProof.Readable, ProofClass.Unique, "taken twice")]
    [InlineData(GenericProof.Readable, ProofClass.Windowed, "taken twice")]
    [InlineData(GenericProof.Windowed, ProofClass.Unique, "under another Idempotency-Key was taken twice")]
    [InlineData(GenericProof.Blind, ProofClass.Readable, "The look-up was not answered")]
    [InlineData(GenericProof.Blind, ProofClass.Unique, "taken twice")]
    public async Task An_endpoint_that_proves_less_than_it_says_is_found_out_by_the_probe(GenericProof lives, ProofClass says, string trouble)
    {
        await using var bench = await OpenAsync(
            _ => new GenericStandIn(GenericApiConformance.Behaviour(says) with { Proof = lives, Claims = Enum.Parse<GenericProof>(says.ToString()) }),
            says);

        var checks = await bench.Api.TestConnectionAsync(Cancel);

        Assert.Contains(trouble, Assert.Single(checks, c => c.Trouble is not null).Trouble, StringComparison.Ordinal);
        Assert.Empty(bench.Sandbox.StandIn.Bookings);
    }

    [Fact]
    public async Task An_integration_that_hopes_for_more_than_the_endpoint_says_is_told()
    {
        await using var bench = await OpenAsync(_ => new GenericStandIn(GenericApiConformance.Behaviour(ProofClass.Windowed) with { Window = TimeSpan.FromHours(1), MaxClaims = 10 }), ProofClass.Windowed);

        var checks = await bench.Api.TestConnectionAsync(Cancel);

        Assert.Contains("3600 seconds only", Assert.Single(checks, c => c.What == "proof class").Trouble, StringComparison.Ordinal);
        Assert.Contains("at most 10 claims", Assert.Single(checks, c => c.What == "batch size").Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_without_a_probe_a_wrong_token_and_another_address_are_told_apart()
    {
        await using var without = await OpenAsync(_ => new GenericStandIn(GenericApiConformance.Behaviour(ProofClass.Readable) with { HasProbe = false }));
        Assert.Contains("has no /probe", Assert.Single(await without.Api.TestConnectionAsync(Cancel), c => c.Trouble is not null).Trouble, StringComparison.Ordinal);

        await using var wrong = await OpenAsync(_ => new GenericStandIn(GenericApiConformance.Behaviour(ProofClass.Readable) with { Token = "another" }));
        Assert.Contains("does not take the token", Assert.Single(await wrong.Api.TestConnectionAsync(Cancel)).Trouble, StringComparison.Ordinal);

        await using var other = await OpenAsync(_ => new Answering(200, "{}"));
        Assert.Contains("not as an endpoint of the contract", Assert.Single(await other.Api.TestConnectionAsync(Cancel)).Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_claim_that_cannot_be_rendered_does_not_hold_up_the_others_and_none_at_all_is_no_request()
    {
        await using var bench = await OpenAsync(ProofClass.Readable);
        var good = Examples.Reserved(Examples.Claim("A-1", Examples.Line(100)));
        var bad = Examples.Reserved(Examples.Claim("A-2", Examples.Line(100)) with { Currency = "SEK" });

        using var both = bench.Api.Renderer.Render([bad, good], 1);
        Assert.Equal("A-2", Assert.Single(both.Rejections).ClaimId);
        Assert.Equal("A-1", JsonNode.Parse(both.Bytes.Span)!["claims"]!.AsArray().Single()!["claimId"]!.GetValue<string>());
        using var none = bench.Api.Renderer.Render([bad], 1);
        Assert.True(none.Bytes.IsEmpty);
    }

    private static Task<ApiBench> OpenAsync(ProofClass proof) => OpenAsync(_ => new GenericStandIn(GenericApiConformance.Behaviour(proof)), proof);

    private static Task<ApiBench> OpenAsync(Func<TimeProvider, IStandIn> standIn, ProofClass proof = ProofClass.Readable) =>
        ApiBench.OpenAsync(standIn, address => GenericApiConformance.For(address, proof), Secrets);

    private sealed class Answering(int status, string body) : IStandIn
    {
        public string Body { get; set; } = body;

        public string Name => "answering";

        public IReadOnlyList<Booking> Bookings => [];

        public JsonNode State() => new JsonObject();

        public async Task HandleAsync(HttpContext context, FaultContext faults)
        {
            context.Response.StatusCode = status;
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Body));
        }
    }
}
