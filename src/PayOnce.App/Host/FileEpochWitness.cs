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
    public async Task<WitnessedEpoch> HighestAsync(string organisationId, CancellationToken cancel)
    {
        var file = PathOf(organisationId);
        if (!File.Exists(file)) return WitnessedEpoch.None;
        var text = (await File.ReadAllTextAsync(file, cancel)).Trim();
        // The number, and behind it the nonce of the run that had it; in a second line, if there was one, the highest of an adoption.
        var lines = text.Split('\n', 2);
        var parts = lines[0].Split(' ', 2);
        var adopted = 0L;
        return long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var epoch) && (lines.Length == 1 || long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out adopted))
            ? new WitnessedEpoch(epoch, parts.Length == 2 ? parts[1] : null) { Adopted = adopted }
            : throw new InvalidDataException($"{file} should hold the highest epoch as a number and holds \"{Problem.Printable(text)}\". Nothing was sent. If the database was put back from a backup, run `payonce restore begin {organisationId}`; then remove the file.");
    }

    public async Task RaiseAsync(string organisationId, WitnessedEpoch epoch, CancellationToken cancel)
    {
        var known = await HighestAsync(organisationId, cancel);
        if (known.Raised(epoch) is var raised && raised == known) return;
        Call.MakePrivateFolder(folder);
        var file = PathOf(organisationId);
        var fresh = string.Create(CultureInfo.InvariantCulture, $"{file}.{Environment.ProcessId}.part");
        await using (var stream = new FileStream(fresh, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            await using (var writer = new StreamWriter(stream, leaveOpen: true)) await writer.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{raised.Epoch} {raised.Nonce}\n{(raised.Adopted > 0 ? $"{raised.Adopted}\n" : "")}"));
            stream.Flush(flushToDisk: true);
        }
        File.Move(fresh, file, overwrite: true);
    }

    private string PathOf(string organisationId) => Path.Combine(folder, organisationId);
}
