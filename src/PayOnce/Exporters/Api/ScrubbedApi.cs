namespace PayOnce.Exporters.Api;

/// <summary>
/// An accounting system's API with every text that comes out of it cleaned of secrets and of characters that steer a terminal, and cut,
/// whatever its exporter or the other side put into it. It is the last thing before rows, logs and screens, so that no exporter has to be
/// trusted with it.
/// </summary>
/// <param name="connection">Closed with the API; null if there is nothing to close.</param>
public sealed class ScrubbedApi(IAccountingApi api, Scrubber scrubber, IDisposable? connection = null) : IAccountingApi
{
    private const int LongestText = 2_000;

    public ProofClass ProofClass => api.ProofClass;

    public TimeSpan Window => api.Window;

    public TimeSpan QuietTime => api.QuietTime;

    public bool AutomaticRelease => api.AutomaticRelease;

    public int ClaimsPerBatch => api.ClaimsPerBatch;

    public int Parallel => api.Parallel;

    public TimeSpan Timeout => api.Timeout;

    public RetryOptions Retry => api.Retry;

    public IBatchRenderer Renderer => api.Renderer;

    public IReadOnlyList<string> Warnings => [.. api.Warnings.Select(Clean)];

    public async Task<SendAnswer> SendAsync(ApiBatch batch, CancellationToken cancel)
    {
        var answer = await GuardAsync(api.SendAsync(batch, cancel));
        if (answer.Error is { } error) answer = answer with { Error = Clean(error) };
        return answer is SendAnswer.Answered answered ? answered with { Claims = [.. answered.Claims.Select(Clean)] } : answer;
    }

    public async Task<ReadBackAnswer> ReadBackAsync(IReadOnlyList<ExpectedClaim> claims, CancellationToken cancel) => await GuardAsync(api.ReadBackAsync(claims, cancel)) switch
    {
        ReadBackAnswer.Answered answered => answered with { Findings = [.. answered.Findings.Select(Clean)] },
        ReadBackAnswer.Failed failed => failed with { Why = Clean(failed.Why) },
        var other => throw new ArgumentOutOfRangeException(nameof(claims), other, null),
    };

    public async Task<KeyPageAnswer> ListKeysAsync(string? after, CancellationToken cancel) => await GuardAsync(api.ListKeysAsync(after, cancel)) switch
    {
        KeyPageAnswer.Page page => page with { Keys = [.. page.Keys.Select(key => key with { Reference = Clean(key.Reference) })] },
        KeyPageAnswer.Failed failed => failed with { Why = Clean(failed.Why) },
        var other => throw new ArgumentOutOfRangeException(nameof(after), other, null),
    };

    public async Task<IReadOnlyList<ConnectionCheck>> TestConnectionAsync(CancellationToken cancel) =>
        [.. (await GuardAsync(api.TestConnectionAsync(cancel))).Select(check => new ConnectionCheck(Clean(check.What), check.Trouble is { } trouble ? Clean(trouble) : null))];

    public async ValueTask DisposeAsync()
    {
        await api.DisposeAsync();
        connection?.Dispose();
    }

    private ClaimAnswer Clean(ClaimAnswer claim) => claim switch
    {
        ClaimAnswer.Accepted accepted => accepted with { Acknowledgement = Clean(accepted.Acknowledgement) },
        ClaimAnswer.Refused refused => refused with { Reason = Clean(refused.Reason) },
        ClaimAnswer.Unknown unknown => unknown with { Reason = Clean(unknown.Reason) },
        _ => throw new ArgumentOutOfRangeException(nameof(claim), claim, null),
    };

    private ReadBackFinding Clean(ReadBackFinding finding) => finding switch
    {
        ReadBackFinding.Present present => present with { Acknowledgement = Clean(present.Acknowledgement) },
        ReadBackFinding.Conflict conflict => conflict with { What = Clean(conflict.What) },
        ReadBackFinding.Absent => finding,
        _ => throw new ArgumentOutOfRangeException(nameof(finding), finding, null),
    };

    private string Clean(string text) => scrubber.Excerpt(text, LongestText);

    // A bug throws, and its text may hold whatever it stumbled over. One that is clean goes on as it is, with all its details.
    private async Task<T> GuardAsync<T>(Task<T> call)
    {
        try
        {
            return await call;
        }
        catch (Exception fault) when (fault is not OperationCanceledException && scrubber.Scrub(fault.ToString()) != fault.ToString())
        {
            throw new InvalidOperationException($"{fault.GetType().Name}: {scrubber.Scrub(fault.Message)}");
        }
    }
}
