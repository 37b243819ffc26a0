using PayOnce.Exporters;
using PayOnce.Exporters.Api;
using PayOnce.Guard;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Runs;

/// <summary>An accounting system that answers each request as a test says; what it accepted is found when it is asked.</summary>
internal sealed class ScriptedSystem(ProofClass proof) : IAccountingApi
{
    private readonly Lock access = new();
    private readonly List<ApiBatch> sent = [];
    private readonly HashSet<string> booked = new(StringComparer.Ordinal);

    public ProofClass ProofClass => proof;

    public TimeSpan Window => proof == ProofClass.Windowed ? TimeSpan.FromSeconds(100) : TimeSpan.Zero;

    public TimeSpan QuietTime => TimeSpan.Zero;

    public bool AutomaticRelease => false;

    public int ClaimsPerBatch { get; init; } = 1;

    public int Parallel { get; init; } = 1;

    public TimeSpan Timeout => TimeSpan.FromSeconds(20);

    public RetryOptions Retry { get; init; } = new(5, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), Jitter: 0);

    public IBatchRenderer Renderer { get; } = new TextRenderer();

    /// <summary>The answer to a request, given its number from 1 in the order of arrival; null: everything is booked.</summary>
    public Func<int, ApiBatch, Task<SendAnswer>>? Answer { get; init; }

    /// <summary>Why nothing can be asked; null: it can.</summary>
    public string? Mute { get; set; }

    /// <summary>The same for the list of everything.</summary>
    public string? MuteList { get; set; }

    public IReadOnlyList<ApiBatch> Sent
    {
        get
        {
            lock (access) return [.. sent];
        }
    }

    public static SendAnswer Unknown(string why) => new SendAnswer.Unknown { Error = why };

    public static SendAnswer NotNow(TimeSpan after, string why = "The answer was 503.") => new SendAnswer.NotProcessed(after) { HttpStatus = 503, Error = why };

    /// <summary>Everything in the batch is booked.</summary>
    public SendAnswer Book(ApiBatch batch)
    {
        lock (access) booked.UnionWith(batch.Claims.Select(claim => claim.ExportKey));
        return new SendAnswer.Answered([.. batch.Claims.Select(claim => new ClaimAnswer.Accepted(claim.ClaimId, Evidence.Booked, "V-" + claim.ClaimId))]) { HttpStatus = 200 };
    }

    public async Task<SendAnswer> SendAsync(ApiBatch batch, CancellationToken cancel)
    {
        int number;
        lock (access)
        {
            sent.Add(batch);
            number = sent.Count;
        }
        return Answer is { } answer ? await answer(number, batch) : Book(batch);
    }

    public Task<ReadBackAnswer> ReadBackAsync(IReadOnlyList<ExpectedClaim> claims, CancellationToken cancel)
    {
        lock (access)
        {
            return Task.FromResult<ReadBackAnswer>(Mute is { } why ? new ReadBackAnswer.Failed(why) : new ReadBackAnswer.Answered([.. claims.Select(claim =>
                booked.Contains(claim.ExportKey) ? (ReadBackFinding)new ReadBackFinding.Present(claim.ClaimId, Evidence.Booked, "V-" + claim.ClaimId) : new ReadBackFinding.Absent(claim.ClaimId))]));
        }
    }

    public Task<KeyPageAnswer> ListKeysAsync(string? after, CancellationToken cancel)
    {
        lock (access)
        {
            return Task.FromResult<KeyPageAnswer>(MuteList is { } why ? new KeyPageAnswer.Failed(why) : new KeyPageAnswer.Page([.. booked.Select(key => new HeldKey(key, null, null, key))], null));
        }
    }

    public Task<IReadOnlyList<ConnectionCheck>> TestConnectionAsync(CancellationToken cancel) => Task.FromResult<IReadOnlyList<ConnectionCheck>>([]);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
