using System.Collections.Frozen;

namespace PayOnce.Exporters.Settings;

/// <summary>Which currencies an amount in minor units can be written for.</summary>
internal static class Currencies
{
    public const string Rule = "must be the ISO 4217 code of a currency with two decimals, such as NOK";

    // ISO 4217, list one: minor unit 0, 3 and 4. Amounts here have two decimals, always.
    private static readonly FrozenSet<string> OtherDecimals = new[]
    {
        "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF",
        "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND", "CLF", "UYW",
    }.ToFrozenSet(StringComparer.Ordinal);

    public static bool HasTwoDecimals(string currency) =>
        currency.Length == 3 && !currency.AsSpan().ContainsAnyExceptInRange('A', 'Z') && !OtherDecimals.Contains(currency);
}
