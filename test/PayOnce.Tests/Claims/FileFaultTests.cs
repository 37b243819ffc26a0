using System.Text;

namespace PayOnce.Tests.Claims;

/// <summary>A file that is at fault as a whole: what stood before the fault is in, and the place is said.</summary>
public sealed class FileFaultTests
{
    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF")]
    [InlineData(" \r\n\t ")]
    public async Task An_empty_file_is_said_to_be_empty(string content)
    {
        var read = await Reading.ReadAsync("claims.csv", content);
        Assert.Equal(["claims.csv: is empty"], read.Problems);
        Assert.True(read.Unreadable);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData(" [ ] \n")]
    [InlineData("\uFEFF[\n]")]
    public async Task A_list_of_no_claims_is_no_fault(string content)
    {
        var read = await Reading.ReadAsync("claims.json", content);
        Assert.Empty(read.Problems);
        Assert.False(read.Unreadable);
    }

    [Fact]
    public async Task A_header_without_rows_is_no_fault()
    {
        var read = await Reading.ReadAsync("claims.csv", Reading.CsvHeader);
        Assert.Empty(read.Problems);
        Assert.False(read.Unreadable);
    }

    [Fact]
    public async Task UTF_16_is_named_with_and_without_its_mark()
    {
        foreach (var encoding in new[] { Encoding.Unicode, Encoding.BigEndianUnicode })
        {
            var text = Reading.CsvFile(Reading.Csv("A-1"));
            foreach (var content in new[] { [.. encoding.Preamble, .. encoding.GetBytes(text)], encoding.GetBytes(text), encoding.GetBytes($"[{Reading.Json("A-1")}]") })
            {
                var read = await Reading.ReadAsync("claims.csv", content);
                Assert.Equal(["claims.csv: must be UTF-8, but is UTF-16; save the file as UTF-8"], read.Problems);
                Assert.True(read.Unreadable);
            }
        }
    }

    [Theory]
    [InlineData(",amount,", ",sum,", "claims.csv line 1, \"sum\": is not a column that is known", "claims.csv line 1: has no column amount")]
    [InlineData("claim_id,", "Claim_Id,", "claims.csv line 1, \"Claim_Id\": is not a column that is known", "claims.csv line 1: has no column claim_id")]
    [InlineData(",quantity,unit", "", "claims.csv line 1: has no column quantity, unit")]
    [InlineData(",type,", ",type,type,", "claims.csv line 1, type: is a column that stands twice")]
    [InlineData("dim_department", "dim_a,dim_a", "claims.csv line 1, dim_a: is a column that stands twice")]
    [InlineData("dim_department", "dim_Avdeling", "claims.csv line 1, \"dim_Avdeling\": behind dim_ must be a name of 1 to 40 characters: a small letter a to z, then small letters, digits and _")]
    [InlineData(",unit,", ",unit,,", "claims.csv line 1, \"\": is not a column that is known")]
    public async Task A_header_that_is_not_the_documented_one_stops_the_file(string from, string to, params string[] expected)
    {
        var read = await Reading.ReadAsync("claims.csv", Reading.CsvFile(Reading.Csv("A-1")).Replace(from, to, StringComparison.Ordinal));
        Assert.Equal(expected, read.Problems);
        Assert.Empty(read.Claims);
        Assert.True(read.Unreadable);
    }

    [Theory]
    [InlineData("[{0},\n{1}", "claims.json line 2: ends before the array is closed")]
    [InlineData("[{0},\n{1},", "claims.json line 2: ends before the array is closed")]
    [InlineData("[{0},\n{1},\n{{\"claimId\":\"A-3", "claims.json line 3: ends in the middle of a claim that begins at line 3")]
    [InlineData("[{0},\n{1},\n{{\n\"claimId\":\n", "claims.json line 5: ends in the middle of a claim that begins at line 3")]
    [InlineData("[{0},\n{1},]", "claims.json line 2: is not valid JSON at column 341")]
    [InlineData("[{0},\n{1}\n{0}]", "claims.json line 3: is not valid JSON at column 1")]
    [InlineData("[{0},\n{1}] 1", "claims.json line 2: is not valid JSON at column 342")]
    [InlineData("[{0},\n{1},\n{{\"claimId\":\"A-3\",}}, {0}]", "claims.json line 3, claim A-3: is not valid JSON at column 18")]
    [InlineData("[{0},\n{1},\n{{\"claimId\":\"A-3}},\n{0}]", "claims.json line 4: ends in the middle of a claim that begins at line 3")]
    [InlineData("{0}\n{1}\n{{\"claimId\":\"A-3", "claims.json line 3: ends in the middle of a claim that begins at line 3")]
    [InlineData("{0}\n{1}\n{{\"claimId\":\"A-3\",\"lines\":[", "claims.json line 3: ends in the middle of a claim that begins at line 3")]
    public async Task Broken_or_cut_off_JSON_keeps_the_claims_before_it(string pattern, string expected)
    {
        var content = pattern.Replace("{0}", Reading.Json("A-1"), StringComparison.Ordinal).Replace("{1}", Reading.Json("A-2"), StringComparison.Ordinal).Replace("{{", "{", StringComparison.Ordinal).Replace("}}", "}", StringComparison.Ordinal);
        // The doubled braces of the claims themselves are put back.
        content = content.Replace("\"department\":\"oslo\"}]}", "\"department\":\"oslo\"}}]}", StringComparison.Ordinal);
        var read = await Reading.ReadAsync("claims.json", content);
        Assert.Equal([expected], read.Problems);
        Assert.Equal(["A-1", "A-2"], read.Ids);
        Assert.True(read.Unreadable);
    }

