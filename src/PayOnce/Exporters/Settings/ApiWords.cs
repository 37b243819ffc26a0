using System.Globalization;
using PayOnce.Exporters.Api;

namespace PayOnce.Exporters.Settings;

/// <summary>The words of the integration file's <c>api</c> part, in the order of their enum members.</summary>
internal static class ApiWords
{
    public static readonly string[] Transports = ["file", "api"];
    public static readonly string[] ProofClasses = [.. Enum.GetValues<ProofClass>().Select(proof => proof.Text())];
    public static readonly string[] DynamicsBookings = ["purchaseInvoice", "journal"];

    /// <summary>What can be switched on for one integration.</summary>
    public static readonly string[] Flags = ["dynamics-api"];

    /// <summary>A duration as the file has it: seconds, with as many decimals as are needed.</summary>
    public static string Seconds(TimeSpan duration) => (duration.Ticks / (decimal)TimeSpan.TicksPerSecond).ToString("0.###", CultureInfo.InvariantCulture);
}
