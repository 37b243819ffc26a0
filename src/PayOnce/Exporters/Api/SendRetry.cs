namespace PayOnce.Exporters.Api;

/// <summary>
/// Repeats the sending of one batch as far as its proof class allows (design §4): what was provably not processed goes again
/// after the delay; what is unknown only where a repeated key is harmless; what was refused never.
/// </summary>
public static class SendRetry
{
    /// <summary>
    /// Sends until the answer is final. A doubt of an earlier try outlives the later ones: only an acceptance settles it, since
    /// "refused" and "not processed" speak of the repetition and not of the try before it.
    /// </summary>
    /// <param name="send">One try, given its number from 1; the same bytes each time.</param>
    public static async Task<RetryOutcome<SendAnswer>> RunAsync(this Retry retry, IAccountingApi api, Func<int, CancellationToken, Task<SendAnswer>> send, CancellationToken cancel)
    {
        SendAnswer? doubt = null;
        var outcome = await retry.RunAsync(
            async (number, stop) =>
            {
                var answer = await send(number, stop);
                if (answer is SendAnswer.Unknown) doubt = answer;
                return answer;
            },
            answer => Judge(answer, doubt is not null, api),
            cancel);
        return doubt is null ? outcome : outcome with { Answer = UnderDoubt(outcome.Answer, doubt) };
    }

    /// <summary>Whether a batch may be sent again after this answer.</summary>
    /// <param name="doubt">Whether this try or an earlier one of the same bytes has an unknown outcome.</param>
    public static RetryVerdict Judge(SendAnswer answer, bool doubt, IAccountingApi api) => answer switch
    {
        // The last moment at which the repetition may arrive is what must lie within the time that the system remembers the key.
        SendAnswer.Unknown => new RetryVerdict.Again { May = since => MayRepeat(since, api) },
        SendAnswer.NotProcessed told when doubt => new RetryVerdict.Again(told.After) { May = since => MayRepeat(since, api) },
        SendAnswer.NotProcessed told => new RetryVerdict.Again(told.After),
        SendAnswer.Answered or SendAnswer.Refused => RetryVerdict.Done.Instance,
        _ => throw new ArgumentOutOfRangeException(nameof(answer), answer, null),
    };

    /// <summary>Whether what is in doubt may go once more now; asked again as the last thing before it leaves, since a process may have stood still after the verdict.</summary>
    /// <param name="since">Time since the first of these bytes left, or the try that sent them began.</param>
    public static bool MayRepeat(TimeSpan since, IAccountingApi api) => api.ProofClass.MayRepeatUnknown(since + api.Timeout, api.Window);

    private static SendAnswer UnderDoubt(SendAnswer last, SendAnswer doubt) => last switch
    {
        SendAnswer.Answered answered => answered with { Claims = [.. answered.Claims.Select(UnderDoubt)] },
        SendAnswer.Unknown => last,
        _ => new SendAnswer.Unknown { HttpStatus = last.HttpStatus, Error = $"{doubt.Error ?? "No proof of an earlier try."} A later try: {last.Error ?? "not taken."}" },
    };

    private static ClaimAnswer UnderDoubt(ClaimAnswer claim) =>
        claim is ClaimAnswer.Refused refused ? new ClaimAnswer.Unknown(refused.ClaimId, $"An earlier try may have been booked. A later one: {refused.Reason}") : claim;
}
