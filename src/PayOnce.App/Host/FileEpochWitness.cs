using System.Globalization;
using PayOnce.Runs;

namespace PayOnce.App.Host;

/// <summary>
/// Keeps each organisation's highest epoch in a small file beside the database and not in it: a database put back from a backup
/// is then older than its witness, and the next run notices.
/// </summary>
/// <param name="folder">Not part of the database's backup. Made when first needed.</param>
internal sealed class FileEpochWitness(string folder) : IEpochWitness
{
    // Whoever writes is done in milliseconds; ten seconds are a file system that does not answer.
    private const int MostTries = 1_000;
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(10);

    public async Task<WitnessedEpoch> HighestAsync(string organisationId, CancellationToken cancel) => (await ReadAsync(organisationId, cancel)).Highest;

    public async Task<IReadOnlyList<string>> AdoptionsAsync(string organisationId, CancellationToken cancel) => (await ReadAsync(organisationId, cancel)).Adoptions;

    public async Task RaiseAsync(string organisationId, WitnessedEpoch epoch, CancellationToken cancel)
    {
        await using var alone = await AloneAsync(cancel);
        var (highest, adoptions) = await ReadAsync(organisationId, cancel);
        if (epoch.Epoch > highest.Epoch) await WriteAsync(organisationId, epoch, adoptions, cancel);
    }

    public async Task AdoptedAsync(string organisationId, WitnessedEpoch epoch, CancellationToken cancel)
    {
        await using var alone = await AloneAsync(cancel);
        var (highest, adoptions) = await ReadAsync(organisationId, cancel);
        await WriteAsync(organisationId, epoch.Epoch > highest.Epoch ? epoch : highest, [.. adoptions, epoch.Nonce!], cancel);
    }

    // An adoption has no lease while it tells the witness, and a run may begin: neither may write over what the other has told, in this process or in another.
    private async Task<FileStream> AloneAsync(CancellationToken cancel)
    {
        Call.MakePrivateFolder(folder);
        for (var tries = 1; ; tries++)
        {
            try
            {
                return new FileStream(Path.Combine(folder, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (tries < MostTries)
            {
                await Task.Delay(Between, cancel);
            }
        }
    }

    // The number, and behind it the nonce of the run that had it; below, a line for each adoption with its nonce.
    private async Task<(WitnessedEpoch Highest, IReadOnlyList<string> Adoptions)> ReadAsync(string organisationId, CancellationToken cancel)
    {
        var file = PathOf(organisationId);
        if (!File.Exists(file)) return (WitnessedEpoch.None, []);
        var lines = (await File.ReadAllTextAsync(file, cancel)).Trim().Split('\n');
        var parts = lines[0].Split(' ', 2);
        return long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
            ? (new WitnessedEpoch(epoch, parts.Length == 2 ? parts[1] : null), lines[1..])
            : throw new InvalidDataException($"{file} should hold the highest epoch as a number and holds \"{Problem.Printable(lines[0])}\". Nothing was sent. If the database was put back from a backup, run `payonce restore begin {organisationId}`; then remove the file.");
    }

    private async Task WriteAsync(string organisationId, WitnessedEpoch highest, IReadOnlyList<string> adoptions, CancellationToken cancel)
    {
        var file = PathOf(organisationId);
        var fresh = string.Create(CultureInfo.InvariantCulture, $"{file}.{Environment.ProcessId}.part");
        await using (var stream = new FileStream(fresh, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"{highest.Epoch} {highest.Nonce}\n{string.Concat(adoptions.Select(each => $"{each}\n"))}");
            await using (var writer = new StreamWriter(stream, leaveOpen: true)) await writer.WriteAsync(text.AsMemory(), cancel);
            stream.Flush(flushToDisk: true);
        }
        File.Move(fresh, file, overwrite: true);
    }

    private string PathOf(string organisationId) => Path.Combine(folder, organisationId);
}
