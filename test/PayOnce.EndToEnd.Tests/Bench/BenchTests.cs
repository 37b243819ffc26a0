using System.Diagnostics;
using System.Text.Json;

namespace PayOnce.EndToEnd.Tests.Bench;

/// <summary>Each benchmark runs and says something sensible. How fast anything was is nobody's business here.</summary>
public sealed class BenchTests
{
    [Theory]
    [InlineData("export-postgres", 2)]
    [InlineData("export-sqlite", 1)]
    [InlineData("guard", 3)]
    [InlineData("import", 2)]
    public async Task A_benchmark_compares_two_sides_that_did_the_same_work(string name, int figures)
    {
        var (exit, output, errors) = await RunAsync(name, "--quick", "--json", "--claims", "600", "--behind", "500,1500", "--rounds", "1");
        Assert.True(exit == 0, errors);
        using var json = JsonDocument.Parse(output);
        var rows = json.RootElement.EnumerateArray().ToList();
        Assert.Equal(figures, rows.Count);
        Assert.All(rows, row =>
        {
            Assert.Equal(name, row.GetProperty("bench").GetString());
            Assert.All(row.GetProperty("ours").EnumerateArray(), number => Assert.True(number.GetDouble() > 0));
            Assert.Equal(row.GetProperty("ours").GetArrayLength(), row.GetProperty("values").GetArrayLength());
            Assert.True(row.GetProperty("value").GetDouble() > 0);
            Assert.NotEqual("", row.GetProperty("verdict").GetString());
        });
    }

    [Fact]
    public async Task One_round_gets_no_verdict()
    {
        var (exit, output, errors) = await RunAsync("export-sqlite", "--quick", "--json", "--claims", "600", "--rounds", "1");
        Assert.True(exit == 0, errors);
        using var json = JsonDocument.Parse(output);
        Assert.Equal("no verdict: fewer than 5 rounds", json.RootElement[0].GetProperty("verdict").GetString());
    }

    [Theory]
    [InlineData("speed")]
    [InlineData("--claims")]
    [InlineData("--claims", "0")]
    [InlineData("--rounds", "-1")]
    [InlineData("--behind", "1,x")]
    public async Task Wrong_usage_is_told_and_measures_nothing(params string[] args)
    {
        var (exit, output, errors) = await RunAsync(args);
        Assert.Equal(2, exit);
        Assert.Equal("", output);
        Assert.Contains("export-postgres", errors, StringComparison.Ordinal);
    }

    private static async Task<(int Exit, string Output, string Errors)> RunAsync(params string[] args)
    {
        // Beside our own output folder, in the same configuration.
        var ours = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(ours.Parent!.Parent!.FullName, "PayOnce.Bench", ours.Name, "PayOnce.Bench.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, .. args]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            var texts = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (process.ExitCode, texts[0], texts[1]);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
