using System.Globalization;
using System.Text.Json;
using PayOnce.EndToEnd.Tests.Support;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.EndToEnd.Tests.Kills;

/// <summary>
/// Real processes, killed with SIGKILL at every named step and at random moments, until the wished number of kills has hit a
/// living process. Each world is an organisation of its own: its claims are imported, exported, and judged on the files that left.
/// </summary>
/// <param name="seed">Decides everything that is decided here; the operating system decides the rest.</param>
/// <param name="storeArguments">Makes a fresh empty store and tells the arguments that name it.</param>
/// <param name="openStore">Opens the store that the arguments name, for the judge.</param>
public sealed class KillCampaign(ulong seed, Func<Task<IReadOnlyList<string>>> storeArguments, Func<IReadOnlyList<string>, IStore> openStore)
{
    /// <summary>More than one batch of 5,000, so that a random moment can fall between two of them.</summary>
    private const int ClaimsPerWorld = 6_000;

    private const int KillsPerWorld = 12;

    private const string Org = "hlf";

    private readonly string folder = Directory.CreateTempSubdirectory("payonce-kills-").FullName;
    private readonly Dice dice = new(seed);

    /// <summary>Runs until <paramref name="kills"/> processes were killed, and tells what was done. Throws where a judgement fails.</summary>
    public async Task<KillReport> RunAsync(int kills, CancellationToken cancel)
    {
        var report = new KillReport();
        var claims = Path.Combine(folder, "claims.csv");
        Succeed(await Payonce.RunAsync("claims", "generate", "--count", Number(ClaimsPerWorld), "--seed", Number(seed % 1_000_000), "--out", claims));
        try
        {
            while (report.Kills < kills) report = await RunWorldAsync(report, claims, Math.Min(KillsPerWorld, kills - report.Kills), cancel);
            return report;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<KillReport> RunWorldAsync(KillReport report, string claims, int kills, CancellationToken cancel)
    {
        var store = await storeArguments();
        string? outside = null;
        if (dice.Next(2) == 0) outside = Directory.CreateDirectory(Path.Combine(folder, "outside-" + Number(report.Worlds))).FullName;
        Succeed(await Payonce.RunAsync(["organisations", "add", Org, .. store]));
        var settings = JsonSerializer.Serialize(outside is null
            ? new Dictionary<string, string> { ["exporter"] = "generic", ["transport"] = "file", ["format"] = "csv" }
            : new Dictionary<string, string> { ["exporter"] = "generic", ["transport"] = "file", ["format"] = "csv", ["folder"] = outside });
        Succeed(await Payonce.Start(["integrations", "set", Org, "-", .. store], input: settings).EndAsync());

        // Import and export both die; both are simply started again.
        var importKills = (int)dice.Next(2);
        for (var i = 0; i < importKills; i++) report = await KillAtRandomAsync(report, ["claims", "import", Org, claims, .. store], longest: 1_500);
        Succeed(await Payonce.RunAsync(["claims", "import", Org, claims, .. store]));
        for (var i = importKills; i < kills; i++)
        {
            report = dice.Next(3) > 0
                ? await KillAtStepAsync(report, ["sync", Org, .. store], outside is null)
                : await KillAtRandomAsync(report, ["sync", Org, .. store], longest: 1_000);
        }
        var last = await Payonce.RunAsync(["sync", Org, "--json", .. store]);
        Assert.True(last.ExitCode is 0 or 4, last.ToString());

        await using var judge = openStore(store);
        var verdict = await Judge.JudgeAsync(judge, Org, outside, cancel);
        Assert.Equal(ClaimsPerWorld, verdict.Exported + verdict.InDoubt);
        if (outside is null) Assert.Equal(0, verdict.InDoubt);
        if (outside is not null) Directory.Delete(outside, recursive: true);
        return report with { Worlds = report.Worlds + 1, Exported = report.Exported + verdict.Exported, InDoubt = report.InDoubt + verdict.InDoubt };
    }

    // Steps that a run in good order comes by: what only a failure reaches is tried where the failures are.
    private static readonly string[] Fetched =
        [.. new[] { StepNames.Lease, StepNames.Recover, StepNames.Count, StepNames.Reserve, StepNames.Confirm, StepNames.Finish }.SelectMany(name => new[] { StepNames.Before(name), StepNames.After(name) })];

    private static readonly string[] Published =
        [.. Fetched, StepNames.Before(StepNames.Start), StepNames.After(StepNames.Start), StepNames.Before(StepNames.Publish), StepNames.After(StepNames.Publish), StepNames.PublishWritten, StepNames.PublishSynced, StepNames.PublishLinked];

    private async Task<KillReport> KillAtStepAsync(KillReport report, string[] arguments, bool fetched)
    {
        var steps = fetched ? Fetched : Published;
        var step = steps[(int)dice.Next((ulong)steps.Length)];
        if (step.StartsWith(StepNames.Reserve, StringComparison.Ordinal) && dice.Next(2) == 0) step += ":2";
        var result = await Payonce.Start(arguments, new Dictionary<string, string> { ["PAYONCE_KILL_AT"] = step }).EndAsync();
        return Counted(report, result, report with { AtStep = report.AtStep + 1 });
    }

    private async Task<KillReport> KillAtRandomAsync(KillReport report, string[] arguments, int longest)
    {
        var process = Payonce.Start(arguments);
        await Task.Delay(TimeSpan.FromMilliseconds(dice.Next((ulong)longest)));
        if (!process.HasEnded) process.Kill();
        return Counted(report, await process.EndAsync(), report with { AtRandom = report.AtRandom + 1 });
    }

    // A process that was through before its end came was not killed; it must have ended in good order.
    private static KillReport Counted(KillReport before, PayonceResult result, KillReport killed)
    {
        if (result.ExitCode == Payonce.Killed) return killed;
        Assert.True(result.ExitCode is 0 or 4, result.ToString());
        return before with { Survived = before.Survived + 1 };
    }

    private static void Succeed(PayonceResult result) => Assert.True(result.ExitCode == 0, result.ToString());

    private static string Number<T>(T value) where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}

/// <summary>What a campaign did.</summary>
public sealed record KillReport(int Worlds = 0, int AtStep = 0, int AtRandom = 0, int Survived = 0, long Exported = 0, long InDoubt = 0)
{
    /// <summary>Living processes that SIGKILL ended.</summary>
    public int Kills => AtStep + AtRandom;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Kills} kills ({AtStep} at named steps, {AtRandom} at random moments; {Survived} processes were through before) in {Worlds} worlds: {Exported} claims exported once, {InDoubt} in doubt, 0 twice, 0 lost");
}
