using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using PayOnce.App.Background;
using PayOnce.App.Tests.Api;
using PayOnce.App.Tests.Support;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Background;

/// <summary>What an operator's monitoring sees of claims, without asking the database for it.</summary>
public sealed class StateGaugesTests(PostgresCluster cluster)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Claims_are_measured_by_where_they_stand_and_the_oldest_doubt_by_its_age(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster, claims: 3);
        await ApiCaller.RunAsync(world.Store, claimId: "R1-000001");
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        using var gauges = new StateGauges(world.Store, TimeProvider.System, meters, NullLogger<StateGauges>.Instance);
        Assert.Empty(Read(meters));

        await gauges.LookAsync(Cancel);
        var told = Read(meters);
        Assert.Equal((2, 1, 0, 0), (told["payonce.claims hlf ready"], told["payonce.claims hlf exported"], told["payonce.claims hlf in_doubt"], told["payonce.in_doubt.age hlf"]));

        await SyncTests.DoubtAsync(world);
        await gauges.LookAsync(Cancel);
        told = Read(meters);
        Assert.Equal((0, 2), (told["payonce.claims hlf ready"], told["payonce.claims hlf in_doubt"]));
        Assert.True(told["payonce.in_doubt.age hlf"] > 0);
    }

    /// <summary>One scrape: name and tags of each gauge, with its value.</summary>
    private static Dictionary<string, double> Read(IMeterFactory meters)
    {
        var read = new Dictionary<string, double>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, each) => { if (ReferenceEquals(instrument.Meter.Scope, meters)) each.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.Start();
        listener.RecordObservableInstruments();
        return read;

        void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var name = instrument.Name;
            foreach (var tag in tags) name += " " + tag.Value;
            read[name] = value;
        }
    }
}
