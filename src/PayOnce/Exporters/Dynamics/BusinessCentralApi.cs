using PayOnce.Exporters.Api;
using PayOnce.Guard;

namespace PayOnce.Exporters.Dynamics;

/// <summary>What both ways of booking a claim in Business Central share. One claim a batch: each is a document of its own there.</summary>
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

    public Task<SendAnswer> SendAsync(ApiBatch batch, CancellationToken cancel) =>
        batch.Claims is [var claim]
            ? SendAsync(claim, batch.Bytes, client.Begin(), cancel)
            : throw new ArgumentException("A batch for Business Central has one claim.", nameof(batch));

    protected abstract Task<SendAnswer> SendAsync(ExpectedClaim claim, ReadOnlyMemory<byte> bytes, TryTime time, CancellationToken cancel);

    public abstract Task<ReadBackAnswer> ReadBackAsync(IReadOnlyList<ExpectedClaim> claims, CancellationToken cancel);

    public abstract Task<KeyPageAnswer> ListKeysAsync(string? after, CancellationToken cancel);

    public async Task<IReadOnlyList<ConnectionCheck>> TestConnectionAsync(CancellationToken cancel)
    {
        var time = client.Begin();
        var (token, trouble) = await client.SignIn.TokenAsync(cancel);
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
