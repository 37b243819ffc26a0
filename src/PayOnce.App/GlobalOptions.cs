using System.CommandLine;

namespace PayOnce.App;

/// <summary>The options that may stand after any command.</summary>
internal sealed class GlobalOptions
{
    public Option<string?> Data { get; } = new("--data")
    {
        Description = $"Folder of the embedded database and of saved files. Default: ./{Storage.DefaultFolder}",
        HelpName = "DIR",
        Recursive = true,
    };

    public Option<string?> Postgres { get; } = new("--postgres")
    {
        Description = $"Connection string of a PostgreSQL database to use instead. Default: the environment variable {Storage.Variable}",
        HelpName = "CONNECTION",
        Recursive = true,
    };

    public Option<string?> Keys { get; } = new("--keys")
    {
        Description = $"Folder of the keys that secrets are encrypted with. Default: the environment variable {Host.SecretVault.Variable}, else keys in the data folder",
        HelpName = "DIR",
        Recursive = true,
    };

    public Option<bool> Json { get; } = new("--json")
    {
        Description = "Print exactly one JSON document and nothing else on standard output",
        Recursive = true,
    };

    // claims resolve has an --as of its own, which hides this one there; --actor works everywhere.
    public Option<string?> As { get; } = new("--as", "--actor")
    {
        Description = "Who asks; stands in the history and the audit trail. Default: the name you are logged in with",
        HelpName = "NAME",
        Recursive = true,
    };

    public void AddTo(RootCommand root)
    {
        NotBlank(Data);
        NotBlank(Postgres);
        NotBlank(Keys);
        NotBlank(As);
        As.Validators.Add(result =>
        {
            const int longest = 80;
            if (result.GetValueOrDefault<string?>() is { } name && (name.Length > longest || name.Any(char.IsControl)))
                result.AddError($"{result.IdentifierToken?.Value} must be a name of at most {longest} characters without control characters.");
        });
        root.Options.Add(Data);
        root.Options.Add(Postgres);
        root.Options.Add(Keys);
        root.Options.Add(Json);
        root.Options.Add(As);
    }

    private static void NotBlank(Option<string?> option) => option.Validators.Add(result =>
    {
        if (result.Tokens is [{ Value: var value }] && string.IsNullOrWhiteSpace(value)) result.AddError($"{option.Name} must not be empty.");
    });
}
