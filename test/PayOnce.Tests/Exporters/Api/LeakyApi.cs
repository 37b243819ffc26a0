using PayOnce.Exporters;
using PayOnce.Exporters.Api;
using PayOnce.Guard;

namespace PayOnce.Tests.Exporters.Api;

/// <summary>An exporter that puts the secret into every text there is.</summary>
internal sealed class LeakyApi : IAccountingApi
{
    public const string Secret = "kJ8vQ2mZx7Lw9RtYb4Nc6HdP";

    public const string Text = $"bad format for api token {Secret}";

    public SendAnswer Sent { get; set; } = new SendAnswer.Unknown();

    public bool ReadBackFails { get; set; }

    public Exception? Bug { get; set; }

    public ProofClass ProofClass => ProofClass.Readable;

    public TimeSpan Window => TimeSpan.Zero;

    public TimeSpan QuietTime => TimeSpan.Zero;

    public bool AutomaticRelease => false;

    public int ClaimsPerBatch => 1;

    public int Parallel => 1;

    public TimeSpan Timeout => TimeSpan.FromSeconds(1);

    public RetryOptions Retry => RetryOptions.Standard;

    public IBatchRenderer Renderer => throw new NotSupportedException();

    public Task<SendAnswer> SendAsync(ApiBatch batch, CancellationToken cancel) => Bug is null ? Task.FromResult(Sent) : Task.FromException<SendAnswer>(Bug);

    public Task<ReadBackAnswer> ReadBackAsync(IReadOnlyList<ExpectedClaim> claims, CancellationToken cancel) => Task.FromResult<ReadBackAnswer>(ReadBackFails
        ? new ReadBackAnswer.Failed(Text)
        : new ReadBackAnswer.Answered([new ReadBackFinding.Present("A-1", Evidence.Booked, Text), new ReadBackFinding.Conflict("A-2", Text), new ReadBackFinding.Absent("A-3")]));

    public Task<KeyPageAnswer> ListKeysAsync(string? after, CancellationToken cancel) => Task.FromResult<KeyPageAnswer>(after is null
        ? new KeyPageAnswer.Failed(Text)
        : new KeyPageAnswer.Page([new HeldKey("RZKGGMLRKPTFMZGB", "NOK", 1, Text)], null));

    public Task<IReadOnlyList<ConnectionCheck>> TestConnectionAsync(CancellationToken cancel) => Task.FromResult<IReadOnlyList<ConnectionCheck>>([new ConnectionCheck("sign-in", Text)]);

    public bool Disposed { get; private set; }

    public ValueTask DisposeAsync()
    {
        Disposed = true;
        return ValueTask.CompletedTask;
    }
}
