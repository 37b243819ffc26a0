using PayOnce.Exporters.Settings;

namespace PayOnce.Exporters;

/// <summary>What every exporter asks of settings, before its own questions.</summary>
internal static class SettingsCheck
{
    /// <param name="byFile">What the exporter asks of settings for transport <c>file</c>; over the API its own check asks.</param>
    public static IReadOnlyList<Problem> Run(IExporter exporter, IntegrationSettings settings, params IEnumerable<IEnumerable<Problem>> byFile)
    {
        if (settings.Transport == "api") return OverApi(exporter, settings);
        if (!exporter.Formats.Contains(settings.Format, StringComparer.Ordinal))
            return [new Problem($"must be one of {string.Join(", ", exporter.Formats)}") { Field = "format", Value = settings.Format }];
        return [.. OnlyWith("api", ("api", settings.Api is not null)), .. byFile.SelectMany(found => found)];
    }

    private static IReadOnlyList<Problem> OverApi(IExporter exporter, IntegrationSettings settings)
    {
        if (exporter.Api is not { } api) return [new Problem($"is not possible: {exporter.Name} has no API in this version; use \"file\"") { Field = "transport", Value = settings.Transport }];
        // A request's body is JSON with every system there is; the word stays in the file, so that a change of transport is one word.
        if (settings.Format != "json") return [new Problem("must be json with transport \"api\"") { Field = "format", Value = settings.Format }];
        return [.. OnlyWith("file", ("folder", settings.Folder is not null)), .. NoMapping(settings), .. ApiCheck.Run(exporter.Name, settings.Api ?? new()), .. api.Check(settings)];
    }

    private static IEnumerable<Problem> OnlyWith(string transport, params IEnumerable<(string Field, bool Given)> settings) =>
        settings.Where(setting => setting.Given).Select(setting => new Problem($"has a meaning only with transport \"{transport}\"") { Field = setting.Field });

    /// <summary>JSON has no columns.</summary>
    public static IEnumerable<Problem> NoMapping(IntegrationSettings settings)
    {
        if (settings.Mapping is not null) yield return new Problem("has no meaning for the format json, which has no columns") { Field = "mapping" };
        if (settings.Limits.Count > 0) yield return new Problem("has no meaning for the format json, which has no columns") { Field = "limits" };
    }

    /// <summary>For a format of vouchers: each line needs an account, and the total one too unless the claimant's own is it.</summary>
    public static IEnumerable<Problem> Balanced(AccountSettings? accounts, bool supplierNeedsCredit)
    {
        if (accounts is null) yield break;
        if (accounts.Default is null && accounts.Categories.Count == 0 && accounts.Types.Count == 0)
            yield return new Problem("must have a default, categories or types: no line could be booked") { Field = "accounts" };
        var needed = supplierNeedsCredit || accounts.CreditTo == BalanceOn.Account;
        if (needed && accounts.Credit is null) yield return new Problem("is missing: it is the account that the claim's total is owed on") { Field = "accounts.credit" };
        if (!needed && accounts.Credit is not null)
            yield return new Problem("has no use with creditTo \"supplier\": the claimant's vendor is the account") { Field = "accounts.credit", Value = Problem.Printable(accounts.Credit) };
    }

    /// <summary>A setting that only another system has would be obeyed by nobody.</summary>
    public static IEnumerable<Problem> Unused(string system, params IEnumerable<(string Field, string? Value)> settings) =>
        settings.Where(setting => setting.Value is not null).Select(setting => new Problem($"belongs to {system}; here it has no use") { Field = setting.Field, Value = Problem.Printable(setting.Value!) });

    /// <summary>For a format without a rate: only the company's own currency can be booked.</summary>
    public static IEnumerable<Problem> LocalCurrencyOnly(IntegrationSettings settings, string why)
    {
        foreach (var currency in settings.Currencies)
        {
            if (currency != settings.LocalCurrency)
                yield return new Problem($"cannot be booked: {why}; only localCurrency ({settings.LocalCurrency}) can") { Field = "currencies", Value = currency };
        }
    }
}
