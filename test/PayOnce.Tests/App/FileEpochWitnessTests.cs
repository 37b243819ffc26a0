using PayOnce.App.Host;
using PayOnce.Runs;

namespace PayOnce.Tests.App;

public sealed class FileEpochWitnessTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_several_processes_tell_at_once_is_all_remembered()
    {
        var folder = Directory.CreateTempSubdirectory("payonce-epochs-");
        try
        {
            const int tellers = 8, times = 20;
            await Task.WhenAll(Enumerable.Range(0, tellers).Select(teller => Task.Run(async () =>
            {
                var witness = new FileEpochWitness(folder.FullName);
                for (var time = 0; time < times; time++)
                {
                    var epoch = (time * tellers) + teller + 1;
                    if (teller % 2 == 0) await witness.AdoptedAsync("hlf", new WitnessedEpoch(epoch, $"adoption {epoch}"), Cancel);
                    else await witness.RaiseAsync("hlf", new WitnessedEpoch(epoch, $"run {epoch}"), Cancel);
                }
            }, Cancel)));

            var later = new FileEpochWitness(folder.FullName);
            Assert.Equal(new WitnessedEpoch(tellers * times, $"run {tellers * times}"), await later.HighestAsync("hlf", Cancel));
            Assert.Equal(
                Enumerable.Range(1, tellers * times).Where(epoch => epoch % 2 == 1).Select(epoch => $"adoption {epoch}").Order(StringComparer.Ordinal),
                (await later.AdoptionsAsync("hlf", Cancel)).Order(StringComparer.Ordinal));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
