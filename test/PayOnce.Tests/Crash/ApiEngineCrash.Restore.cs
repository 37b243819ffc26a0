using PayOnce.Exporters.Api;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.Tests.Crash;

/// <summary>A database that was put back from a backup has forgotten marks: nothing is sent before the accounting system was asked.</summary>
public abstract partial class ApiEngineCrash
{
    [Fact]
    public async Task A_restored_database_finds_at_the_accounting_system_what_it_has_forgotten_and_sends_none_of_it_again()
    {
        await using var before = await ApiWorld.CreateAsync(await NewDatabaseAsync(), ProofClass.Readable);
        await before.RunAsync();
        await using var restored = await before.RestoreAsync(await NewDatabaseAsync(), claims: ApiWorld.Claims + 5);
        var report = await restored.RunAsync();
        // Twelve found and marked, and the five that never went now sent: the book holds each once.
        Assert.Equal((RunState.Finished, ApiWorld.Claims + 5L), (report.Run.State, report.Run.Counters.Exported));
        Assert.Equal(ApiWorld.Claims + 5, restored.Sandbox.StandIn.Bookings.Count);
        Assert.Equal((ApiWorld.Claims + 5, 0), ((await restored.JudgeAsync()).Exported, (await restored.JudgeAsync()).Waiting));
        await using var store = restored.Open();
        Assert.Null(await store.FindRestoreModeAsync(Support.A.Org, ApiWorld.Cancel));
    }

    [Fact]
    public async Task A_backup_that_is_put_back_while_a_run_begins_is_noticed_although_its_epoch_is_the_latest()
    {
        // Found by the simulator (seed 2000978): the run had looked at the witness, and stood still before it took the lease.
        await using var before = await ApiWorld.CreateAsync(await NewDatabaseAsync(), ProofClass.Readable);
        await using var restored = await before.RestoreAsync(await NewDatabaseAsync());
        var begins = restored.StartProcess("lease:before");
        var run = begins.RunAsync(CancellationToken.None);
        await begins.Reached;
        await before.RunAsync();
        begins.WakeUp();
        Assert.Equal(RunState.Finished, Assert.IsType<RunOutcome.Ended>(await run).Report.Run.State);
        await begins.CloseAsync();
        Assert.Equal(ApiWorld.Claims, (await restored.JudgeAsync()).Exported);
        Assert.Equal(ApiWorld.Claims, restored.Sandbox.StandIn.Bookings.Count);
    }

    [Fact]
    public async Task A_run_that_died_with_an_epoch_that_another_run_has_had_does_not_hide_that_a_backup_was_put_back()
    {
        await using var before = await ApiWorld.CreateAsync(await NewDatabaseAsync(), ProofClass.Readable);
        await using var restored = await before.RestoreAsync(await NewDatabaseAsync());
        Assert.Null(await restored.StartProcess("lease:after").RunUntilDeadAsync());
        await before.RunAsync();
        await restored.RunAsync();
        Assert.Equal(ApiWorld.Claims, (await restored.JudgeAsync()).Exported);
        Assert.Equal(ApiWorld.Claims, restored.Sandbox.StandIn.Bookings.Count);
    }

    /// <summary>
    /// Found by the simulator (seed 200000128): the backup was taken while the process ran, and its epoch is the process's own. Another run has been since, of which the
    /// witness alone knows; the process renews its lease as if it had only been slow.
    /// </summary>
    [Theory]
    [InlineData("record:after")]
    [InlineData("reserve:after")]
    public async Task A_process_that_stood_still_until_a_backup_of_its_own_run_was_put_back_sends_nothing_more(string step)
    {
        await using var before = await ApiWorld.CreateAsync(await NewDatabaseAsync(), ProofClass.Readable);
        await using var restored = await before.RestoreAsync(await NewDatabaseAsync());
        var clock = new JumpingTime();
        var paused = restored.StartProcess(step, clock: clock);
        var pausedRun = paused.RunAsync(CancellationToken.None);
        Assert.Same(paused.Reached, await Task.WhenAny(paused.Reached, pausedRun));
        await before.RunAsync();
        Assert.Equal(ApiWorld.Claims, restored.Sandbox.StandIn.Bookings.Count);

        clock.Jump(TimeSpan.FromHours(1));
        paused.WakeUp();
        Assert.IsType<RunOutcome.TakenOver>(await pausedRun);
        await paused.CloseAsync();
        Assert.Equal(ApiWorld.Claims, restored.Sandbox.StandIn.Bookings.Count);
        // The next one notices what the database has forgotten.
        paused.LooksDead();
        await restored.RunAsync();
        Assert.Equal((ApiWorld.Claims, ApiWorld.Claims), ((await restored.JudgeAsync()).Exported, restored.Sandbox.StandIn.Bookings.Count));
    }

