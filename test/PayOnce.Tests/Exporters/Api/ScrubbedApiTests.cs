using PayOnce.Exporters;
using PayOnce.Exporters.Api;
using PayOnce.Guard;

namespace PayOnce.Tests.Exporters.Api;

/// <summary>Whatever an exporter lets through, nothing that comes out of its API holds a secret.</summary>
public sealed class ScrubbedApiTests : IAsyncDisposable
{
    private const string Secret = LeakyApi.Secret;

    private static readonly ApiBatch Batch = new("hlf", 1, 1, 1, default, []);
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private readonly LeakyApi leaky = new();
    private readonly ScrubbedApi api;

    public ScrubbedApiTests() => api = new ScrubbedApi(leaky, new Scrubber([Secret]));

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task Every_text_of_every_answer_is_clean()
    {
        var texts = new List<object>();
        foreach (var answer in new SendAnswer[] { new SendAnswer.NotProcessed(null), new SendAnswer.Refused(), new SendAnswer.Unknown() })
        {
            leaky.Sent = answer with { Error = LeakyApi.Text, HttpStatus = 500 };
            var clean = await api.SendAsync(Batch, Cancel);
            Assert.Equal((answer.GetType(), 500), (clean.GetType(), clean.HttpStatus));
            texts.Add(clean);
        }
        leaky.Sent = new SendAnswer.Answered([new ClaimAnswer.Accepted("A-1", Evidence.Booked, LeakyApi.Text), new ClaimAnswer.Refused("A-2", LeakyApi.Text), new ClaimAnswer.Unknown("A-3", LeakyApi.Text)]);
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
}
