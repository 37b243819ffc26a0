using System.Security.Cryptography;
using System.Text;
using PayOnce.Audit;
using PayOnce.Exporters;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.Tests.Support;

/// <summary>
/// A run driven step by step over the raw store, so that a test can stop between any two steps: the process that calls nothing
/// more has died there.
/// </summary>
public sealed class TestRun(IStore store, Lease lease, ClaimScope scope, TextRenderer? renderer = null)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private readonly TextRenderer renderer = renderer ?? new TextRenderer();
    private readonly List<ReservedBatch> batches = [];
    private readonly List<ReservedClaim> taken = [];
    private readonly Dictionary<int, List<ReservedClaim>> sendable = [];
    private int given;
    private FileDraft? draft;

    public Lease Lease => lease;

    public long RunId => lease.RunId;

    /// <summary>Where the last batch ended.</summary>
    public PageCursor? After { get; private set; }

    public IReadOnlyList<ReservedBatch> Batches => batches;

    /// <summary>Every claim that was handed to the renderer, in that order.</summary>
    public IReadOnlyList<ReservedClaim> Taken => taken;

    /// <summary>Takes the lease; a test that expects another answer asks the store itself.</summary>
    public static async Task<TestRun> TakeAsync(IStore store, LeaseRequest? request = null, Func<string, bool>? isGone = null, TextRenderer? renderer = null)
    {
        request ??= A.LeaseRequest();
        var answer = await store.TakeLeaseAsync(request, isGone ?? (_ => false), Cancel);
        return new TestRun(store, Assert.IsType<LeaseAnswer.Taken>(answer).Lease, request.Scope, renderer);
    }

    /// <summary>Takes the lease over from whoever holds it, as if that process were gone for certain.</summary>
    public static Task<TestRun> TakeOverAsync(IStore store, LeaseRequest? request = null, TextRenderer? renderer = null) =>
        TakeAsync(store, request ?? A.LeaseRequest(holder: "node-2"), _ => true, renderer);

    public async Task<RunCounters> CountAsync()
    {
        var counters = await store.CountScopeAsync(lease, scope, Cancel);
        Assert.NotNull(counters);
        return counters.Value;
    }

    /// <summary>Reserves the next page behind the last, as one batch or cut into several.</summary>
    public async Task<ReserveAnswer> ReserveAsync(int size = 100, int? claimsPerBatch = null)
    {
        var request = new ReserveRequest(scope, given + 1, After, size, claimsPerBatch);
        // Again from the start, should the commit have to be done again.
        var page = new SortedDictionary<int, IReadOnlyList<ReservedClaim>>();
        var answer = await store.ReserveAsync(lease, request, (batch, claims) =>
        {
            page[batch] = claims;
            return renderer.Render(claims, lease.FirstVoucher + taken.Count + page.Where(each => each.Key < batch).Sum(each => each.Value.Count));
        }, Cancel);
        if (answer is not ReserveAnswer.Reserved reserved) return answer;
        given += claimsPerBatch is { } several ? (size + several - 1) / several : 1;
        batches.AddRange(reserved.Batches.Select(batch => batch with { Rendered = batch.Rendered with { Bytes = batch.Rendered.Bytes.ToArray() } }));
        taken.AddRange(page.Values.SelectMany(claims => claims));
        foreach (var batch in reserved.Batches)
            sendable[batch.Batch] = [.. page[batch.Batch].Where(claim => !batch.Rendered.Rejections.Any(rejection => rejection.ClaimId == claim.Claim.ClaimId))];
        if (page.Count > 0) After = new PageCursor(taken[^1].Claim.ApprovedAt, taken[^1].Claim.ClaimId);
        return answer;
    }

    /// <summary>Reserves until nothing is left, or the scope's limit is reached.</summary>
    public async Task ReserveAllAsync(int size = 100)
    {
        while (true)
        {
            var room = scope.Limit is { } limit ? Math.Min(size, limit - taken.Count) : size;
            if (room == 0) return;
            var answer = await ReserveAsync(room);
            if (answer is ReserveAnswer.NothingLeft) return;
            Assert.IsType<ReserveAnswer.Reserved>(answer);
        }
    }

    /// <summary>The file of the batches so far, as its reader will see it.</summary>
    public byte[] FileBytes()
    {
        using var file = new MemoryStream();
        file.Write(renderer.Prologue.Span);
        var pieces = batches.Where(batch => batch.Rendered.Bytes.Length > 0).Select(batch => batch.Rendered.Bytes).ToList();
        for (var i = 0; i < pieces.Count; i++)
        {
            if (i > 0) file.Write(renderer.Separator.Span);
            file.Write(pieces[i].Span);
        }
        file.Write(renderer.Epilogue.Span);
        return file.ToArray();
    }

    public FileDraft Draft(string? folder = null)
    {
        var bytes = FileBytes();
        var totals = batches.SelectMany(batch => batch.Rendered.ControlTotals)
            .GroupBy(total => total.Currency, StringComparer.Ordinal).OrderBy(currency => currency.Key, StringComparer.Ordinal)
            .Select(currency => new ControlTotal(currency.Key, currency.Sum(total => total.AmountMinor)));
        return new FileDraft(FormattableString.Invariant($"{lease.OrganisationId}-run-{RunId}.txt"), renderer.ContentType,
            Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.Length, batches.Sum(batch => (long)batch.Rendered.Claims), batches.Sum(batch => batch.Rendered.Lines),
            [.. totals], renderer.Prologue, renderer.Separator, renderer.Epilogue, folder, lease.FirstVoucher + taken.Count - 1);
    }

    public async Task<RunFile?> StartAsync(string folder = "/outside")
    {
        draft = Draft(folder);
        return await store.StartFileAsync(lease, draft, Manifest, Cancel);
    }

    public Task<RunFile?> ConfirmAsync() => store.ConfirmFileAsync(lease, draft ?? Draft(), Manifest, Cancel);

    public Task<bool> ReleaseAsync(string reason = "the folder is full") => store.ReleaseFileAsync(lease, reason, Cancel);

    public Task<bool> DoubtAsync(string reason = "the folder did not answer") => store.DoubtFileAsync(lease, reason, Cancel);

    /// <summary>Over an API: what becomes of each claim in a batch's bytes. Exported as received, with the claim's own acknowledgement; anything else with a reason.</summary>
    public List<ClaimSettlement> Settled(int batch, MarkState state) => sendable[batch].ConvertAll(each => state == MarkState.Exported
        ? new ClaimSettlement(each.Claim.ClaimId, each.Generation, each.Attempt, state, Evidence.Received, "ACK-" + each.Claim.ClaimId, null)
        : new ClaimSettlement(each.Claim.ClaimId, each.Generation, each.Attempt, state, null, null, $"{state.Text()} by the system"));

    /// <summary>The end of a batch's try, the same for each of its claims.</summary>
    public TryEnd Ended(int batch, MarkState state, int attempt = 1) => state switch
    {
        MarkState.Exported => new(batch, attempt, AttemptOutcome.Accepted, 200, null, Settled(batch, state)),
        MarkState.Rejected => new(batch, attempt, AttemptOutcome.Refused, 422, "The answer was 422.", Settled(batch, state)),
        MarkState.Released => new(batch, attempt, AttemptOutcome.Refused, null, "No connection.", Settled(batch, state)),
        _ => new(batch, attempt, AttemptOutcome.Unknown, null, "No answer came in time.", Settled(batch, state)),
    };

    /// <summary>Records that tries of these batches begin.</summary>
    public async Task StartTriesAsync(params int[] started) => Assert.True(await store.RecordTriesAsync(lease, [], [.. started.Select(batch => new TryStart(batch, 1))], Cancel));

    /// <summary>Records how tries ended.</summary>
    public async Task EndTriesAsync(params TryEnd[] ended) => Assert.True(await store.RecordTriesAsync(lease, ended, [], Cancel));

    public async Task FinishAsync(RunState state = RunState.Finished, string? failure = null) =>
        Assert.True(await store.FinishRunAsync(lease, state, failure, Cancel));

    /// <summary>The whole of an undisturbed export: lease, recovery, count, reserve, confirm, finish.</summary>
    public static async Task<TestRun> ExportEverythingAsync(IStore store, string organisationId = A.Org, ClaimScope? scope = null, int size = 100, TextRenderer? renderer = null)
    {
        var run = await TakeAsync(store, A.LeaseRequest(organisationId, scope), renderer: renderer);
        Assert.NotNull(await store.RecoverAsync(run.Lease, Cancel));
        await run.CountAsync();
        await run.ReserveAllAsync(size);
        if (run.Batches.Sum(batch => batch.Rendered.Claims) > 0) Assert.NotNull(await run.ConfirmAsync());
        await run.FinishAsync();
        return run;
    }

    // Without the chain's hash, which is over times: two databases that did the same must have the same files.
    private ReadOnlyMemory<byte> Manifest(AuditHead head) => Encoding.UTF8.GetBytes(FormattableString.Invariant($$"""{"run":{{RunId}},"auditSequence":{{head.Sequence}}}"""));
}
