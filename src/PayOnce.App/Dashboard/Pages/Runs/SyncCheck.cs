using PayOnce.App.Forms;
using PayOnce.App.Server;
using PayOnce.Exporters;
using PayOnce.History;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.App.Dashboard.Pages.Runs;

/// <summary>Something about the export to come that a person should have seen before it starts.</summary>
public abstract record Unusual
{
    private Unusual() { }

    /// <summary>Nothing was ever exported here.</summary>
    public sealed record FirstRun : Unusual;

    /// <summary>It comes to more than three times what earlier runs did.</summary>
    public sealed record MuchMoney(ControlTotal Now, long MedianMinor) : Unusual;

    /// <summary>The settings have changed since the last run.</summary>
    public sealed record NewSettings(int Version) : Unusual;

    /// <summary>Claims are in doubt. They stay where they are; it is only that nobody has looked.</summary>
    public sealed record Doubts(ClaimSum InDoubt) : Unusual;

    /// <summary>A claimant whose claim waits is beyond a limit of the year.</summary>
    public sealed record OverYear(PayOnce.Claims.Forms.YearWarning Warning) : Unusual;
}

/// <summary>Looks at what the next export would be, beside those before it. Asked only when it is unusual, since a question that always comes is not read.</summary>
internal sealed class SyncCheck(IServerStore store, IHistoryStore history, FormDesk desk)
{
    private const int Compared = 20;
    private const int FewestToCompare = 3;
    private const int MuchMore = 3;

    public async Task<Found> ReadAsync(string org, Visit visit, CancellationToken cancel)
    {
        var overview = await history.ReadOverviewAsync(org, cancel);
        if (overview.Ready.Claims == 0) return new(overview, []);
        var filter = new RunFilter(Statuses: ["finished", "finished_rejections", "in_doubt"], Triggers: [RunTrigger.Manual, RunTrigger.Schedule]);
        var earlier = (await history.PageRunsAsync(org, filter, new ListRequest(Compared), cancel)).Page.Rows.Where(row => row.Run.Counters.Exported > 0).ToList();
        var unusual = new List<Unusual>();
        if (earlier.Count == 0) unusual.Add(new Unusual.FirstRun());
        foreach (var ready in overview.Ready.Totals)
        {
            var sums = earlier.SelectMany(row => row.Exported).Where(total => total.Currency == ready.Currency).Select(total => total.AmountMinor).Order().ToList();
            if (sums.Count >= FewestToCompare && ready.AmountMinor / MuchMore > sums[sums.Count / 2]) unusual.Add(new Unusual.MuchMoney(ready, sums[sums.Count / 2]));
        }
        var integration = await store.FindIntegrationAsync(org, cancel);
        if (earlier.Count > 0 && integration is not null && integration.Version != earlier[0].Run.IntegrationVersion) unusual.Add(new Unusual.NewSettings(integration.Version));
        if (overview.InDoubt.Claims > 0) unusual.Add(new Unusual.Doubts(overview.InDoubt));
        unusual.AddRange((await desk.WaitingWarningsAsync(visit, cancel)).Select(warning => new Unusual.OverYear(warning)));
        return new(overview, unusual);
    }

    public sealed record Found(Overview Overview, IReadOnlyList<Unusual> Unusual);
}
