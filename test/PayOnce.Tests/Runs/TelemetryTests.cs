using System.Diagnostics;
using System.Diagnostics.Metrics;
using PayOnce.Exporters.Api;
using PayOnce.Runs;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Runs;

/// <summary>Who measures the engine sees each run and each try once, in words of the product.</summary>
public sealed class TelemetryTests
{
    // Other tests run at the same time, and their engines are measured by the same meter.
    private static readonly AsyncLocal<bool> Ours = new();

    [Fact]
    public async Task A_run_is_measured_with_what_became_of_its_claims_how_long_it_waited_and_each_try()
    {
        Ours.Value = true;
        List<string> measured = [];
        using MeterListener listener = new()
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == Telemetry.Name) self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(instrument, null, tags));
        listener.Start();
        List<string> activities = [];
        using ActivityListener spans = new()
        {
            ShouldListenTo = source => source.Name == Telemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => Ours.Value ? ActivitySamplingResult.AllData : ActivitySamplingResult.None,
            ActivityStopped = activity => activities.Add(activity.OperationName),
        };
        ActivitySource.AddActivityListener(spans);

        var system = new ScriptedSystem(ProofClass.Readable) { ClaimsPerBatch = 2 };
        await using var scene = await EngineScene.CreateAsync(system, claims: 3);
        await EngineScene.EndOf(scene.RunAsync());

        Assert.Equal(
            [
                "payonce.attempts 1 organisation=hlf outcome=accepted status=200",
                "payonce.attempts 1 organisation=hlf outcome=accepted status=200",
                "payonce.lease.wait organisation=hlf",
                "payonce.run.claims 3 organisation=hlf became=exported",
                "payonce.run.duration organisation=hlf",
                "payonce.runs 1 organisation=hlf state=finished trigger=manual",
            ],
            measured.Order(StringComparer.Ordinal));
        Assert.Equal(["run"], activities);

        void Note(Instrument instrument, long? value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (!Ours.Value) return;
            lock (measured) measured.Add(string.Join(' ', [instrument.Name, .. value is { } number ? [$"{number}"] : Array.Empty<string>(), .. tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")]));
        }
    }
}
