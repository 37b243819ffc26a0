using PayOnce.Exporters;
using PayOnce.Exporters.Api;
using PayOnce.Guard;

namespace PayOnce.Tests.Exporters.Api;

/// <summary>Whatever an exporter lets through, nothing that comes out of its API holds a secret.</summary>
public sealed class ScrubbedApiTests
{
    private const string Secret = "kJ8vQ2mZx7Lw9RtYb4Nc6HdP";

    private static readonly ApiBatch Batch = new("hlf", 1, 1, 1, default, []);
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private readonly Leaky leaky = new();
    private readonly ScrubbedApi api;

    public ScrubbedApiTests() => api = new ScrubbedApi(leaky, new Scrubber([Secret]));

    [Fact]
    public async Task Every_text_of_every_answer_is_clean()
    {
        var texts = new List<object>();
        foreach (var answer in new SendAnswer[] { new SendAnswer.NotProcessed(null), new SendAnswer.Refused(), new SendAnswer.Unknown() })
        {
            leaky.Sent = answer with { Error = Leaky.Text, HttpStatus = 500 };
            var clean = await api.SendAsync(Batch, Cancel);
            Assert.Equal((answer.GetType(), 500), (clean.GetType(), clean.HttpStatus));
            texts.Add(clean);
        }
        leaky.Sent = new SendAnswer.Answered([new ClaimAnswer.Accepted("A-1", Evidence.Booked, Leaky.Text), new ClaimAnswer.Refused("A-2", Leaky.Text), new ClaimAnswer.Unknown("A-3", Leaky.Text)]);
        texts.AddRange(((SendAnswer.Answered)await api.SendAsync(Batch, Cancel)).Claims);
        texts.AddRange(((ReadBackAnswer.Answered)await api.ReadBackAsync([], Cancel)).Findings);
        texts.AddRange(((KeyPageAnswer.Page)await api.ListKeysAsync("x", Cancel)).Keys);
        texts.Add(await api.ListKeysAsync(null, Cancel));
        texts.AddRange(await api.TestConnectionAsync(Cancel));
        leaky.ReadBackFails = true;
        texts.Add(await api.ReadBackAsync([], Cancel));

        Assert.Equal(13, texts.Count);
        Assert.All(texts, text => Assert.DoesNotContain(Secret, text.ToString(), StringComparison.Ordinal));
        Assert.Equal(12, texts.Count(text => text.ToString()!.Contains(Scrubber.Removed, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_bug_that_would_tell_a_secret_tells_everything_else()
    {
        leaky.Bug = new FormatException($"'{Secret}' is no number", new InvalidOperationException(Secret));
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => api.SendAsync(Batch, Cancel));
        Assert.DoesNotContain(Secret, fault.ToString(), StringComparison.Ordinal);
        Assert.Equal("FormatException: '[removed]' is no number", fault.Message);
        leaky.Bug = new FormatException("'x' is no number");
        Assert.Same(leaky.Bug, await Assert.ThrowsAsync<FormatException>(() => api.SendAsync(Batch, Cancel)));
    }

    /// <summary>An exporter that puts the secret into every text there is.</summary>
    private sealed class Leaky : IAccountingApi
    {
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

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
