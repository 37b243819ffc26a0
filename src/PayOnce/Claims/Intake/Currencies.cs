using System.Collections.Frozen;

namespace PayOnce.Claims.Intake;

/// <summary>
/// ISO 4217 currencies with two decimals. Others (JPY with none, KWD with three) would need another meaning of "minor units" in
/// every exporter; funds, metals and test codes are no money a person is paid back in.
/// </summary>
internal static class Currencies
{
    private static readonly FrozenSet<string> TwoDecimals = FrozenSet.ToFrozenSet(
        """
        AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK
        DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD
        KZT LAK LBP LKR LRD LSL MAD MDL MKD MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN
        QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU
        UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
        """.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries), StringComparer.Ordinal);

    public static bool HasTwoDecimals(string currency) => TwoDecimals.Contains(currency);
}
