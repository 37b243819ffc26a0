using System.CommandLine;
using PayOnce.App.Output;
using PayOnce.App.Privacy;

namespace PayOnce.App.Commands;

/// <summary><c>persons export</c>: everything about one claimant, for whoever asks for their own data.</summary>
internal static class PersonsCommand
{
    public static Command Create(Cli cli) => new("persons", "A person's data")
    {
        Export(cli),
    };

    private static Command Export(Cli cli)
    {
        var org = Typed.Organisation();
        var claimant = Typed.Text("--claimant", "ID", "The claimant's id: the supplier or member number");
        var output = Typed.Text("--out", "FILE", "The file to write; one that is there already is not replaced");
        return cli.Command("export", "Write everything about one claimant into a JSON file; stands in the audit trail", [org, claimant, output], call => call.WithOrganisationAsync(org, async (store, organisation) =>
        {
            var (id, person, path) = (organisation.OrganisationId, call.Get(claimant)!, call.Surroundings.Absolute(call.Get(output)!));
            var desk = new PrivacyDesk(store, call.Surroundings.Clock);
            if (!await desk.KnowsAsync(id, person, call.Stop)) return Answer.Unusable($"Nothing is known of a claimant \"{Problem.Printable(person)}\" in {id}. Ids are compared with case.");
            try
            {
                var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
                // Personal data is for whoever asked for it alone.
                if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
                await using var file = new FileStream(path, options);
                await desk.TellAsync(id, person, "command", call.Actor, call.Stop);
                await desk.WriteAsync(organisation, person, file, call.Stop);
                var bytes = file.Length;
                return new Answer(ExitCode.Done, new PersonExportedDocument(id, person, path, bytes), screen => screen.Line($"Everything about claimant {person} is in {path} ({Wording.Count(bytes, "byte")}). Hand it over safely, and delete it here."));
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                return Answer.Unusable($"The file {path} cannot be written: {fault.Message}");
            }
        }));
    }
}
