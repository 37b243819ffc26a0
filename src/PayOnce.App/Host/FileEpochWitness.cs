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
    public async Task<long> HighestAsync(string organisationId, CancellationToken cancel)
    {
        var file = PathOf(organisationId);
        if (!File.Exists(file)) return 0;
        var text = (await File.ReadAllTextAsync(file, cancel)).Trim();
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
            ? epoch
            : throw new InvalidDataException($"{file} should hold the highest epoch as a number and holds \"{Problem.Printable(text)}\". Nothing was sent. If the database was put back from a backup, run `payonce restore begin {organisationId}`; then remove the file.");
    }

    public async Task RaiseAsync(string organisationId, long epoch, CancellationToken cancel)
    {
        if (await HighestAsync(organisationId, cancel) >= epoch) return;
        Call.MakePrivateFolder(folder);
        var file = PathOf(organisationId);
        var fresh = string.Create(CultureInfo.InvariantCulture, $"{file}.{Environment.ProcessId}.part");
        await using (var stream = new FileStream(fresh, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            await using (var writer = new StreamWriter(stream, leaveOpen: true)) await writer.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{epoch}\n"));
            stream.Flush(flushToDisk: true);
        }
        File.Move(fresh, file, overwrite: true);
    }

    private string PathOf(string organisationId) => Path.Combine(folder, organisationId);
}
