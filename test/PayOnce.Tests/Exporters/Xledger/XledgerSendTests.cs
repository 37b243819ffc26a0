using PayOnce.Claims;
using PayOnce.Exporters.Api;
using PayOnce.Guard;
using PayOnce.Sandbox;
using PayOnce.Sandbox.Xledger;

namespace PayOnce.Tests.Exporters.Xledger;

/// <summary>What comes of a batch that is sent to Xledger, judged by what the stand-in booked.</summary>
public sealed class XledgerSendTests
{
    private static readonly Claim One = XledgerScene.Claim("A-1", 10_000, -2_500);
    private static readonly Claim Two = XledgerScene.Claim("A-2", 5_050);
    private static readonly Claim Three = XledgerScene.Claim("A-3", 7_000);

    [Fact]
    public async Task A_batch_is_taken_once_and_each_claim_is_received_under_its_first_lines_id()
    {
        await using var scene = await XledgerScene.StartAsync();
        var answer = Assert.IsType<SendAnswer.Answered>(await scene.SendAsync(One, Two));
        var accepted = answer.Claims.Cast<ClaimAnswer.Accepted>().ToList();
        Assert.Equal(["A-1", "A-2"], accepted.Select(claim => claim.ClaimId));
        Assert.All(accepted, claim => Assert.Equal(Evidence.Received, claim.Evidence));
        Assert.Equal([(XledgerScene.Key(One), 7_500), (XledgerScene.Key(Two), 5_050)], scene.Xledger.Bookings.Select(booking => (booking.Key, booking.TotalMinor)));
        Assert.Equal(scene.Xledger.Bookings.Select(booking => booking.Reference), accepted.Select(claim => claim.Acknowledgement));
        Assert.Equal(200, answer.HttpStatus);
        Assert.Null(answer.Error);
        Assert.Equal(1, scene.Xledger.Requests);
    }

    [Theory]
    [InlineData(FaultKind.AnswerLost, 1)]
    [InlineData(FaultKind.ResetMidBody, 1)]
    [InlineData(FaultKind.ErrorAfter, 1)]
    [InlineData(FaultKind.Truncated, 1)]
    [InlineData(FaultKind.RequestLost, 0)]
    [InlineData(FaultKind.ErrorBefore, 0)]
    [InlineData(FaultKind.Redirect, 0)]
    public async Task An_answer_that_proves_nothing_is_unknown_and_the_read_back_knows(FaultKind fault, int booked)
    {
        await using var scene = await XledgerScene.StartAsync();
        scene.Faults.Script(new ScriptedFault(fault));
        Assert.IsType<SendAnswer.Unknown>(await scene.SendAsync(One));
        await scene.Host.IdleAsync(TestContext.Current.CancellationToken);
        Assert.Equal(booked, scene.Xledger.Bookings.Count);
        var found = await scene.FindAsync(One);
        if (booked == 1) Assert.Equal(new ReadBackFinding.Present("A-1", Evidence.Received, scene.Xledger.Bookings[0].Reference), found);
        else Assert.IsType<ReadBackFinding.Absent>(found);
    }

    [Fact]
    public async Task A_late_answer_is_unknown()
    {
        await using var scene = await XledgerScene.StartAsync(api: ""","timeoutSeconds":1""");
        scene.Faults.Script(new ScriptedFault(FaultKind.LateAnswer, Delay: TimeSpan.FromSeconds(2)));
        Assert.IsType<SendAnswer.Unknown>(await scene.SendAsync(One));
        await scene.Host.IdleAsync(TestContext.Current.CancellationToken);
        Assert.Single(scene.Xledger.Bookings);
    }

    [Fact]
    public async Task What_a_proxy_delivers_twice_is_a_conflict_for_a_person()
    {
        await using var scene = await XledgerScene.StartAsync();
        scene.Faults.Script(new ScriptedFault(FaultKind.DuplicateDelivery));
        await scene.SendAsync(One);
        Assert.Equal(2, scene.Xledger.Bookings.Count);
        Assert.Contains("twice", Assert.IsType<ReadBackFinding.Conflict>(await scene.FindAsync(One)).What, StringComparison.Ordinal);
        scene.Post();
        Assert.IsType<ReadBackFinding.Conflict>(await scene.FindAsync(One));
    }

