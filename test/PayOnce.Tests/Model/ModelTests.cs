using PayOnce.Model;

namespace PayOnce.Tests.Model;

/// <summary>The small scope of the protocol's model; the full one is `dotnet run build.cs -- model`.</summary>
public sealed class ModelTests
{
    private static readonly Lazy<IReadOnlyList<SearchResult>> Small = new(() => [.. Catalogue.Small.Select(scope => Search.Run(scope))]);

    public static TheoryData<WeakPoint> WeakPoints => [.. Catalogue.WeakPoints];

    public static TheoryData<PlantedFault> PlantedFaults => [.. Catalogue.PlantedFaults.Where(fault => !fault.TakesMinutes)];

    [Fact]
    public void With_everything_in_place_no_rule_is_broken_and_every_claim_ends()
    {
        Assert.All(Small.Value, result => Assert.True(result.Closed, Story(result)));
    }

    [Fact]
    public void Every_kind_of_transition_that_a_scope_can_have_is_taken()
    {
        Assert.All(Small.Value, result => Assert.Empty(Reach.Missing(result)));
        var taken = Small.Value.SelectMany(result => result.Kinds.Where(kind => kind.Value > 0)).Select(kind => kind.Key).ToHashSet();
        // Imported twice it is only where nobody takes care that it is not.
        Assert.Equal([Kind.ImportAgain], Enum.GetValues<Kind>().Where(kind => !taken.Contains(kind)));
    }

    [Fact]
    public void Every_state_of_a_mark_of_a_run_and_of_a_sending_is_reached()
    {
        Assert.Equal(Enum.GetValues<MarkIs>(), Small.Value.SelectMany(result => result.Reached.Marks).Distinct().Order());
        Assert.Equal(Enum.GetValues<Quiet>(), Small.Value.SelectMany(result => result.Reached.QuietTimes).Distinct().Order());
        Assert.Equal(Enum.GetValues<At>(), Small.Value.SelectMany(result => result.Reached.Places).Distinct().Order());
        Assert.Equal(Enum.GetValues<Does>(), Small.Value.SelectMany(result => result.Reached.Jobs).Distinct().Order());
    }

    [Theory]
    [MemberData(nameof(WeakPoints))]
    public void Without_an_assumption_a_claim_is_booked_twice_at_these_systems_and_at_no_others(WeakPoint point)
    {
        // Seconds for each: a search that finds nothing must close.
        var systems = point.Restore == RestoreNotice.NoRestore ? Catalogue.Systems : [AccountingSystem.Readable, AccountingSystem.Published, AccountingSystem.Fetched];
        foreach (var system in systems)
        {
            var result = Search.Run(Catalogue.Of(point, system), ends: false);
            Assert.Equal(point.PaidTwice.Contains(system), result.Violation is { Rule: Rule.BookedOnce or Rule.BookedOnceWithCare });
            Assert.Equal(result.Violation is null, result.Closed);
        }
    }

    [Theory]
    [MemberData(nameof(PlantedFaults))]
    public void A_guard_that_is_taken_out_is_missed(PlantedFault fault)
    {
        var (first, payment) = (Search.Run(Catalogue.Of(fault, paymentsOnly: false), ends: false), Search.Run(Catalogue.Of(fault, paymentsOnly: true), ends: false));

        Assert.Equal(fault.Broken, first.Violation?.Rule);
        Assert.Equal(fault.PaidTwice, payment.Violation is not null);
    }

    [Fact]
    public void A_way_to_a_second_booking_is_told_in_words()
    {
        var scope = Catalogue.Of(Catalogue.WeakPoints.Single(point => point.Without == Without.ImportOnce), AccountingSystem.Fetched);

        Assert.Equal(
            [
                "  1. A takes the lease.",
                "  2. A recovers: nothing was left.",
                "  3. A settles what was asked: nothing changes state.",
                "  4. A reserves.",
                "  5. A makes the file available and marks its claims exported.",
                "  6. A person imports a file with the claim, and keeps it to import it once more: it is booked.",
                "  7. A person imports a file with the claim, and keeps it to import it once more: it is booked.",
                "     Booked twice, and no person released it.",
            ],
            PayOnce.Model.Story.Tell(Search.Run(scope).Violation!, scope));
    }

    private static string Story(SearchResult result) =>
        result.Violation is { } violation ? $"{result.Scope}\n{string.Join('\n', PayOnce.Model.Story.Tell(violation, result.Scope))}" : "";
}
