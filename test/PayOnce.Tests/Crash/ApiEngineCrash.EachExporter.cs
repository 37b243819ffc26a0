using PayOnce.Sandbox;

namespace PayOnce.Tests.Crash;

public abstract partial class ApiEngineCrash
{
    /// <summary>As <see cref="A_process_that_dies_at_a_step_books_nothing_twice_and_loses_nothing"/>, over each exporter's own way of sending and asking.</summary>
    [Theory]
    [InlineData("xledger")]
    [InlineData("dynamics")]
    public async Task Each_exporter_survives_a_death_at_each_step_and_a_second_one_during_the_recovery(string exporter)
    {
        var system = exporter == "xledger" ? ApiSystem.Xledger : ApiSystem.Dynamics;
        var number = 0;
        foreach (var (step, occurrence) in Points)
        {
            await using var world = await ApiWorld.CreateAsync(await NewDatabaseAsync(), system);
            Assert.Null(await world.StartProcess(step, occurrence).RunUntilDeadAsync());
            await world.JudgeAsync();
            var second = SecondDeaths[number++ % SecondDeaths.Length];
            await world.StartProcess(second).RunUntilDeadAsync();
            await world.RunAsync();
            var verdict = await SettledAsync(world, system.Proof);
            if (!InsideTheSend(step) && !InsideTheSend(second)) Assert.Equal(ApiWorld.Claims, verdict.Exported);
        }
    }

    /// <summary>And over each answer that is lost.</summary>
    [Theory]
    [InlineData("xledger")]
    [InlineData("dynamics")]
    public async Task Each_exporter_finds_what_was_booked_without_an_answer(string exporter)
    {
        var system = exporter == "xledger" ? ApiSystem.Xledger : ApiSystem.Dynamics;
        foreach (var kind in new[] { FaultKind.AnswerLost, FaultKind.ResetMidBody, FaultKind.ErrorAfter, FaultKind.Truncated, FaultKind.Garbled })
        {
            await using var world = await ApiWorld.CreateAsync(await NewDatabaseAsync(), system);
            world.Sandbox.Faults.Script(new ScriptedFault(kind, After: 1, Path: system.Sends));
            await world.RunAsync();
            await world.JudgeAsync();
            await world.RunAsync();
            Assert.Equal(ApiWorld.Claims, (await SettledAsync(world, system.Proof)).Exported);
        }
    }
}
