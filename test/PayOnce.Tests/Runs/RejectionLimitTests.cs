using PayOnce.Runs;

namespace PayOnce.Tests.Runs;

/// <summary>A run that its rejections stopped is told from one that a person stopped, whatever the person is called.</summary>
public sealed class RejectionLimitTests
{
    [Theory]
    [InlineData("rejection limit 0", 0)]
    [InlineData("rejection limit 25", 25)]
    [InlineData("rejection limit -1", null)]
    [InlineData("rejection limit 2 5", null)]
    [InlineData("rejection limit ", null)]
    [InlineData("Rejection limit 25", null)]
    [InlineData("my rejection limit 25", null)]
    [InlineData("25", null)]
    [InlineData("kari", null)]
    public void The_limit_stands_in_the_place_of_a_name(string by, int? most)
    {
        Assert.Equal(most, RejectionLimit.Of(by));
        if (most is { } limit) Assert.Equal(by, RejectionLimit.By(limit));
    }
}
