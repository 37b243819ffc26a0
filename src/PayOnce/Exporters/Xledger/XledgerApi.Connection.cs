using System.Text.Json;
using PayOnce.Exporters.Api;
using PayOnce.Exporters.Settings;

namespace PayOnce.Exporters.Xledger;

/// <content>"Test connection": address, token, entity, accounts, the right to import, and whether read-back works. Nothing is posted.</content>
internal sealed partial class XledgerApi
{
    /// <summary>No claim's key: a vowel stands in it.</summary>
    private const string NobodysKey = "PAYONCETESTTESTT";

    /// <summary>
    /// Asks for the values that a field may have: Xledger answers such an input with an error that lists them, and stores nothing
    /// (as a public client does, omniboost/go-xledger).
    /// </summary>
    private const string Alternatives = "mutation{addGLImportItems(inputs:{node:{taxRule:{showAlternatives:YES}}}){edges{node{dbId}}}}";

    public async Task<IReadOnlyList<ConnectionCheck>> TestConnectionAsync(CancellationToken cancel)
    {
        var signIn = await AskAsync("{entities(first:1){edges{node{dbId code}}}}", cancel);
        if (signIn is not Asked.Told) return [new("sign-in", $"Xledger did not accept the question with this token: {Why(signIn)}")];
        return
        [
            new("sign-in", null),
            .. await CheckEntityAsync(cancel),
            new("accounts", await CheckAccountsAsync(cancel)),
            new("right to import", await CheckImportAsync(cancel)),
            new("read-back of imports", await CheckReadBackAsync(XledgerQuery.Staged, cancel)),
            new("read-back of the ledger", await CheckReadBackAsync(XledgerQuery.Posted, cancel)),
        ];
    }

    private async Task<IReadOnlyList<ConnectionCheck>> CheckEntityAsync(CancellationToken cancel)
    {
        if ((api.Xledger?.Owner ?? settings.Voucher.Entity) is not { } owner) return [];
        var codes = await CodesAsync("entities", [owner], cancel);
        return [new("entity", codes.Trouble ?? (codes.Found.Contains(owner) ? null : $"The token reaches no entity \"{owner}\"."))];
    }

    private async Task<string?> CheckAccountsAsync(CancellationToken cancel)
    {
        string[] wanted = [.. Wanted().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var codes = await CodesAsync("accounts", wanted, cancel);
        if (codes.Trouble is not null) return codes.Trouble;
        var missing = wanted.Where(code => !codes.Found.Contains(code)).ToList();
        return missing.Count == 0 ? null : $"Xledger has no account {string.Join(", ", missing)}, which the integration books on.";

        IEnumerable<string> Wanted() =>
            [.. new[] { accounts.Default, accounts.Credit }.OfType<string>(), .. accounts.Categories.Select(category => category.Value), .. accounts.Types.Select(type => type.Value)];
    }

    private async Task<(HashSet<string> Found, string? Trouble)> CodesAsync(string field, IReadOnlyList<string> codes, CancellationToken cancel)
    {
        var asked = await AskAsync($"{{{field}(first:1000,filter:{{code_in:{XledgerJson.Literals(codes)}}}){{edges{{node{{code}}}}}}}}", cancel);
        if (asked is not Asked.Told told) return ([], $"They could not be asked for: {Why(asked)}");
        var found = new HashSet<string>(StringComparer.Ordinal);
        if (XledgerJson.Object(told.Data, field) is not { } connection || !connection.TryGetProperty("edges", out var edges) || edges.ValueKind != JsonValueKind.Array) return ([], "The answer is no list.");
        foreach (var edge in edges.EnumerateArray())
        {
            if (XledgerJson.Object(edge, "node") is { } node && XledgerJson.Id(node, "code") is { } code) found.Add(code);
        }
        return (found, null);
    }

    private async Task<string?> CheckImportAsync(CancellationToken cancel)
    {
        var wire = await PostAsync(JsonSerializer.SerializeToUtf8Bytes(new Question(Alternatives), QuestionJson.Default.Question), cancel);
        var answer = wire.Body.IsEmpty ? null : GraphQlAnswer.Read(wire.Body);
        return answer switch
        {
            { Errors.Count: > 0 } when answer.Errors.Any(error => error.HasAlternatives) => null,
            { Errors.Count: > 0 } => $"Xledger would not take import lines from this token: {Clean(answer.Words())}",
            { Data: not null } => "Xledger did not list tax rules as it used to, and may have stored an empty import line; look for it under GL imports and delete it.",
            _ => $"It could not be found out: {Clean(wire.Error ?? "the answer could not be read")}",
        };
    }

    private async Task<string?> CheckReadBackAsync(XledgerQuery list, CancellationToken cancel)
    {
        if ((await PageAsync(list, XledgerQuery.ByKeys([NobodysKey]), after: null, cancel)).Trouble is not { } trouble) return null;
        if (trouble is not Asked.NotPossible) return Why(trouble);
        // By time it works too; it only costs more of the requests that the subscription includes.
        return (await PageAsync(list, list.Since(client.Clock.GetUtcNow()), after: null, cancel)).Trouble is { } other
            ? $"{list.Field} can be asked neither by invoice number nor by time, so that a lost answer would have to be looked up by a person: {Why(other)}"
            : null;
    }

    private static string Why(Asked asked) => asked switch
    {
        Asked.NotPossible impossible => impossible.Why,
        Asked.Failed failed => failed.Why,
        _ => throw new ArgumentOutOfRangeException(nameof(asked), asked, null),
    };
}