    [Fact]
    public async Task Each_of_the_three_limits_is_not_processed_and_tells_how_long_to_wait()
    {
        await using var scene = await XledgerScene.StartAsync();
        scene.Faults.Script(new ScriptedFault(FaultKind.LimitReached, Times: 3));
        Assert.Equal(TimeSpan.FromSeconds(5), Assert.IsType<SendAnswer.NotProcessed>(await scene.SendAsync(One)).After);
        Assert.Equal(TimeSpan.FromSeconds(1), Assert.IsType<SendAnswer.NotProcessed>(await scene.SendAsync(One)).After);
        var credits = Assert.IsType<SendAnswer.NotProcessed>(await scene.SendAsync(One));
        Assert.InRange(credits.After!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        Assert.Contains("credits", credits.Error, StringComparison.Ordinal);
        Assert.Empty(scene.Xledger.Bookings);
    }

    [Theory]
    [InlineData(FaultKind.TooManyRequests)]
    [InlineData(FaultKind.Unavailable)]
    public async Task A_busy_server_is_not_processed(FaultKind fault)
    {
        await using var scene = await XledgerScene.StartAsync();
        scene.Faults.Script(new ScriptedFault(fault, Delay: TimeSpan.FromSeconds(7)));
        Assert.Equal(TimeSpan.FromSeconds(7), Assert.IsType<SendAnswer.NotProcessed>(await scene.SendAsync(One)).After);
        Assert.Empty(scene.Xledger.Bookings);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_query_that_timed_out_there_may_have_been_done(bool stored)
    {
        await using var scene = await XledgerScene.StartAsync();
        scene.Xledger.TimeOutNext(stored);
        var answer = Assert.IsType<SendAnswer.Answered>(await scene.SendAsync(One));
        Assert.IsType<ClaimAnswer.Unknown>(Assert.Single(answer.Claims));
        Assert.Contains("timed out", answer.Error, StringComparison.Ordinal);
        Assert.Equal(stored ? 1 : 0, scene.Xledger.Bookings.Count);
    }

    [Fact]
    public async Task An_unknown_account_refuses_the_claim_that_names_it_and_nothing_of_the_request_is_booked()
    {
        await using var scene = await XledgerScene.StartAsync(new XledgerOptions { Accounts = ["2400", "7100"] });
        var strange = Examples.Claim("B-1", Examples.Line(500, category: "materials"));
        var answer = Assert.IsType<SendAnswer.Answered>(await scene.SendAsync(One, strange, Two));
        Assert.All(answer.Claims, claim => Assert.IsType<ClaimAnswer.Refused>(claim));
        Assert.Contains("account", ((ClaimAnswer.Refused)answer.Claims[1]).Reason, StringComparison.Ordinal);
        Assert.Contains("another claim", ((ClaimAnswer.Refused)answer.Claims[0]).Reason, StringComparison.Ordinal);
        Assert.Empty(scene.Xledger.Bookings);
    }

    [Fact]
    public async Task Where_only_some_are_taken_each_claim_gets_its_own_answer()
    {
        await using var scene = await XledgerScene.StartAsync();
        scene.Faults.Script(new ScriptedFault(FaultKind.PartialFailure, After: 1));
        var answer = Assert.IsType<SendAnswer.Answered>(await scene.SendAsync(One, Two, Three));
        Assert.IsType<ClaimAnswer.Accepted>(answer.Claims[0]);
        Assert.Contains("period is closed", Assert.IsType<ClaimAnswer.Refused>(answer.Claims[1]).Reason, StringComparison.Ordinal);
        Assert.IsType<ClaimAnswer.Accepted>(answer.Claims[2]);
        Assert.Equal([XledgerScene.Key(One), XledgerScene.Key(Three)], scene.Xledger.Bookings.Select(booking => booking.Key));
    }

    [Fact]
    public async Task A_claim_whose_lines_the_answer_does_not_all_name_is_unknown()
    {
        await using var scene = await XledgerScene.StartAsync();
        scene.Faults.Script(new ScriptedFault(FaultKind.IncompleteAnswer, After: 1));
        var answer = Assert.IsType<SendAnswer.Answered>(await scene.SendAsync(One, Two));
        Assert.IsType<ClaimAnswer.Accepted>(answer.Claims[0]);
        Assert.IsType<ClaimAnswer.Unknown>(answer.Claims[1]);
    }

    [Fact]
    public async Task An_expired_token_refuses_the_request_and_is_not_told_to_anybody()
    {
        await using var scene = await XledgerScene.StartAsync(token: "abc-secret-xyz");
        var answer = Assert.IsType<SendAnswer.Refused>(await scene.SendAsync(One));
        Assert.DoesNotContain("abc-secret-xyz", answer.ToString(), StringComparison.Ordinal);
        Assert.Empty(scene.Xledger.Bookings);
    }

    [Fact]
    public async Task Long_claims_travel_in_one_request_as_several_mutations_of_at_most_500_lines()
    {
        await using var scene = await XledgerScene.StartAsync();
        var claims = Enumerable.Range(1, 6).Select(n => XledgerScene.Claim($"L-{n}", [.. Enumerable.Range(1, 150 + n).Select(_ => 100L)])).Append(XledgerScene.Claim("L-499", [.. Enumerable.Repeat(100L, 499)])).ToList();
        var answer = Assert.IsType<SendAnswer.Answered>(await scene.SendAsync(claims));
        Assert.Equal(7, answer.Claims.OfType<ClaimAnswer.Accepted>().Count());
        Assert.Equal(claims.Select(claim => claim.TotalMinor), scene.Xledger.Bookings.Select(booking => booking.TotalMinor));
        Assert.Equal(1, scene.Xledger.Requests);
    }

    [Fact]
    public async Task Where_one_of_several_mutations_is_refused_the_others_stand()
    {
        await using var scene = await XledgerScene.StartAsync(new XledgerOptions { Accounts = ["2400", "7100"] });
        var small = XledgerScene.Claim("L-1", [.. Enumerable.Repeat(100L, 300)]);
        var wrong = Examples.Claim("L-2", [.. Enumerable.Range(1, 300).Select(_ => Examples.Line(100, category: "materials"))]);
        var answer = Assert.IsType<SendAnswer.Answered>(await scene.SendAsync(small, wrong));
        Assert.IsType<ClaimAnswer.Accepted>(answer.Claims[0]);
        Assert.IsType<ClaimAnswer.Refused>(answer.Claims[1]);
        Assert.Equal(XledgerScene.Key(small), Assert.Single(scene.Xledger.Bookings).Key);
    }

    [Fact]
    public async Task Nobody_listening_is_not_processed()
    {
        var scene = await XledgerScene.StartAsync();
        var batch = scene.Batch(One);
        await scene.Host.DisposeAsync();
        Assert.IsType<SendAnswer.NotProcessed>(await scene.SendAsync(batch));
        await scene.DisposeAsync();
    }
}
