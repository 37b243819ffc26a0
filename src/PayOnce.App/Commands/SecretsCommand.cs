using System.CommandLine;
using System.Text;
using PayOnce.App.Output;
using PayOnce.Exporters;
using PayOnce.Stores;

namespace PayOnce.App.Commands;

/// <summary><c>integrations secret set|list</c>: a secret goes in and never comes out again.</summary>
internal static class SecretsCommand
{
    public static Command Create(Cli cli) => new("secret", "What an integration signs in with: given once, kept encrypted, never shown")
    {
        Set(cli),
        List(cli),
    };

    private static Command Set(Cli cli)
    {
        var org = Typed.Organisation();
        var name = new Argument<string>("NAME") { Description = "Which secret: xledger and generic: token; dynamics: client-secret" };
        var file = new Option<string?>("--file") { Description = "File that holds the secret and nothing else. Default: standard input", HelpName = "F" };
        // Taken so that it can be answered: an error about an unknown argument would repeat it.
        var typedOut = new Argument<string[]>("VALUE") { Hidden = true, Arity = ArgumentArity.ZeroOrMore };
        return cli.Command("set", "Keep a secret, read from standard input or a file and never from the command line", [org, name, typedOut, file], call => call.WithOrganisationAsync(org, async (store, organisation) =>
        {
            if (call.Get(typedOut).Length > 0)
                return Answer.Unusable("Nothing was kept: a secret on the command line stands in the shell's history and in every list of processes. Make a new one, and give it on standard input or with --file.");
            var id = organisation.OrganisationId;
            var typed = call.Get(name);
            var known = await SecretRules.KnownAsync(store, id, call.Stop);
            if (!known.Contains(typed, StringComparer.Ordinal))
                return Answer.Unusable(known.Count == 0 ? $"The integration of {id} has no API in this version, so it has no secrets." : $"There is no secret \"{Problem.Printable(typed)}\". Known are {Wording.List(known)}.");
            if (call.Vault is not { } vault) return Answer.Unusable($"With PostgreSQL the keys that secrets are encrypted with have a folder of their own: name it with --keys DIR or {Host.SecretVault.Variable}, the same on every machine.");

            var (input, refusal) = InputFile.Open(call, call.Get(file) ?? InputFile.Standard);
            if (input is null) return refusal!;
            await using var _ = input.Content;
            var (secret, rule) = await ReadSecretAsync(input.Content, call.Stop);
            // The rule alone: what was read may be a secret, or another one.
            if (secret is null) return Answer.Unusable($"The secret was not changed: what {input.Name} holds {rule}.");

            var again = await store.FindSecretAsync(id, typed, call.Stop) is not null;
            await store.SetSecretAsync(id, typed, vault.Protect(id, typed, secret), call.Actor, call.Stop);
            return new Answer(ExitCode.Done, new SecretSetDocument(id, typed, again), screen =>
                screen.Line($"The secret {typed} of {id} is {(again ? "replaced" : "kept")}, encrypted with the keys in {vault.Folder}. Next: `payonce integrations test {id}`."));
        }));
    }

    private static Command List(Cli cli)
    {
        var org = Typed.Organisation();
        return cli.Command("list", "Which secrets are kept, since when and by whom; never what they are", [org], call => call.WithOrganisationAsync(org, async (store, organisation) =>
        {
            var secrets = await store.ListSecretsAsync(organisation.OrganisationId, call.Stop);
            return new Answer(ExitCode.Done, new SecretsDocument(organisation.OrganisationId, [.. secrets.Select(secret => new SecretDocument(secret.Name, secret.SetAt, secret.SetBy))]), screen =>
            {
                if (secrets.Count == 0)
                {
                    screen.Line($"{organisation.OrganisationId} has no secrets yet: `payonce integrations secret set {organisation.OrganisationId} NAME`.");
                    return;
                }
                var moments = call.Moments(organisation);
                var table = new Table("Name", "Set at", "By");
                foreach (var secret in secrets) table.Add(secret.Name, moments.Short(secret.SetAt), secret.SetBy);
                screen.Table(table);
            });
        }));
    }

    /// <summary>The secret that a file holds, or the rule that it breaks.</summary>
    public static async Task<(string? Secret, string? Rule)> ReadSecretAsync(Stream content, CancellationToken cancel)
    {
        var (secret, rule) = Read(await ReadAsync(content, cancel));
        return secret is null ? (null, rule) : (secret, null);
    }

    /// <summary>The text without the line end that editors and <c>echo</c> put behind it, or the rule that it breaks.</summary>
    private static (string? Secret, string Rule) Read(byte[] bytes)
    {
        if (bytes.Length > SecretRules.Longest) return (null, $"is longer than {SecretRules.Longest / 1024} KiB");
        string text;
        try
        {
            text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            return (null, "is not UTF-8 text");
        }
        if (text.EndsWith('\n')) text = text[..^1];
        if (text.EndsWith('\r')) text = text[..^1];
        return SecretRules.Wrong(text) is { } rule ? (null, rule) : (text, "");
    }

    private static async Task<byte[]> ReadAsync(Stream content, CancellationToken cancel)
    {
        var bytes = new byte[SecretRules.Longest + 1];
        return bytes[..await content.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancel)];
    }
}
