namespace PayOnce.App.Server;

/// <summary>What the server itself has to say to its operator; never a claim, a name, an address of a person or a secret.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(1, LogLevel.Warning, "Not ready: {Why}")]
    public static partial void NotReady(this ILogger log, string why);

    [LoggerMessage(2, LogLevel.Error, "A request failed; the person was shown fault {FaultId}.")]
    public static partial void Failed(this ILogger log, Exception fault, string faultId);

    [LoggerMessage(3, LogLevel.Warning, "Nobody could be signed in at the provider of {Organisation}: {Why}. The person was shown fault {FaultId}.")]
    public static partial void ProviderFailed(this ILogger log, string organisation, string why, string faultId);
}
