using PayOnce.Exporters.Api;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.Simulator;

/// <summary>
/// A guard that is taken out, to see whether the search notices. It is taken out around the engine (between it and its store or its
/// transport): the product has no switch for it.
/// </summary>
public abstract class Planted
{
    public static IReadOnlyList<Planted> All { get; } = [new NoFence(), new SentBeforeStarted(), new NoQuietTime(), new BytesChanged(), new SentAgain()];

    /// <summary>As the command line knows it.</summary>
    public abstract string Name { get; }

    /// <summary>In a sentence.</summary>
    public abstract string Words { get; }

    /// <summary>The answer that the caller is given while the call itself is only on its way; null: none.</summary>
    internal virtual object? AnswersBeforeItIsDone(string call, object?[] arguments) => null;

    internal virtual void BeforeStore(World world, string call, Lease? lease) { }

    internal virtual void AfterStore(World world, string call) { }

    internal virtual IAccountingApi? Wrap(IAccountingApi api) => null;

    /// <summary>The transport sends once more by itself.</summary>
    internal virtual bool SendsAgainAfterReset => false;

    private sealed class NoFence : Planted
    {
        private (long Epoch, long Run)? real;

        public override string Name => "no-fence";

        public override string Words => "reserve and record do not compare the epoch";

        internal override void BeforeStore(World world, string call, Lease? lease)
        {
            real = null;
            if (call is not ("Reserve" or "RecordTries") || lease is null) return;
            var probe = world.Database.Probe;
            var row = probe.Rows("select epoch, coalesce(run_id, 0) from run_leases")[0].Split(' ');
            real = (long.Parse(row[0], System.Globalization.CultureInfo.InvariantCulture), long.Parse(row[1], System.Globalization.CultureInfo.InvariantCulture));
            probe.Run(FormattableString.Invariant($"update run_leases set epoch = {lease.Epoch}, run_id = {lease.RunId}, holder = coalesce(holder, '')"));
        }

        internal override void AfterStore(World world, string call)
        {
            if (real is not var (epoch, run)) return;
            world.Database.Probe.Run(run == 0
                ? FormattableString.Invariant($"update run_leases set epoch = {epoch}, run_id = null, holder = null")
                : FormattableString.Invariant($"update run_leases set epoch = {epoch}, run_id = {run}"));
        }
    }

    private sealed class SentBeforeStarted : Planted
    {
        public override string Name => "early-send";

        public override string Words => "a batch is sent before its start is durable";

        internal override object? AnswersBeforeItIsDone(string call, object?[] arguments) =>
            call == "RecordTries" && arguments is [_, IReadOnlyList<TryEnd> { Count: 0 }, IReadOnlyList<TryStart> { Count: > 0 }, ..] ? true : null;
    }

    private sealed class NoQuietTime : Planted
    {
        public override string Name => "no-quiet-time";

        public override string Words => "a read-back's absence counts at once";

        internal override IAccountingApi Wrap(IAccountingApi api) => new Around(api) { QuietTime = TimeSpan.Zero };
    }

    private sealed class BytesChanged : Planted
    {
        public override string Name => "thawed-bytes";

        public override string Words => "a second try is not sent with the frozen bytes";

        internal override IAccountingApi Wrap(IAccountingApi api) => new Around(api) { Change = batch => batch.Try == 1 ? batch : batch with { Bytes = (byte[])[.. batch.Bytes.Span, (byte)' '] } };
    }

    private sealed class SentAgain : Planted
    {
        public override string Name => "transport-retries";

        public override string Words => "the transport repeats a request after a reset by itself";

        internal override bool SendsAgainAfterReset => true;
    }

    private sealed class Around(IAccountingApi api) : IAccountingApi
    {
        public Func<ApiBatch, ApiBatch> Change { get; init; } = batch => batch;

        public ProofClass ProofClass => api.ProofClass;

        public TimeSpan Window => api.Window;

        public TimeSpan QuietTime { get; init; } = api.QuietTime;

        public bool AutomaticRelease => api.AutomaticRelease;

        public int ClaimsPerBatch => api.ClaimsPerBatch;

        public int Parallel => api.Parallel;

        public TimeSpan Timeout => api.Timeout;

        public RetryOptions Retry => api.Retry;

        public Exporters.IBatchRenderer Renderer => api.Renderer;

        public Task<SendAnswer> SendAsync(ApiBatch batch, CancellationToken cancel) => api.SendAsync(Change(batch), cancel);

        public Task<ReadBackAnswer> ReadBackAsync(IReadOnlyList<ExpectedClaim> claims, CancellationToken cancel) => api.ReadBackAsync(claims, cancel);

        public Task<KeyPageAnswer> ListKeysAsync(string? after, CancellationToken cancel) => api.ListKeysAsync(after, cancel);

        public Task<IReadOnlyList<ConnectionCheck>> TestConnectionAsync(CancellationToken cancel) => api.TestConnectionAsync(cancel);

        public ValueTask DisposeAsync() => api.DisposeAsync();
    }
}
