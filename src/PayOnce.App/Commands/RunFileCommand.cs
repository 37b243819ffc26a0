using System.CommandLine;
using PayOnce.App.Output;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.App.Commands;

/// <summary><c>runs file</c>: gives out a run's file, the same to the byte as often as it is asked for.</summary>
internal static class RunFileCommand
{
    public static Command Create(Cli cli)
    {
        var org = Typed.Organisation();
        var number = Typed.Run();
        var output = new Option<string?>("--out")
        {
            Description = "A folder, or the name of the file to write; - for standard output. Default: the current folder",
            HelpName = "PATH",
        };
        return cli.Command("file", "Fetch a run's file, with its manifest beside it", [org, number, output], call => call.WithOrganisationAsync(org, async (store, organisation) =>
        {
            var (id, run, path) = (organisation.OrganisationId, call.Get(number), call.Get(output));
            if (path == InputFile.Standard && call.Json) return Answer.Unusable("--out - and --json exclude each other: standard output can hold only one of them.");
            if (await store.FindRunAsync(id, run, call.Stop) is null) return RunsCommand.NoSuchRun(organisation, run);
            await call.NoteViewAsync(store, id, "file", FormattableString.Invariant($"run {run}"));
            return await store.FindFileAsync(id, run, call.Stop) switch
            {
                null => Answer.Unusable($"Run {run} has no file: it exported nothing."),
                { State: RunFileState.Withdrawn } => Answer.Unusable($"The file of run {run} was withdrawn and must not be imported. Its claims wait again or went out in another run."),
                { State: RunFileState.Publishing } file => Answer.Unusable(
                    $"It is not known whether the file of run {run} was published to {file.Folder}. Look there first; then settle it with `payonce runs imported` or `payonce runs roll-back`."),
                { ErasedAt: { } at } => Answer.Unusable(FormattableString.Invariant($"The contents of the file of run {run} were erased on {at:yyyy-MM-dd}: the retention time was over.")),
                { } file when path == InputFile.Standard => ToOutput(call, store, id, file),
                { } file => await ToFileAsync(call, store, id, file, Target(call, path, file)),
            };
        }));
    }

    private static string Target(Call call, string? path, RunFile file)
    {
        var full = call.Surroundings.Absolute(path is null or "" ? "." : path);
        return Directory.Exists(full) || Path.EndsInDirectorySeparator(full) ? Path.Combine(full, file.Name) : full;
    }

    private static async Task<Answer> ToFileAsync(Call call, IStore store, string id, RunFile file, string path) =>
        await RunFiles.SaveAsync(store, id, file, path, call.Actor, call.Stop) switch
        {
            RunFiles.SaveAnswer.Saved saved => new Answer(
                ExitCode.Done,
                new SavedFileDocument(id, file.RunId, saved.Path, saved.ManifestPath, file.Name, file.Sha256, file.Bytes),
                screen => screen.Line($"The file of run {file.RunId} is {saved.Path}: {Wording.Claims(file.Claims)}, {Wording.Amounts(file.ControlTotals)}, SHA-256 {file.Sha256}.")),
            RunFiles.SaveAnswer.NotSaved notSaved => Answer.Unusable($"The file of run {file.RunId} was not saved: {notSaved.Why}."),
            _ => throw new InvalidOperationException("Unknown answer to saving a file."),
        };

    // Only after the last byte has passed the checksum does it count as fetched.
    private static Answer ToOutput(Call call, IStore store, string id, RunFile file) =>
        new(ExitCode.Done, new SavedFileDocument(id, file.RunId, "-", "", file.Name, file.Sha256, file.Bytes), async screen =>
        {
            await RunFileContent.WriteAsync(store, id, file, screen.Raw, call.Stop);
            await screen.Raw.FlushAsync(call.Stop);
            await store.NoteFetchedAsync(id, file.RunId, call.Actor, call.Stop);
        });
}
