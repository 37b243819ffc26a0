using System.Net;
using System.Text;
using PayOnce.App.Tests.Support;

namespace PayOnce.App.Tests.Dashboard;

/// <summary>Pages as their readers get them.</summary>
internal static class Pages
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The page's text as it was meant, with whatever status it must have.</summary>
    public static async Task<string> ReadAsync(this HttpClient client, string path, HttpStatusCode status = HttpStatusCode.OK, string? language = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (language is not null) request.Headers.Add("Accept-Language", language);
        using var answer = await client.SendAsync(request, Cancel);
        return await answer.ReadAsync(status);
    }

    /// <summary>An answer's page.</summary>
    public static async Task<string> ReadAsync(this HttpResponseMessage answer, HttpStatusCode status = HttpStatusCode.OK)
    {
        var html = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.True(answer.StatusCode == status, $"{answer.RequestMessage?.RequestUri?.PathAndQuery}: {answer.StatusCode} {answer.Headers.Location}");
        return html;
    }

    /// <summary>The page without its marks, as a person reads it; no-break spaces are spaces.</summary>
    public static string Words(string html) => WebUtility.HtmlDecode(System.Text.RegularExpressions.Regex.Replace(html, "<[^>]+>|\\s+", " ")).Replace('\u00a0', ' ').Replace("  ", " ", StringComparison.Ordinal);

    /// <summary>Sends a form with a file, in the order in which a browser does.</summary>
    public static async Task<HttpResponseMessage> UploadAsync(this HttpClient client, string page, string to, string fileName, byte[] content)
    {
        var html = await client.GetStringAsync(page, Cancel);
        var token = System.Text.RegularExpressions.Regex.Match(html, "name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"").Groups[1].Value;
        // A browser names the file even where none was chosen.
        var file = new ByteArrayContent(content);
        file.Headers.ContentDisposition = new("form-data") { Name = "file", FileName = $"\"{fileName}\"" };
        using var form = new MultipartFormDataContent { { new StringContent(token), "__RequestVerificationToken" }, file };
        return await client.PostAsync(to, form, Cancel);
    }

    public static Task<HttpResponseMessage> UploadAsync(this HttpClient client, string page, string to, string fileName, string content) =>
        client.UploadAsync(page, to, fileName, Encoding.UTF8.GetBytes(content));
}
