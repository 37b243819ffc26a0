using System.Globalization;

namespace PayOnce.Sandbox.Xledger;

/// <summary>Xledger keeps Central European local time without saying so (its own sample converts it).</summary>
internal static class XledgerTime
{
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Oslo");

    public static string Text(DateTimeOffset moment) => TimeZoneInfo.ConvertTime(moment, Zone).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
}
