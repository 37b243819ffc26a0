using System.Net;
using System.Text.RegularExpressions;

namespace PayOnce.App.Tests.Support;

/// <summary>Reads a page and sends its form, as a browser without JavaScript does.</summary>
internal static partial class Forms
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Signs in by the page.</summary>
    public static async Task SignInAsync(this HttpClient client, string email, string password)
    {
        using var answer = await client.SendFormAsync("/sign-in", ("email", email), ("password", password));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
    }

    /// <summary>Fetches the page, takes the hidden fields of its first form that has all the named fields, and sends it with them filled in.</summary>
    public static async Task<HttpResponseMessage> SendFormAsync(this HttpClient client, string page, params (string Name, string Value)[] fields)
    {
        return await client.SendFormOfAsync(page, await client.GetStringAsync(page, Cancel), fields);
    }

    /// <summary>The same with a page that an answer brought, such as the second step of a form.</summary>
    public static async Task<HttpResponseMessage> SendFormOfAsync(this HttpClient client, string page, string html, params (string Name, string Value)[] fields)
    {
        var form = FormTag().Matches(html).First(each => fields.All(field => each.Value.Contains($"name=\"{field.Name}\"", StringComparison.Ordinal)) && each.Groups[1].Value.Contains("method=\"post\"", StringComparison.Ordinal));
        var values = HiddenField().Matches(form.Value).Select(each => KeyValuePair.Create(Attribute(each.Value, "name")!, Attribute(each.Value, "value") ?? ""))
            .Where(each => !fields.Any(field => field.Name == each.Key)).Concat(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        var action = Attribute(form.Groups[1].Value, "action") ?? page;
        return await client.PostAsync(action, new FormUrlEncodedContent(values), Cancel);
    }

    private static string? Attribute(string tag, string name) => Regex.Match(tag, $" {name}=\"([^\"]*)\"") is { Success: true } match ? WebUtility.HtmlDecode(match.Groups[1].Value) : null;

    [GeneratedRegex("<form([^>]*)>.*?</form>", RegexOptions.Singleline)]
    private static partial Regex FormTag();

    [GeneratedRegex("<input[^>]*type=\"hidden\"[^>]*>")]
    private static partial Regex HiddenField();
}