    [Fact]
    public async Task One_object_over_several_lines_is_told_to_go_into_an_array()
    {
        var read = await Reading.ReadAsync("claims.json", Reading.Json("A-1").Replace("{\"claimId\"", "{\n\"claimId\"", StringComparison.Ordinal));
        Assert.Equal(["claims.json line 1: is not one whole object; put all into an array [ … ], or each object on a line of its own"], read.Problems);
        Assert.True(read.Unreadable);
    }

    [Fact]
    public async Task A_raw_control_character_in_an_array_costs_its_claim_only()
    {
        var read = await Reading.ReadAsync("claims.json", $"[{Reading.Json("A-1")},\n{Reading.Json("A-2").Replace("Kari", "Ka\0ri", StringComparison.Ordinal)},\n{Reading.Json("A-3")}]");
        Assert.Equal(["claims.json line 2, claim A-2: is not valid JSON at column 52: it must not contain the control character U+0000"], read.Problems);
        Assert.Equal(["A-1", "A-3"], read.Ids);
        Assert.False(read.Unreadable);
    }

    [Fact]
    public async Task A_line_break_in_a_JSON_text_ends_the_file_because_a_quote_may_be_missing()
    {
        var read = await Reading.ReadAsync("claims.json", $"[{Reading.Json("A-1")},\n{Reading.Json("A-2").Replace("Kari", "Ka\nri", StringComparison.Ordinal)},\n{Reading.Json("A-3")}]");
        Assert.Equal(["claims.json line 2, claim A-2: is not valid JSON at column 52"], read.Problems);
        Assert.Equal(["A-1"], read.Ids);
        Assert.True(read.Unreadable);
    }

    [Fact]
    public async Task A_quote_that_is_never_closed_loses_no_claim_before_it_and_says_where_it_stands()
    {
        var open = Reading.Csv("A-2").Replace("Kjøring", "\"Kjøring", StringComparison.Ordinal);
        var read = await Reading.ReadAsync("claims.csv", Reading.CsvFile(Reading.Csv("A-1"), open, Reading.Csv("A-3")));
        Assert.Equal(["claims.csv line 3: ends within a quoted cell that begins at line 3"], read.Problems);
        Assert.Equal(["A-1"], read.Ids);
        Assert.True(read.Unreadable);
    }

    [Fact]
    public async Task Rows_between_two_quotes_that_do_not_belong_together_are_not_left_out_silently()
    {
        var open = Reading.Csv("A-2").Replace("Kjøring", "\"Kjøring", StringComparison.Ordinal);
        var quoted = Reading.Csv("A-4").Replace("Kjøring", "\"Buss\"", StringComparison.Ordinal);
        var read = await Reading.ReadAsync("claims.csv", Reading.CsvFile(Reading.Csv("A-1"), open, Reading.Csv("A-3"), quoted, Reading.Csv("A-5")));
        Assert.Equal(["claims.csv line 3: has a quote that closes no cell; where the next row begins cannot be told"], read.Problems);
        Assert.Equal(["A-1"], read.Ids);
        Assert.True(read.Unreadable);
    }

    [Theory]
    [InlineData("A-2,4711,Kar", "ends in the middle of a row", true)]
    [InlineData("A-", "ends in the middle of a row", true)]
    [InlineData("A-2,4711,\"Kari", "ends within a quoted cell that begins at line 4", true)]
    [InlineData("A-3,4711,Kar", "ends in the middle of a row", false)]
    public async Task A_claim_whose_last_row_is_cut_off_does_not_go_in(string cut, string expected, bool ofTheClaimBefore)
    {
        var read = await Reading.ReadAsync("claims.csv", Reading.CsvFile(Reading.Csv("A-1"), Reading.Csv("A-2")) + cut);
        Assert.Equal([$"claims.csv line 4{(ofTheClaimBefore ? ", claim A-2" : "")}: {expected}"], read.Problems);
        Assert.Equal(ofTheClaimBefore ? ["A-1"] : ["A-1", "A-2"], read.Ids);
        Assert.True(read.Unreadable);
    }

    [Fact]
    public async Task A_CSV_file_without_a_last_line_break_is_read_with_a_warning()
    {
        var read = await Reading.ReadAsync("claims.csv", Reading.CsvFile(Reading.Csv("A-1"), Reading.Csv("A-2")).TrimEnd('\n'));
        Assert.Equal(["A-1", "A-2"], read.Ids);
        Assert.Equal(["claims.csv line 3, claim A-2: is the last claim of a file that does not end with a line break; if the file was cut off, the claim may not be whole"], read.Warnings);
        Assert.Empty(read.Problems);
    }
}