    [Fact]
    public async Task A_process_that_stood_still_while_nobody_else_ran_goes_on_where_it_stood()
    {
        await using var world = await ApiWorld.CreateAsync(await NewDatabaseAsync(), ProofClass.Readable);
        var clock = new JumpingTime();
        var paused = world.StartProcess("record:after", clock: clock);
        var pausedRun = paused.RunAsync(CancellationToken.None);
        Assert.Same(paused.Reached, await Task.WhenAny(paused.Reached, pausedRun));
        clock.Jump(TimeSpan.FromHours(1));
        paused.WakeUp();
        Assert.Equal((RunState.Finished, (long)ApiWorld.Claims), Assert.IsType<RunOutcome.Ended>(await pausedRun).Report.Run is var run ? (run.State, run.Counters.Exported) : default);
        await paused.CloseAsync();
        Assert.Equal(ApiWorld.Claims, world.Sandbox.StandIn.Bookings.Count);
    }

    [Fact]
    public async Task Where_the_settings_lead_elsewhere_than_when_the_backup_was_put_back_nothing_is_sent_until_a_person_says_so()
    {
        // Found by the simulator (docs/simulation.md): the other system has none of the claims, and that proves nothing.
        await using var before = await ApiWorld.CreateAsync(await NewDatabaseAsync(), ProofClass.Readable);
        await before.RunAsync();
        await using var restored = await before.RestoreAsync(await NewDatabaseAsync());
        await using var store = restored.Open();
        await store.BeginRestoreAsync(Support.A.Org, "Tuesday's backup", "kari", ApiWorld.Cancel);
        await restored.MoveAsync("http://127.0.0.1:9/other/");

        var report = await restored.RunAsync();
        Assert.Equal(RunState.Failed, report.Run.State);
        Assert.Contains("may have gone to generic at http://127.0.0.1", report.Run.Failure, StringComparison.Ordinal);
        Assert.NotNull(await store.FindRestoreModeAsync(Support.A.Org, ApiWorld.Cancel));
        Assert.Equal(ApiWorld.Claims, restored.Sandbox.StandIn.Bookings.Count);
        Assert.Equal(ApiWorld.Claims, await store.CountWaitingAsync(Support.A.Org, ApiWorld.Cancel));
    }

    /// <summary>They left before PayOnce came, so that the accounting system has none of our keys to find them by.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Adopted_claims_that_a_backup_has_forgotten_are_not_sent_before_they_are_registered_again(bool ranSince)
    {
        AdoptedClaim[] adopted = [new("A-0001", "V-1"), new("A-0002", "V-2")];
        await using var before = await ApiWorld.CreateAsync(await NewDatabaseAsync(), ProofClass.Readable);
        Assert.IsType<AdoptAnswer.Adopted>(await before.StartProcess().AdoptAsync(adopted));
        if (ranSince) await before.RunAsync();
        var sent = ranSince ? ApiWorld.Claims - 2 : 0;
        await using var restored = await before.RestoreAsync(await NewDatabaseAsync());

        var report = await restored.RunAsync();
        Assert.Equal(RunState.Failed, report.Run.State);
        Assert.Contains("claims were adopted since the backup as well", report.Run.Failure, StringComparison.Ordinal);
        Assert.Equal(sent, restored.Sandbox.StandIn.Bookings.Count);

        // Another adoption says nothing of these; that these are registered again is a person's to say.
        Assert.IsType<AdoptAnswer.Adopted>(await restored.StartProcess().AdoptAsync(new AdoptedClaim("OTHER", "V-3")));
        Assert.Equal(RunState.Failed, (await restored.RunAsync()).Run.State);
        Assert.IsType<AdoptAnswer.Adopted>(await restored.StartProcess().AdoptAsync(adopted));
        await using var store = restored.Open();
        Assert.True(await store.EndRestoreAsync(Support.A.Org, "registered again", "kari", ApiWorld.Cancel));
        Assert.Equal(RunState.Finished, (await restored.RunAsync()).Run.State);
        Assert.Equal(ApiWorld.Claims - 2, restored.Sandbox.StandIn.Bookings.Count);
        Assert.DoesNotContain(restored.Sandbox.StandIn.Bookings, booking => adopted.Any(claim => booking.Key == ExportKey.Derive(Support.A.Org, claim.ClaimId, 0)));
    }

