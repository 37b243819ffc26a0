using PayOnce.Exporters.Api;
using PayOnce.Guard;

namespace PayOnce.Exporters.Dynamics;

/// <summary>What both ways of booking a claim in Business Central share. A claim is a document of its own there, so a batch has one; its bytes are one request's body a line.</summary>
internal abstract class BusinessCentralApi(IntegrationSettings settings, IBatchRenderer renderer, BcClient client) : IAccountingApi
{
    /// <summary>
    /// The service's gateway gives a request up after ten minutes (Microsoft: "Operational limits for Business Central online"): no
    /// later can it still begin to matter. Half as much again on top.
    /// </summary>
    public static readonly TimeSpan StandardQuietTime = TimeSpan.FromMinutes(15);

    /// <summary>The service works on five requests of a user at a time and lets others wait; one is left to read with.</summary>
    public const int StandardParallel = 4;

    protected const int KeysPerPage = 1000;

    public ProofClass ProofClass => ProofClass.Readable;

    public TimeSpan Window => TimeSpan.Zero;

    public TimeSpan QuietTime => settings.Api!.QuietTime ?? StandardQuietTime;

    public bool AutomaticRelease => settings.Api!.AutomaticRelease;

    public int ClaimsPerBatch => 1;

    public int Parallel => settings.Api!.Parallel ?? StandardParallel;

    public TimeSpan Timeout => client.Timeout;

    public RetryOptions Retry => settings.Api!.Retry;

    public IBatchRenderer Renderer => renderer;

    protected BcClient Client => client;

    /// <summary>Reads that must be allowed, with what they are for.</summary>
    protected abstract IReadOnlyList<(string Path, string What)> RightsNeeded { get; }

    /// <summary>
    /// Sends the claims of a batch one after another. A claim that was not processed ends it: if it is the first, nothing was sent at
    /// all; otherwise it and those behind it are not spoken of, which is unknown.
    /// </summary>
    public async Task<SendAnswer> SendAsync(ApiBatch batch, CancellationToken cancel)
    {
        var time = client.Begin();
        var parts = Lines(batch.Bytes);
        var perClaim = parts.Count / batch.Claims.Count;
        var answers = new List<ClaimAnswer>(batch.Claims.Count);
        var last = default(SendAnswer);
        for (var i = 0; i < batch.Claims.Count; i++)
        {
            var answer = await SendAsync(batch.Claims[i], parts.GetRange(i * perClaim, perClaim), time, cancel);
            if (answer is not SendAnswer.Answered answered)
            {
                if (i == 0) return answer;
                return new SendAnswer.Answered(answers) { HttpStatus = answer.HttpStatus, Error = answer.Error };
            }
            answers.AddRange(answered.Claims);
            last = last?.Error is null ? answer : last;
        }
        return new SendAnswer.Answered(answers) { HttpStatus = last?.HttpStatus, Error = last?.Error };
    }

    /// <param name="bodies">The claim's lines of the frozen bytes.</param>
    protected abstract Task<SendAnswer> SendAsync(ExpectedClaim claim, IReadOnlyList<ReadOnlyMemory<byte>> bodies, TryTime time, CancellationToken cancel);

    private static List<ReadOnlyMemory<byte>> Lines(ReadOnlyMemory<byte> bytes)
    {
        var lines = new List<ReadOnlyMemory<byte>>();
        for (var rest = bytes; rest.Length > 0;)
        {
            var end = rest.Span.IndexOf((byte)'\n') + 1;
            lines.Add(end == 0 ? rest : rest[..(end - 1)]);
            rest = end == 0 ? default : rest[end..];
        }
        return lines;
    }

    public abstract Task<ReadBackAnswer> ReadBackAsync(IReadOnlyList<ExpectedClaim> claims, CancellationToken cancel);

    public abstract Task<KeyPageAnswer> ListKeysAsync(string? after, CancellationToken cancel);

    public async Task<IReadOnlyList<ConnectionCheck>> TestConnectionAsync(CancellationToken cancel)
    {
        var time = client.Begin();
        var (token, trouble) = await client.SignIn.TokenAsync(renew: false, cancel);
        if (token is null) return [new ConnectionCheck("sign-in", trouble)];
        var company = await client.GetAsync("", time, cancel);
        var checks = new List<ConnectionCheck>
        {
            new("sign-in", null),
            new("company", company.IsOk ? null : company.Trouble("Reading the company") + " Check tenant, environment and company, and that the application is enabled in Business Central (page Microsoft Entra applications)."),
        };
        if (!company.IsOk) return checks;
        foreach (var (path, what) in RightsNeeded)
        {
            var (entities, failed) = await client.ListAsync(path, time, cancel);
            checks.Add(new ConnectionCheck(what, entities is not null ? null : failed!.Trouble(what) + " The application needs a permission set that allows it."));
        }
        return checks;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Nothing that would book the claim has been sent.</summary>
    protected static SendAnswer NothingSent(BcReply reply, string what) => new SendAnswer.NotProcessed(reply.RetryAfter) { HttpStatus = reply.Status, Error = reply.Trouble(what) };

    protected static SendAnswer Accepted(ExpectedClaim claim, Evidence evidence, string acknowledgement, int? status) =>
        new SendAnswer.Answered([new ClaimAnswer.Accepted(claim.ClaimId, evidence, acknowledgement)]) { HttpStatus = status };

    protected static SendAnswer Refused(ExpectedClaim claim, string reason, int? status) =>
        new SendAnswer.Answered([new ClaimAnswer.Refused(claim.ClaimId, reason)]) { HttpStatus = status, Error = reason };

    protected static SendAnswer Unknown(ExpectedClaim claim, string reason, int? status) =>
        new SendAnswer.Answered([new ClaimAnswer.Unknown(claim.ClaimId, reason)]) { HttpStatus = status, Error = reason };
}
