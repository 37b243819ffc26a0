using PayOnce.Audit;
using PayOnce.Runs;
using PayOnce.Scheduling;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

/// <summary>Schedules and their fires: many nodes see a time come, one makes a run of it.</summary>
public abstract partial class StoreConformance
{
    private static ScheduleDraft Draft(DateTimeOffset? nextAt, bool enabled = true, ScheduleOptions? options = null) =>
        new(A.Org, Schedule.OnlyIntegration, "0 0 6 ? * MON-FRI", enabled, options ?? ScheduleOptions.Default, nextAt);

    private async Task<Schedule> SaveAsync(ScheduleDraft draft, int version = 0) =>
        Assert.IsType<SaveAnswer<Schedule>.Saved>(await Requests.SaveScheduleAsync(draft, version, "kari", Cancel)).Now;

    private static FireDraft Fire(DateTimeOffset at, DateTimeOffset? next, int version = 1, bool missed = false) => new(A.Org, Schedule.OnlyIntegration, version, at, next,
        missed ? null : new RunOrder(A.Org, RequestKind.Sync, RunTrigger.Schedule, "schedule") { WhenBusy = WhenBusy.Queue });

    [Fact]
    public async Task A_schedule_is_changed_by_whoever_saw_its_newest_version()
    {
        var options = new ScheduleOptions { SkipPublicHolidays = true, StopWhenRejected = 10, Notify = false, CatchUpMinutes = 30 };
        var saved = await SaveAsync(Draft(A.Day(40), options: options));
        Assert.Equal((1, options), (saved.Version, saved.Options));
        Assert.Equal(saved, await Requests.FindScheduleAsync(A.Org, Schedule.OnlyIntegration, Cancel));

        var second = await SaveAsync(Draft(null, enabled: false), version: 1);
        Assert.Equal(second, Assert.IsType<SaveAnswer<Schedule>.Changed>(await Requests.SaveScheduleAsync(Draft(A.Day(41)), 1, "ola", Cancel)).Now);
        Assert.Equal(second, Assert.IsType<SaveAnswer<Schedule>.Changed>(await Requests.SaveScheduleAsync(Draft(A.Day(41)), 0, "ola", Cancel)).Now);
        Assert.Null(await Requests.FindScheduleAsync(A.OtherOrg, Schedule.OnlyIntegration, Cancel));
        var told = (await AssertChainIsWholeAsync(Store, A.Org))[^1];
        Assert.Equal((AuditActions.ScheduleChanged, "kari", "schedule main"), (told.Action, told.Actor, told.Subject));
        Assert.Contains("\"enabled\":false", told.Details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_an_enabled_schedule_whose_time_has_come_is_due()
    {
        await SaveAsync(Draft(A.Day(5)));
        var due = Assert.Single(await Requests.FindDueSchedulesAsync(10, Cancel));
        Assert.Equal((A.Org, "Europe/Oslo", A.Day(5)), (due.Schedule.OrganisationId, due.TimeZone, due.Schedule.NextAt));
        Assert.True(due.Now > A.Day(32));

        await SaveAsync(Draft(due.Now.AddHours(1)), version: 1);
        Assert.Empty(await Requests.FindDueSchedulesAsync(10, Cancel));
        await SaveAsync(Draft(null, enabled: false), version: 2);
        Assert.Empty(await Requests.FindDueSchedulesAsync(10, Cancel));
    }

    [Fact]
    public async Task Of_many_nodes_that_see_a_time_come_one_makes_one_run()
    {
        await SaveAsync(Draft(A.Day(5)));
        var next = DateTimeOffset.UtcNow.AddYears(100);

        var answers = await RaceAsync(6, (store, _) => ((IRequestStore)store).FireAsync(Fire(A.Day(5), next), Cancel));

        var request = Assert.Single(answers.OfType<FireAnswer.Fired>()).Request!;
        Assert.Equal((RunTrigger.Schedule, "schedule"), (request.Trigger, request.Actor));
        Assert.Single(await Requests.ListRequestsAsync(A.Org, null, 10, Cancel));
        Assert.Empty(await Requests.FindDueSchedulesAsync(10, Cancel));
        var taken = await TakeRequestAsync();
        Assert.True(await Requests.EndRequestAsync(taken.AsTaken(), Done(), Cancel));
        var fire = Assert.Single(await Requests.ListFiresAsync(A.Org, Schedule.OnlyIntegration, null, 10, Cancel));
        Assert.Equal((A.Day(5), RequestState.Done), (fire.ScheduledAt, fire.Request!.State));
    }

    [Fact]
    public async Task A_schedule_that_was_changed_meanwhile_fires_nothing_old()
    {
        await SaveAsync(Draft(A.Day(5)));
        await SaveAsync(Draft(null, enabled: false), version: 1);

        Assert.IsType<FireAnswer.NotOurs>(await Requests.FireAsync(Fire(A.Day(5), A.Day(6)), Cancel));
        Assert.Empty(await Requests.ListFiresAsync(A.Org, Schedule.OnlyIntegration, null, 10, Cancel));
        Assert.Empty(await Requests.ListRequestsAsync(A.Org, null, 10, Cancel));
    }

    [Fact]
    public async Task Times_that_come_while_a_run_of_the_schedule_still_waits_make_no_further_one()
    {
        await SaveAsync(Draft(A.Day(5)));
        await Requests.PauseAsync(A.Org, "årsavslutning", "ola", Cancel);

        for (var day = 5; day < 9; day++) Assert.Equal(1, Assert.IsType<FireAnswer.Fired>(await Requests.FireAsync(Fire(A.Day(day), A.Day(day + 1)), Cancel)).Request!.RequestId);

        Assert.Single(await Requests.ListRequestsAsync(A.Org, null, 10, Cancel));
        Assert.Equal([A.Day(8), A.Day(7)], (await Requests.ListFiresAsync(A.Org, Schedule.OnlyIntegration, A.Day(9), 2, Cancel)).Select(fire => fire.ScheduledAt));
        Assert.Equal(A.Day(9), (await Requests.FindScheduleAsync(A.Org, Schedule.OnlyIntegration, Cancel))!.NextAt);
    }

    [Fact]
    public async Task A_time_that_was_missed_is_kept_as_missed()
    {
        await SaveAsync(Draft(A.Day(5)));

        Assert.Null(Assert.IsType<FireAnswer.Fired>(await Requests.FireAsync(Fire(A.Day(5), A.Day(6), missed: true), Cancel)).Request);

        Assert.Null(Assert.Single(await Requests.ListFiresAsync(A.Org, Schedule.OnlyIntegration, null, 10, Cancel)).Request);
        Assert.Empty(await Requests.ListRequestsAsync(A.Org, null, 10, Cancel));
    }
}
