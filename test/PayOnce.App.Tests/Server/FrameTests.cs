using System.Net;
using PayOnce.App.Tests.Support;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Server;

/// <summary>What every answer of the server has, whoever asks for whatever.</summary>
public sealed class FrameTests(PostgresCluster cluster)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/not-found", HttpStatusCode.OK)]
    [InlineData("/nothing/here", HttpStatusCode.NotFound)]
    public async Task Each_page_says_what_it_is_in_the_language_asked_for(string path, HttpStatusCode status)
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        using var client = world.NewClient();
        foreach (var (asked, got) in new[] { ("nn,en;q=0.5", "nb"), ("en-US", "en"), ("fr, de;q=0.9", "nb"), ("fr,en;q=0.1", "en"), ("", "nb") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            if (asked.Length > 0) request.Headers.Add("Accept-Language", asked);
            using var answer = await client.SendAsync(request, Cancel);
            Assert.Equal(status, answer.StatusCode);
            Assert.Contains($"<html lang=\"{got}\"", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
            Assert.Equal(got, Assert.Single(answer.Content.Headers.ContentLanguage));
        }
    }

    [Theory]
    [InlineData("/nothing/here")]
    [InlineData("/api/v1/nothing")]
    [InlineData("/site.css")]
    public async Task Every_answer_forbids_inline_code_and_framing(string path)
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        using var client = world.NewClient();
        using var answer = await client.GetAsync(path, Cancel);
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("DENY", Assert.Single(answer.Headers.GetValues("X-Frame-Options")));
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.False(answer.Headers.Contains("Server"));
    }
}
