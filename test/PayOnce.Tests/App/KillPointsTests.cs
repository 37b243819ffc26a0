using PayOnce.App.Host;

namespace PayOnce.Tests.App;

public sealed class KillPointsTests
{
    [Fact]
    public async Task Without_the_variable_no_step_does_anything()
    {
        foreach (var value in new[] { null, "" })
        {
            var (steps, problem) = KillPoints.Parse(value, () => Assert.Fail("died"));
            Assert.Null(problem);
            foreach (var name in StepNames.All) await steps.At(name);
        }
    }

    [Fact]
    public async Task Every_named_step_can_be_the_one_to_die_at()
    {
        foreach (var name in StepNames.All)
        {
            var deaths = new List<string>();
            var (steps, problem) = KillPoints.Parse(name, () => deaths.Add(name));
            Assert.Null(problem);
            foreach (var other in StepNames.All) await steps.At(other);
            Assert.Equal([name], deaths);
        }
    }

    [Fact]
    public async Task A_number_behind_the_name_means_the_nth_time()
    {
        var at = 0;
        var died = 0;
        var (steps, _) = KillPoints.Parse("reserve:after:3", () => died = at);
        for (at = 1; at <= 5; at++)
        {
            await steps.At("reserve:before");
            await steps.At("reserve:after");
        }
        Assert.Equal(3, died);
    }

    [Theory]
    [InlineData("reserve")]
    [InlineData("reserve:middle")]
    [InlineData("reserve:after:0")]
    [InlineData("reserve:after:-1")]
    [InlineData("reserve:after:1:2")]
    [InlineData(":3")]
    [InlineData("Reserve:after")]
    public void A_name_that_no_step_has_is_a_problem_that_lists_the_names(string value)
    {
        var (_, problem) = KillPoints.Parse(value);
        Assert.NotNull(problem);
        Assert.Equal(KillPoints.Variable, problem.Field);
        Assert.Contains("reserve:after, ", problem.Rule, StringComparison.Ordinal);
    }
}
