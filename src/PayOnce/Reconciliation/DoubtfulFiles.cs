using PayOnce.Exporters;
using PayOnce.Runs;

namespace PayOnce.Reconciliation;

/// <summary>
/// Files that a dead process was publishing: one that stands in its folder with our checksum left. Absence proves nothing where
/// others empty the folder, so then its claims stay in doubt, in front of a person.
/// </summary>
internal sealed class DoubtfulFiles(RunScene scene, IPublishFolder folder)
{
    /// <summary>The runs whose file was found. Null if we are fenced off.</summary>
    public async Task<IReadOnlyList<long>?> ProveAsync()
    {
        var proved = new List<long>();
        foreach (var file in await scene.Store.ListDoubtfulFilesAsync(scene.Lease.OrganisationId, CancellationToken.None))
        {
            if (await folder.FindAsync(file.Folder!, file.Name, file.Sha256, CancellationToken.None) is not FolderFinding.Present) continue;
            var evidence = $"{file.Name} was found in {file.Folder} with its checksum.";
            if (!await scene.Steps.Around(StepNames.Settle, () => scene.Store.ProveFileAsync(scene.Lease, file.RunId, evidence, CancellationToken.None))) return null;
            folder.Discard(file.Folder!, file.Name);
            proved.Add(file.RunId);
        }
        return proved;
    }
}
