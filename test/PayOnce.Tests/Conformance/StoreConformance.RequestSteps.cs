using PayOnce.Scheduling;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

public abstract partial class StoreConformance
{
    public static TheoryData<string> RequestStepNames => [.. RequestSteps.Keys];

    /// <summary>Everything that writes beside the protocol, after what it needs.</summary>
    private static readonly Dictionary<string, Func<StoreConformance, Task<Func<Task<object?>>>>> RequestSteps = new()
    {
        ["QueueRequestAsync"] = suite => Then(async () => await suite.Requests.QueueRequestAsync(Order(key: "click-1"), _ => false, Cancel)),
        ["CancelRequestAsync"] = async suite =>
        {
            await suite.QueueAsync();
            return async () => await suite.Requests.CancelRequestAsync(A.Org, 1, "kari", Cancel);
        },
        ["TakeRequestAsync"] = async suite =>
        {
            await suite.QueueAsync();
            return async () => await suite.TryTakeAsync();
        },
        ["TakeLeaseAsync"] = async suite =>
        {
            await suite.QueueAsync();
            var taken = await suite.TakeRequestAsync();
            return async () => await suite.Store.TakeLeaseAsync(LeaseFor(taken), _ => false, Cancel);
        },
        ["ReleaseRequestAsync"] = async suite =>
        {
            await suite.QueueAsync();
            var taken = await suite.TakeRequestAsync();
            return async () => await suite.Requests.ReleaseRequestAsync(taken.AsTaken(), Cancel);
        },
        ["EndRequestAsync"] = async suite =>
        {
            await suite.QueueAsync();
            var taken = await suite.TakeRequestAsync();
            return async () => await suite.Requests.EndRequestAsync(taken.AsTaken(), Done(null, Hook, Mail), Cancel);
        },
        ["RequestStopAsync"] = async suite =>
        {
            await TestRun.TakeAsync(suite.Store);
            return async () => await suite.Requests.RequestStopAsync(A.Org, 1, "kari", Cancel);
        },
        ["PauseAsync"] = suite => Then(async () => await suite.Requests.PauseAsync(A.Org, "why", "kari", Cancel)),
        ["ResumeAsync"] = async suite =>
        {
            await suite.Requests.PauseAsync(A.Org, "why", "kari", Cancel);
            return async () => await suite.Requests.ResumeAsync(A.Org, "kari", Cancel);
        },
        ["PauseInstallationAsync"] = suite => Then(async () => await suite.Requests.PauseInstallationAsync("why", "operator", Cancel)),
        ["ResumeInstallationAsync"] = async suite =>
        {
            await suite.Requests.PauseInstallationAsync("why", "operator", Cancel);
            return async () => await suite.Requests.ResumeInstallationAsync("operator", Cancel);
        },
        ["SaveScheduleAsync"] = suite => Then(async () => await suite.Requests.SaveScheduleAsync(Draft(A.Day(5)), 0, "kari", Cancel)),
        ["FireAsync"] = async suite =>
        {
            await suite.SaveAsync(Draft(A.Day(5)));
            return async () => await suite.Requests.FireAsync(Fire(A.Day(5), A.Day(6)), Cancel);
        },
        ["FireAsync of a missed time"] = async suite =>
        {
            await suite.SaveAsync(Draft(A.Day(5)));
            return async () => await suite.Requests.FireAsync(Fire(A.Day(5), A.Day(6), missed: true), Cancel);
        },
        ["SaveNotificationSettingsAsync"] = suite => Then(async () => await suite.Requests.SaveNotificationSettingsAsync(A.Org, NotificationSettings.None, 0, "kari", Cancel)),
        ["TakeNotificationAsync"] = async suite =>
        {
            await suite.EndWithAsync(Hook);
            return async () => await suite.Requests.TakeNotificationAsync(A.Org, TimeSpan.FromMinutes(1), Cancel);
        },
        ["EndNotificationTryAsync"] = async suite =>
        {
            await suite.EndWithAsync(Hook);
            var taken = (await suite.Requests.TakeNotificationAsync(A.Org, TimeSpan.FromMinutes(1), Cancel))!;
            return async () => await suite.Requests.EndNotificationTryAsync(taken, new NotificationTry.Again(TimeSpan.FromHours(1), "503"), Cancel);
        },
    };

    private static Task<Func<Task<object?>>> Then(Func<Task<object?>> act) => Task.FromResult(act);

    [Theory, MemberData(nameof(RequestStepNames))]
    public async Task A_lost_answer_to_a_commit_beside_the_protocol_makes_no_difference(string name)
    {
        var plain = await PlayAsync(lose: false);
        await StartAfreshAsync();

        Assert.Equal(plain, await PlayAsync(lose: true));

        async Task<string> PlayAsync(bool lose)
        {
            var act = await RequestSteps[name](this);
            using var lost = lose ? Database.LoseAnswers(Store) : null;
            var answer = Dump.Of(await act(), times: false);
            if (lost is not null) Assert.Equal([name.Split(' ')[0]], lost.Steps.Distinct());
            lost?.Dispose();
            return answer + await RequestsDumpAsync() + await Dump.OfAsync(Store, times: false);
        }
    }

    private async Task<string> RequestsDumpAsync()
    {
        object?[] all =
        [
            await Requests.ListRequestsAsync(A.Org, null, 100, Cancel), await Requests.FindPauseAsync(A.Org, Cancel), await Requests.FindScheduleAsync(A.Org, Schedule.OnlyIntegration, Cancel),
            await Requests.ListFiresAsync(A.Org, Schedule.OnlyIntegration, null, 100, Cancel), await Requests.FindNotificationSettingsAsync(A.Org, Cancel), await Requests.ListNotificationsAsync(A.Org, null, 100, Cancel),
        ];
        return string.Join('\n', all.Select(each => Dump.Of(each, times: false)));
    }
}
