using PayOnce.Exporters.Settings;

namespace PayOnce.Exporters;

/// <summary>What every exporter asks of settings, before its own questions.</summary>
internal static class SettingsCheck
{
    public static IReadOnlyList<Problem> Run(IntegrationSettings settings, IReadOnlyList<string> formats, params IEnumerable<IEnumerable<Problem>> more)
    {
        var problems = new List<Problem>();
        if (settings.Transport != "file") problems.Add(new Problem("is not available in this version; use \"file\"") { Field = "transport", Value = settings.Transport });
        if (!formats.Contains(settings.Format, StringComparer.Ordinal))
            return [.. problems, new Problem($"must be one of {string.Join(", ", formats)}") { Field = "format", Value = settings.Format }];
        return [.. problems, .. more.SelectMany(found => found)];
    }

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
