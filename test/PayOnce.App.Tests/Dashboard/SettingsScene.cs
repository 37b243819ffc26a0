using System.Net;
using PayOnce.App.Tests.Support;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Dashboard;

/// <summary>What the tests of the settings' pages have in common.</summary>
internal static class SettingsScene
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<string> PageAsync(this HttpClient client, string path) => Text(await client.GetStringAsync(path, Cancel));

    /// <summary>The page of a form that was sent back: 422, with the error summary first.</summary>
    public static async Task<string> SentBackAsync(this HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var page = Text(await answer.Content.ReadAsStringAsync(Cancel));
        Assert.Contains("For å gå videre må du rette opp følgende feil", page, StringComparison.Ordinal);
        Assert.Contains("<title>Feil: ", page, StringComparison.Ordinal);
        return page;
    }

    /// <summary>Neither sees the page nor can send its form.</summary>
    public static async Task RefusedAsync(this HttpClient client, string path)
    {
        using var seen = await client.GetAsync(path, Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, seen.StatusCode);
        using var sent = await client.PostAsync(path, new FormUrlEncodedContent([]), Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, sent.StatusCode);
    }

    private static string Text(string html) => WebUtility.HtmlDecode(html).Replace('\u00a0', ' ');
}
