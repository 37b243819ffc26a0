using System.Globalization;
using System.Text;
using PayOnce.EndToEnd.Tests.Support;
using PayOnce.Sandbox;
using PayOnce.Sandbox.Generic;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.EndToEnd.Tests.Kills;

/// <summary>
/// Real processes that export over HTTP while two of a hundred answers are lost, killed with SIGKILL at every named step and at
/// random moments. Each world is an organisation and an accounting system of its own; the judgement is made on that system's book.
/// </summary>
/// <param name="seed">Decides everything that is decided here; the operating system decides the rest.</param>
/// <param name="storeArguments">Makes a fresh empty store and tells the arguments that name it.</param>
/// <param name="openStore">Opens the store that the arguments name, for the judge.</param>
public sealed class ApiKillCampaign(ulong seed, Func<Task<IReadOnlyList<string>>> storeArguments, Func<IReadOnlyList<string>, IStore> openStore)
{
    private const int ClaimsPerWorld = 400;

    private const int KillsPerWorld = 12;

    private const string Org = "hlf";

    // With PostgreSQL, where several organisations share an installation, nobody reaches into its machine unless the operator says so.
    private static readonly Dictionary<string, string> Loopback = new() { ["PAYONCE_ALLOW_ENDPOINTS"] = "127.0.0.1" };

    private readonly string folder = Directory.CreateTempSubdirectory("payonce-api-kills-").FullName;
    private readonly Dice dice = new(seed);

    /// <summary>Runs until <paramref name="kills"/> processes were killed, and tells what was done. Throws where a judgement fails.</summary>
    public async Task<KillReport> RunAsync(int kills, CancellationToken cancel)
    {
        var report = new KillReport();
        var claims = Path.Combine(folder, "claims.csv");
        Succeed(await Payonce.RunAsync("claims", "generate", "--count", Number(ClaimsPerWorld), "--seed", Number(dice.Next(1_000_000)), "--out", claims));
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
        var proof = dice.Next(2) == 0 ? GenericProof.Unique : GenericProof.Readable;
        var faults = new FaultPlan(dice.Next(ulong.MaxValue)).Rate(FaultKind.AnswerLost, 0.02).Rate(FaultKind.RequestLost, 0.01);
        await using var system = await SandboxServer.StartAsync(new GenericStandIn(new GenericBehaviour { Proof = proof, Latency = TimeSpan.FromMilliseconds(5) }), faults, cancel: cancel);
        Succeed(await Payonce.RunAsync(["organisations", "add", Org, .. store]));
        Succeed(await Payonce.Start(["integrations", "set", Org, "-", .. store], input: ApiSettings.Generic(system.Address, proof, quietSeconds: 1)).EndAsync());
        Succeed(await Payonce.Start(["integrations", "secret", "set", Org, "token", .. store], input: "sandbox-token").EndAsync());
        Succeed(await Payonce.RunAsync(["claims", "import", Org, claims, .. store]));

        for (var i = 0; i < kills; i++)
        {
            report = dice.Next(3) > 0 ? await KillAtStepAsync(report, ["sync", Org, .. store]) : await KillAtRandomAsync(report, ["sync", Org, .. store], longest: 1_500);
        }

        // Nothing goes wrong any more: what can be proved must be proved. A request that a dead process had sent is over by then.
        faults.Clear();
        await system.IdleAsync(cancel);
        var said = new StringBuilder();
        for (var again = 1; again <= 6; again++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1.1), cancel);
            var last = await Payonce.Start(["sync", Org, "--json", .. store], Loopback).EndAsync();
            Assert.True(last.ExitCode is 0 or 4, last.ToString());
            said.AppendLine(last.ToString());
            // What a run releases at its end, when the quiet time is over, waits for the next one; what is not there is held for a person where it was absent twice.
            if (last.Json.GetProperty("waiting").GetInt64() == 0 && (last.ExitCode == 0 || (proof == GenericProof.Readable && again >= 3))) break;
        }
        await using var judge = openStore(store);
        var verdict = await Judge.JudgeBookAsync(judge, Org, system.StandIn.Bookings.Select(booking => booking.Key), cancel);
        Assert.True(verdict.Exported + verdict.InDoubt == ClaimsPerWorld, FormattableString.Invariant($"{verdict}\n{said}"));
        if (proof == GenericProof.Unique) Assert.Equal(0, verdict.InDoubt);
        return report with { Worlds = report.Worlds + 1, Exported = report.Exported + verdict.Exported, InDoubt = report.InDoubt + verdict.InDoubt };
    }

    private static readonly string[] Points =
        [.. new[] { StepNames.Lease, StepNames.Recover, StepNames.Count, StepNames.Reserve, StepNames.Record, StepNames.Send, StepNames.ReadBack, StepNames.Settle, StepNames.Finish }
            .SelectMany(name => new[] { StepNames.Before(name), StepNames.After(name) })];

    private async Task<KillReport> KillAtStepAsync(KillReport report, string[] arguments)
    {
        var step = Points[(int)dice.Next((ulong)Points.Length)];
        var time = 1 + dice.Next(6);
        if (step.StartsWith(StepNames.Send, StringComparison.Ordinal) || step.StartsWith(StepNames.Record, StringComparison.Ordinal)) step += ":" + Number(time);
        var result = await Payonce.Start(arguments, new Dictionary<string, string>(Loopback) { ["PAYONCE_KILL_AT"] = step }).EndAsync();
        return Counted(report, result, report with { AtStep = report.AtStep + 1 });
    }

    private async Task<KillReport> KillAtRandomAsync(KillReport report, string[] arguments, int longest)
    {
        var process = Payonce.Start(arguments, Loopback);
        await Task.Delay(TimeSpan.FromMilliseconds(dice.Next((ulong)longest)));
        if (!process.HasEnded) process.Kill();
        return Counted(report, await process.EndAsync(), report with { AtRandom = report.AtRandom + 1 });
    }

    // A process that was through before its end came was not killed; it must have ended in good order, or have stopped because
    // three answers in a row were lost (exit 1 where the read-back has then settled them all).
    private static KillReport Counted(KillReport before, PayonceResult result, KillReport killed)
    {
        if (result.ExitCode == Payonce.Killed) return killed;
        Assert.True(result.ExitCode is 0 or 4 || (result.ExitCode == 1 && result.Output.Contains("batches in a row had no answer", StringComparison.Ordinal)), result.ToString());
        return before with { Survived = before.Survived + 1 };
    }

    private static void Succeed(PayonceResult result) => Assert.True(result.ExitCode == 0, result.ToString());

    private static string Number<T>(T value) where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
