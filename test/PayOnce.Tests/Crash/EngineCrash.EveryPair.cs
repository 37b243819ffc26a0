namespace PayOnce.Tests.Crash;

public abstract partial class EngineCrash
{
    /// <summary>Of the pairs of deaths, every how manieth is tried: 1 for all, more where a fresh database takes long.</summary>
    protected virtual int EveryPair => 1;

    [Fact]
    public async Task A_second_process_may_die_while_it_recovers_from_the_first()
    {
        var pair = 0;
        foreach (var publishes in new[] { false, true })
        {
            foreach (var (first, firstTimes) in Points(publishes).Where(point => point.Occurrence == 1))
            {
                foreach (var second in RecoveryPoints)
                {
                    if (pair++ % EveryPair != 0) continue;
                    await using var world = await CrashWorld.CreateAsync(await NewDatabaseAsync(), publishes);
                    Assert.Null(await world.StartProcess(first, firstTimes).RunUntilDeadAsync());
                    await world.StartProcess(second).RunUntilDeadAsync();
                    await world.JudgeAsync();
                    await AssertEndedAsync(world);
                    await AssertEverythingSettledAsync(world, publishes, first, second);
                }
            }
        }
    }

    [Fact]
    public async Task A_second_process_may_die_while_it_recovers_from_a_hindered_one()
    {
        var pair = 0;
        foreach (var (step, hindrance) in HinderedPoints)
        {
            foreach (var second in RecoveryPoints)
            {
                if (pair++ % EveryPair != 0) continue;
                await using var world = await CrashWorld.CreateAsync(await NewDatabaseAsync(), publishes: true);
                Assert.Null(await world.StartProcess(step, hindrance: hindrance).RunUntilDeadAsync());
                await world.StartProcess(second).RunUntilDeadAsync();
                await world.JudgeAsync();
                await AssertEndedAsync(world);
                var verdict = await world.JudgeAsync();
                Assert.Equal(CrashWorld.Claims, verdict.Exported + verdict.InDoubt);
            }
        }
    }
}
