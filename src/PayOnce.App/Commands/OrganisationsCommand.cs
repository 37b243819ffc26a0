using System.CommandLine;
using PayOnce.App.Output;
using PayOnce.Stores;

namespace PayOnce.App.Commands;

/// <summary><c>organisations add|list</c></summary>
internal static class OrganisationsCommand
{
    public static Command Create(Cli cli) => new("organisations", "Who exports: the tenants, of which each sees only its own")
    {
        Add(cli),
        List(cli),
    };

    private static Command Add(Cli cli)
    {
        var id = new Argument<string>("ORG") { Description = "Its id: 1 to 32 characters of a–z, 0–9 and hyphen" };
        var shown = new Argument<string?>("NAME") { Description = "The name shown to people. Default: the id", Arity = ArgumentArity.ZeroOrOne };
        var name = new Option<string?>("--name") { Description = "The same as NAME", HelpName = "NAME" };
        var zone = new Option<string?>("--time-zone") { Description = $"Decides what a date means. Default: {Organisation.DefaultTimeZone}", HelpName = "ZONE" };
        return cli.Command("add", "Add an organisation; makes the data folder or the database's tables where there are none", [id, shown, name, zone], call =>
        {
            if (call.Get(shown) is not null && call.Get(name) is not null) return Task.FromResult(Answer.Unusable("The name was given twice: after the id and with --name."));
            var organisation = new Organisation(call.Get(id), call.Get(shown) ?? call.Get(name) ?? call.Get(id), call.Get(zone) ?? Organisation.DefaultTimeZone);
            var problems = OrganisationRules.Check(organisation).Select(problem => problem with { Field = problem.Field switch { "organisationId" => "ORG", "name" => "NAME", _ => "--time-zone" } }).ToList();
            return problems.Count > 0
                ? Task.FromResult(Answer.Unusable("The organisation was not added.", problems))
                : call.WithStoreAsync(store => AddAsync(call, store, organisation), create: true);
        });
    }

    private static Command List(Cli cli) => cli.Command("list", "List the organisations", [], call => call.WithStoreAsync(async store =>
    {
        var organisations = await store.ListOrganisationsAsync(call.Stop);
        return new Answer(ExitCode.Done, new OrganisationsDocument([.. organisations.Select(OrganisationDocument.Of)]), screen =>
        {
            if (organisations.Count == 0)
            {
                screen.Line("No organisation was added yet. Add one with `payonce organisations add`.");
                return;
            }
            var table = new Table("Id", "Name", "Time zone");
            foreach (var organisation in organisations) table.Add(organisation.OrganisationId, organisation.Name, organisation.TimeZone);
            screen.Table(table);
        });
    }));

    private static async Task<Answer> AddAsync(Call call, IStore store, Organisation organisation)
    {
        var added = await store.AddOrganisationAsync(organisation, call.Actor, call.Stop);
        if (!added && await store.FindOrganisationAsync(organisation.OrganisationId, call.Stop) is { } other && other != organisation)
        {
            return Answer.Unusable($"There is an organisation {other.OrganisationId} already: {other.Name}, time zone {other.TimeZone}. It was left as it is.");
        }
        return new Answer(ExitCode.Done, new OrganisationAddedDocument(OrganisationDocument.Of(organisation), added), screen => screen.Line(added
            ? $"Added {organisation.OrganisationId}: {organisation.Name}, time zone {organisation.TimeZone}. Next: `payonce integrations set {organisation.OrganisationId} FILE`."
            : $"{organisation.OrganisationId} was there already, just so. Nothing was changed."));
    }
}