    [Fact]
    public async Task An_adoption_that_comes_first_notices_that_a_backup_was_put_back()
    {
        await using var before = await ApiWorld.CreateAsync(await NewDatabaseAsync(), ProofClass.Readable);
        await before.RunAsync();
        await using var restored = await before.RestoreAsync(await NewDatabaseAsync());
        Assert.IsType<AdoptAnswer.Adopted>(await restored.StartProcess().AdoptAsync(new AdoptedClaim("OTHER", "V-3")));
        await using var store = restored.Open();
        Assert.NotNull(await store.FindRestoreModeAsync(Support.A.Org, ApiWorld.Cancel));
    }

    [Theory]
    [InlineData("adopt-found:before")]
    [InlineData("adopt-found:after")]
    [InlineData("read-back:after")]
    public async Task A_process_that_dies_while_the_register_is_rebuilt_sends_nothing_again(string step)
    {
        await using var before = await ApiWorld.CreateAsync(await NewDatabaseAsync(), ProofClass.Readable);
        await before.RunAsync();
        await using var restored = await before.RestoreAsync(await NewDatabaseAsync());
        Assert.Null(await restored.StartProcess(step).RunUntilDeadAsync());
        await restored.RunAsync();
        Assert.Equal(ApiWorld.Claims, (await restored.JudgeAsync()).Exported);
    }

    [Fact]
    public async Task Before_the_quiet_time_is_over_absence_proves_nothing_and_nothing_is_sent()
    {
        await using var before = await ApiWorld.CreateAsync(await NewDatabaseAsync(), ProofClass.Readable);
        await before.RunAsync();
        await using var restored = await before.RestoreAsync(await NewDatabaseAsync(), quietSeconds: 3_600, claims: ApiWorld.Claims + 5);
        var report = await restored.RunAsync();
        Assert.Equal(RunState.Failed, report.Run.State);
        Assert.Contains("proves nothing before", report.Run.Failure, StringComparison.Ordinal);
        Assert.Equal(ApiWorld.Claims, restored.Sandbox.StandIn.Bookings.Count);
    }

    [Fact]
    public async Task Where_nothing_can_be_asked_a_restored_database_sends_nothing_until_a_person_says_so()
    {
        await using var before = await ApiWorld.CreateAsync(await NewDatabaseAsync(), ProofClass.Blind);
        await before.RunAsync();
        await using var restored = await before.RestoreAsync(await NewDatabaseAsync());
        var report = await restored.RunAsync();
        Assert.Equal(RunState.Failed, report.Run.State);
        Assert.Contains("claims adopt", report.Run.Failure, StringComparison.Ordinal);
        Assert.Equal(ApiWorld.Claims, restored.Sandbox.StandIn.Bookings.Count);
    }

    [Fact]
    public async Task Claims_that_were_forgotten_whole_keep_restore_mode_on_until_they_are_taken_in_again_and_found()
    {
        await using var before = await ApiWorld.CreateAsync(await NewDatabaseAsync(), ProofClass.Readable);
        await before.RunAsync();
        await using var restored = await before.RestoreAsync(await NewDatabaseAsync(), claims: ApiWorld.Claims - 2);
        var report = await restored.RunAsync();
        Assert.Equal(RunState.Failed, report.Run.State);
        Assert.Contains("2 references", report.Run.Failure, StringComparison.Ordinal);

        await using var store = restored.Open();
        await store.TakeInAsync(Support.A.Org, Support.A.Records(ApiWorld.Claims), "claims.csv", "test", ApiWorld.Cancel);
        await restored.RunAsync();
        Assert.Equal(ApiWorld.Claims, (await restored.JudgeAsync()).Exported);
    }

    [Fact]
    public async Task Claims_that_are_taken_in_again_while_the_accounting_system_is_asked_keep_restore_mode_on_until_they_are_found()
    {
        // Found by the model (AskedNotListed): known here by the time the keys are listed, and never asked about.
        await using var before = await ApiWorld.CreateAsync(await NewDatabaseAsync(), ProofClass.Readable);
        await before.RunAsync();
        await using var restored = await before.RestoreAsync(await NewDatabaseAsync(), claims: ApiWorld.Claims - 2);
        var process = restored.StartProcess("read-back:before", occurrence: 2);
        var run = process.RunAsync(CancellationToken.None);
        await process.Reached;
        await using var store = restored.Open();
        await store.TakeInAsync(Support.A.Org, Support.A.Records(ApiWorld.Claims), "claims.csv", "test", ApiWorld.Cancel);
        process.WakeUp();
        var report = Assert.IsType<RunOutcome.Ended>(await run).Report;
        await process.CloseAsync();

        Assert.Contains("2 claims stand at the accounting system", report.Run.Failure, StringComparison.Ordinal);
        await restored.RunAsync();
        Assert.Equal(ApiWorld.Claims, restored.Sandbox.StandIn.Bookings.Count);
        Assert.Equal(ApiWorld.Claims, (await restored.JudgeAsync()).Exported);
    }
}
