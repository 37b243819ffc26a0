using System.Text;
using PayOnce.Claims;
using PayOnce.Stores;

namespace PayOnce.Tests.Claims;

/// <summary>The list of claims that left before PayOnce came: all of it or nothing.</summary>
public sealed class AdoptListTests
{
    [Theory]
    [InlineData("claim_id,reference\nA-1,B 100\nA-2,\"B;101\"\n")]
    [InlineData("\uFEFFreference;claim_id\r\nB 100;A-1\r\n\"B;101\";A-2")]
    [InlineData("[{\"claimId\":\"A-1\",\"reference\":\"B 100\"},{\"reference\":\"B;101\",\"claimId\":\"A-2\"}]")]
    [InlineData("{\"claimId\":\"A-1\",\"reference\":\"B 100\"}\n\n{\"claimId\":\"A-2\",\"reference\":\"B;101\"}")]
    public async Task A_list_is_read_from_each_format(string content)
    {
        var read = await ReadAsync(content);
        Assert.Empty(read.Problems);
        Assert.Equal([new AdoptedClaim("A-1", "B 100"), new AdoptedClaim("A-2", "B;101")], read.Claims);
    }

    [Theory]
    [InlineData("", "list: is empty")]
    [InlineData("claim_id;ref\n", "list line 1, \"ref\": is not a column that is known", "list line 1: has no column reference")]
    [InlineData("claim_id,reference,reference\n", "list line 1, reference: is a column that stands twice")]
    [InlineData("claim_id,reference\nA-1,B1\nA-2\n", "list line 3: has 1 cell, but the header has 2")]
    [InlineData("claim_id,reference\nA-1,\n", "list line 2, claim A-1, reference \"\": must be 1 to 100 characters and not blank")]
    [InlineData("claim_id,reference\n A-1,B\n", "list line 2, claim_id \" A-1\": must be 1 to 64 printable ASCII characters with no space at either end (Business Central trims ids and upper-cases them)")]
    [InlineData("claim_id,reference\nA-1,B1\na-1,B2\n", "list line 3, claim a-1: must be the only entry of its claim id (upper and lower case are one); line 2 has one")]
    [InlineData("claim_id,reference\nA-1,B1\nA-2,\"B2\n", "list line 3: ends within a quoted cell that begins at line 3")]
    [InlineData("claim_id,reference\nA-1,B\u0001\n", "list line 2, claim A-1, reference \"B\\u0001\": must not contain the control character U+0001 (character 2)")]
    [InlineData("[{\"claimId\":\"A-1\"}]", "list line 1, claim A-1, reference: is missing")]
    [InlineData("[{\"claimId\":\"A-1\",\"reference\":null}]", "list line 1, claim A-1, reference: must not be null")]
    [InlineData("[{\"claimId\":\"A-1\",\"reference\":\"B\",\"amount\":1}]", "list line 1, claim A-1, amount: is not a field of an adopted claim")]
    [InlineData("[{\"claimId\":\"A-1\",\"reference\":\"B\",\"reference\":\"B\"}]", "list line 1, claim A-1, reference: stands twice")]
    [InlineData("[{\"claimId\":\"A-1\",\"reference\":\"B\"},\n7]", "list line 2, \"7\": must be an object, but is a number")]
    [InlineData("[{\"claimId\":\"A-1\",\"reference\":\"B\"},\n", "list line 2: ends before the array is closed")]
    [InlineData("[{\"claimId\":\"A-1\",\"reference\":\"B\"},\n{\"claimId\"", "list line 2: ends in the middle of an entry that begins at line 2")]
    [InlineData("[{\"claimId\":\"A-1\",\"reference\":\"B\"},\n{\"claimId\" \"A-2\"}]", "list line 2: is not valid JSON at column 12")]
    public async Task Any_problem_is_named_and_nothing_is_adopted(string content, params string[] expected)
    {
        var read = await ReadAsync(content);
        Assert.Equal(expected, read.Problems.Select(problem => problem.ToString()));
        Assert.Empty(read.Claims);
        Assert.Equal(expected.Length, read.ProblemCount);
    }

    [Fact]
    public async Task All_problems_are_counted_and_a_thousand_kept()
    {
        var read = await ReadAsync("claim_id,reference\n" + string.Concat(Enumerable.Repeat("A-1\n", 1500)));
        Assert.Equal(1500, read.ProblemCount);
        Assert.Equal(ImportReport.MostKept, read.Problems.Count);
    }

    private static Task<AdoptListReading> ReadAsync(string content) =>
        AdoptList.ReadAsync("list", new MemoryStream(Encoding.UTF8.GetBytes(content)), TestContext.Current.CancellationToken);
}
