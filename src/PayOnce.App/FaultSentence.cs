using PayOnce.Stores;

namespace PayOnce.App;

/// <summary>What is said of a fault nobody expected: one sentence, no stack trace.</summary>
internal static class FaultSentence
{
    public static string Of(Exception fault) => fault switch
    {
        StoreUnavailableException => FirstLine(fault.Message),
        IOException or UnauthorizedAccessException => FirstLine(fault.Message),
        _ => $"An unexpected fault, {fault.GetType().Name}: {FirstLine(fault.Message)} With PAYONCE_DEBUG=1 it is shown where.",
    };

    private static string FirstLine(string message) => message.ReplaceLineEndings("\n").Split('\n', 2)[0];
}
