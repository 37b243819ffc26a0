using PayOnce.Reconciliation;

namespace PayOnce.Tests.Reconciliation;

/// <summary>What two read-backs of one run found is told as one.</summary>
public sealed class ReconcileReportTests
{
    private static readonly StillInDoubt Doubt = new("A-1", "key", 1, DateTimeOffset.UnixEpoch, "Who knows.", null);

    [Fact]
    public void Counts_add_up_and_the_later_one_knows_what_is_still_in_doubt()
    {
        var earlier = new ReconcileReport { Found = 1, Released = 20, Raised = 300, InDoubt = [Doubt, Doubt], Failure = "Nobody answered." };
        var later = new ReconcileReport { Found = 4, Released = 50, Raised = 600, InDoubt = [Doubt], Failure = "Nobody answers." };
        var joined = ReconcileReport.Join(earlier, later);
        Assert.Equal((5, 70, 900, "Nobody answers."), (joined.Found, joined.Released, joined.Raised, joined.Failure));
        Assert.Equal([Doubt], joined.InDoubt);
        Assert.Equal("Nobody answered.", ReconcileReport.Join(earlier, later with { Failure = null }).Failure);
        Assert.Same(later, ReconcileReport.Join(null, later));
    }
}
