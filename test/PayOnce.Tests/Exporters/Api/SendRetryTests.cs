using PayOnce.Exporters;
using PayOnce.Exporters.Api;
using PayOnce.Guard;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Exporters.Api;

/// <summary>What of a batch's sending is repeated is decided by the proof class, and a doubt is never lost on the way.</summary>
public sealed class SendRetryTests
{
    private static readonly SendAnswer ServerError = new SendAnswer.Unknown { HttpStatus = 500, Error = "The answer was 500." };
    private static readonly SendAnswer BadRequest = new SendAnswer.Refused { HttpStatus = 400, Error = "The answer was 400." };
    private static readonly SendAnswer TooMany = new SendAnswer.NotProcessed(TimeSpan.FromSeconds(40)) { HttpStatus = 429, Error = "The answer was 429." };
    private static readonly SendAnswer Accepted = new SendAnswer.Answered([new ClaimAnswer.Accepted("A-1", Evidence.Booked, "42")]) { HttpStatus = 200 };

    private readonly ManualTime clock = new();

    [Theory]
    [InlineData(ProofClass.Unique, 5)]
    [InlineData(ProofClass.Windowed, 5)]
    [InlineData(ProofClass.Readable, 1)]
    [InlineData(ProofClass.Blind, 1)]
    public async Task A_500_is_sent_again_only_where_a_repeated_key_is_harmless(ProofClass proof, int tries)
    {
        var outcome = await Send(proof, [ServerError, ServerError, ServerError, ServerError, ServerError]);
        Assert.Equal(tries, outcome.Tries);
        Assert.IsType<SendAnswer.Unknown>(outcome.Answer);
    }

    [Theory]
    [MemberData(nameof(EveryClass))]
    public async Task A_400_is_never_sent_again(ProofClass proof)
    {
        var outcome = await Send(proof, [BadRequest, Accepted]);
        Assert.Equal(1, outcome.Tries);
        Assert.Same(BadRequest, outcome.Answer);
    }

    [Theory]
    [MemberData(nameof(EveryClass))]
    public async Task What_was_provably_not_processed_is_sent_again_after_the_time_asked_for(ProofClass proof)
    {
        var outcome = await Send(proof, [TooMany, TooMany, Accepted]);
        Assert.Equal(3, outcome.Tries);
        Assert.Same(Accepted, outcome.Answer);
        Assert.Equal(TimeSpan.FromSeconds(80), clock.GetElapsedTime(0));
    }

    [Fact]
    public async Task A_refusal_after_a_doubt_keeps_both_sentences_for_the_person_who_decides()
    {
        var outcome = await Send(ProofClass.Unique, [ServerError, BadRequest]);
        var doubt = Assert.IsType<SendAnswer.Unknown>(outcome.Answer);
        Assert.Equal((400, "The answer was 500. A later try: The answer was 400."), (doubt.HttpStatus, doubt.Error));

        var wordless = await Send(ProofClass.Unique, [new SendAnswer.Unknown(), new SendAnswer.Refused()]);
        Assert.Equal("No proof of an earlier try. A later try: not taken.", wordless.Answer.Error);
    }

    [Theory]
    [InlineData(10, 1)]
    [InlineData(12, 2)]
    [InlineData(14, 3)]
    public async Task A_repetition_must_arrive_while_the_key_is_remembered(int window, int tries)
    {
        // Tries begin after 0, 1 and 3 seconds, and each may take 10 to arrive.
        var outcome = await Send(ProofClass.Windowed, [ServerError, ServerError, ServerError, Accepted], TimeSpan.FromSeconds(window));
        Assert.Equal(tries, outcome.Tries);
    }

    [Fact]
    public async Task After_a_doubt_even_a_provably_unprocessed_repetition_goes_again_only_while_the_key_is_remembered()
    {
        var outcome = await Send(ProofClass.Windowed, [ServerError, TooMany, Accepted], TimeSpan.FromSeconds(50));
        Assert.Equal(2, outcome.Tries);
        Assert.IsType<SendAnswer.Unknown>(outcome.Answer);
    }

    [Fact]
    public async Task A_doubt_outlives_a_later_refusal_and_a_later_limit()
    {
        Assert.IsType<SendAnswer.Unknown>((await Send(ProofClass.Unique, [ServerError, BadRequest])).Answer);
        Assert.IsType<SendAnswer.Unknown>((await Send(ProofClass.Unique, [ServerError, TooMany, TooMany, TooMany, TooMany])).Answer);
    }

    [Fact]
    public async Task A_doubt_outlives_a_claim_that_is_refused_later_and_ends_with_one_that_is_accepted()
    {
        SendAnswer later = new SendAnswer.Answered([new ClaimAnswer.Accepted("A-1", Evidence.Booked, "42"), new ClaimAnswer.Refused("A-2", "no such account"), new ClaimAnswer.Unknown("A-3", "exists")]);
        var answer = Assert.IsType<SendAnswer.Answered>((await Send(ProofClass.Unique, [ServerError, later])).Answer);
        Assert.IsType<ClaimAnswer.Accepted>(answer.Claims[0]);
        Assert.Equal(new ClaimAnswer.Unknown("A-2", "An earlier try may have been booked. A later one: no such account"), answer.Claims[1]);
        Assert.IsType<ClaimAnswer.Unknown>(answer.Claims[2]);
        Assert.Same(later, (await Send(ProofClass.Unique, [TooMany, later])).Answer);
    }

    public static TheoryData<ProofClass> EveryClass => [.. Enum.GetValues<ProofClass>()];

    private async Task<RetryOutcome<SendAnswer>> Send(ProofClass proof, SendAnswer[] answers, TimeSpan? window = null)
    {
        var api = new Declared(proof, window ?? TimeSpan.FromDays(1));
        var running = new Retry(RetryOptions.Standard with { Jitter = 0, Budget = TimeSpan.FromSeconds(1000) }, clock, () => 0)
            .RunAsync(api, (number, _) => Task.FromResult(answers[number - 1]), TestContext.Current.CancellationToken);
        while (!running.IsCompleted) clock.AdvanceToNextTimer();
        return await running;
    }

    /// <summary>Declares a class and can do nothing else.</summary>
    private sealed class Declared(ProofClass proof, TimeSpan window) : IAccountingApi
    {
        public ProofClass ProofClass => proof;

        public TimeSpan Window => window;

        public TimeSpan Timeout => TimeSpan.FromSeconds(10);

        public TimeSpan QuietTime => throw new NotSupportedException();

        public bool AutomaticRelease => throw new NotSupportedException();

        public int ClaimsPerBatch => throw new NotSupportedException();

        public int Parallel => throw new NotSupportedException();

        public RetryOptions Retry => throw new NotSupportedException();

        public IBatchRenderer Renderer => throw new NotSupportedException();

        public Task<SendAnswer> SendAsync(ApiBatch batch, CancellationToken cancel) => throw new NotSupportedException();

        public Task<ReadBackAnswer> ReadBackAsync(IReadOnlyList<ExpectedClaim> claims, CancellationToken cancel) => throw new NotSupportedException();

        public Task<KeyPageAnswer> ListKeysAsync(string? after, CancellationToken cancel) => throw new NotSupportedException();

        public Task<IReadOnlyList<ConnectionCheck>> TestConnectionAsync(CancellationToken cancel) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
