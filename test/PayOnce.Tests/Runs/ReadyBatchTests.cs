using PayOnce.Exporters.Api;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.Tests.Runs;

/// <summary>What an answer does to the marks of a batch: only proof moves a claim, and a person reads why it did not.</summary>
public sealed class ReadyBatchTests
{
    private static readonly ReadyBatch Batch = new(1, "bytes"u8.ToArray(), [Taken("A-1"), Taken("A-2")]);

    [Fact]
    public void A_claim_that_the_answer_speaks_of_twice_and_not_alike_is_in_doubt()
    {
        var end = Batch.Last(1, new SendAnswer.Answered([new ClaimAnswer.Refused("A-1", "Closed."), new ClaimAnswer.Accepted("A-1", Evidence.Booked, "42"), new ClaimAnswer.Accepted("A-2", Evidence.Booked, "43")]));
        Assert.Equal([("A-1", MarkState.InDoubt, "The answer speaks of it twice, and not alike."), ("A-2", MarkState.Exported, null)], Words(end));
        Assert.Equal(AttemptOutcome.Unknown, end.Outcome);
    }

    [Fact]
    public void A_claim_that_the_answer_speaks_of_twice_alike_is_what_it_says()
    {
        var accepted = new ClaimAnswer.Accepted("A-1", Evidence.Booked, "42");
        Assert.Equal([("A-1", MarkState.Exported, null), ("A-2", MarkState.InDoubt, "The answer does not speak of it.")], Words(Batch.Last(1, new SendAnswer.Answered([accepted, accepted]))));
    }

    [Fact]
    public void The_reason_on_a_mark_is_what_the_system_said()
    {
        Assert.All(Words(Batch.Last(1, new SendAnswer.Refused { Error = "Closed." })), mark => Assert.Equal((MarkState.Rejected, "Closed."), (mark.State, mark.Reason)));
        Assert.All(Words(Batch.Last(1, new SendAnswer.NotProcessed(null) { Error = "Busy." })), mark => Assert.Equal((MarkState.Released, "Busy."), (mark.State, mark.Reason)));
        Assert.All(Words(Batch.Last(1, new SendAnswer.Unknown { Error = "Cut off." })), mark => Assert.Equal((MarkState.InDoubt, "Cut off."), (mark.State, mark.Reason)));
    }

    [Fact]
    public void No_mark_is_without_a_reason_where_the_system_gave_none()
    {
        Assert.All(Words(Batch.Last(1, new SendAnswer.Refused())), mark => Assert.Equal("Refused without a reason.", mark.Reason));
        Assert.All(Words(Batch.Last(1, new SendAnswer.NotProcessed(null))), mark => Assert.Equal("Not processed.", mark.Reason));
        Assert.All(Words(Batch.Last(1, new SendAnswer.Unknown())), mark => Assert.Equal("The answer never came.", mark.Reason));
    }

    [Fact]
    public void A_try_is_kept_as_accepted_if_anything_in_it_was()
    {
        ClaimAnswer accepted = new ClaimAnswer.Accepted("A-1", Evidence.Booked, "42"), refused = new ClaimAnswer.Refused("A-1", "Closed.");
        Assert.Equal(AttemptOutcome.Accepted, Batch.Last(1, new SendAnswer.Answered([accepted, new ClaimAnswer.Accepted("A-2", Evidence.Booked, "43")])).Outcome);
        Assert.Equal(AttemptOutcome.Accepted, Batch.Last(1, new SendAnswer.Answered([accepted, new ClaimAnswer.Refused("A-2", "Closed.")])).Outcome);
        Assert.Equal(AttemptOutcome.Refused, Batch.Last(1, new SendAnswer.Answered([refused, new ClaimAnswer.Refused("A-2", "Closed.")])).Outcome);
        Assert.Equal(AttemptOutcome.Unknown, Batch.Last(1, new SendAnswer.Answered([accepted])).Outcome);
    }

    [Fact]
    public void A_try_that_another_follows_is_kept_as_refused_only_if_provably_nothing_was_booked()
    {
        Assert.Equal(AttemptOutcome.Refused, Batch.Interim(1, new SendAnswer.NotProcessed(null)).Outcome);
        Assert.Equal(AttemptOutcome.Unknown, Batch.Interim(1, new SendAnswer.Unknown()).Outcome);
    }

    private static (string, MarkState State, string? Reason)[] Words(TryEnd end) => [.. end.Settled.Select(mark => (mark.ClaimId, mark.State, mark.Reason))];

    private static TakenClaim Taken(string claimId) => new(0, 1, new ExpectedClaim(claimId, $"key-{claimId}", "4711", "NOK", 100, DateTimeOffset.UnixEpoch, SentSince: null));
}
