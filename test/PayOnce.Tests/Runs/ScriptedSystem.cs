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
    private readonly List<IReadOnlyList<ExpectedClaim>> asked = [];
    private readonly HashSet<string> booked = new(StringComparer.Ordinal);

    public ProofClass ProofClass => proof;

    public TimeSpan Window => proof == ProofClass.Windowed ? TimeSpan.FromSeconds(100) : TimeSpan.Zero;

    public TimeSpan QuietTime { get; init; }

    public bool AutomaticRelease { get; init; }

    public int ClaimsPerBatch { get; init; } = 1;

    public int Parallel { get; init; } = 1;

    public TimeSpan Timeout => TimeSpan.FromSeconds(20);

    public RetryOptions Retry { get; init; } = new(5, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), Jitter: 0);

    public IBatchRenderer Renderer { get; } = new TextRenderer();

    /// <summary>The answer to a request, given its number from 1 in the order of arrival; null: everything is booked.</summary>
    public Func<int, ApiBatch, Task<SendAnswer>>? Answer { get; init; }

    /// <summary>What is said of a claim when it is asked for; null: what was booked.</summary>
    public Func<ExpectedClaim, ReadBackFinding>? Finding { get; set; }

    /// <summary>The pages of the list of everything, by their cursor; null: one page of what was booked.</summary>
    public Func<string?, KeyPageAnswer>? Keys { get; set; }

    /// <summary>Called before each answer about claims.</summary>
    public Func<Task>? BeforeReadBack { get; set; }

    /// <summary>Why nothing can be asked; null: it can.</summary>
    public string? Mute { get; set; }

    /// <summary>The same for the list of everything.</summary>
    public string? MuteList { get; set; }

    /// <summary>The claims that were asked for, question by question.</summary>
    public IReadOnlyList<IReadOnlyList<ExpectedClaim>> Asked
    {
        get
        {
            lock (access) return [.. asked];
        }
    }

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

    public async Task<ReadBackAnswer> ReadBackAsync(IReadOnlyList<ExpectedClaim> claims, CancellationToken cancel)
    {
        if (BeforeReadBack is { } before) await before();
        lock (access)
        {
            asked.Add(claims);
            return Mute is { } why ? new ReadBackAnswer.Failed(why) : new ReadBackAnswer.Answered([.. claims.Select(Finding ?? Booked)]);
        }
    }

    public Task<KeyPageAnswer> ListKeysAsync(string? after, CancellationToken cancel)
    {
        lock (access)
        {
            if (Keys is { } pages) return Task.FromResult(pages(after));
            return Task.FromResult<KeyPageAnswer>(MuteList is { } why ? new KeyPageAnswer.Failed(why) : new KeyPageAnswer.Page([.. booked.Select(key => new HeldKey(key, null, null, key))], null));
        }
    }

    public Task<IReadOnlyList<ConnectionCheck>> TestConnectionAsync(CancellationToken cancel) => Task.FromResult<IReadOnlyList<ConnectionCheck>>([]);

    /// <summary>How often it was closed.</summary>
    public int Closed { get; private set; }

    public ValueTask DisposeAsync()
    {
        Closed++;
        return ValueTask.CompletedTask;
    }

    private ReadBackFinding Booked(ExpectedClaim claim) =>
        booked.Contains(claim.ExportKey) ? new ReadBackFinding.Present(claim.ClaimId, Evidence.Booked, "V-" + claim.ClaimId) : new ReadBackFinding.Absent(claim.ClaimId);
}
