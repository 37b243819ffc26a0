using System.Net;
using System.Text.RegularExpressions;
using PayOnce.App.Tests.Support;

namespace PayOnce.App.Tests.Dashboard.Mapping;

/// <summary>The editor's form, read and sent as a browser without JavaScript does.</summary>
internal sealed partial class MappingScene(HttpClient client)
{
    public const string Editor = "/o/hlf/settings/mapping/edit";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>What the form holds, by field; boxes that are not ticked are not there.</summary>
    public Dictionary<string, string> Fields { get; } = new(StringComparer.Ordinal);

    /// <summary>The last page, as it was meant.</summary>
    public string Page { get; private set; } = "";

    public HttpStatusCode Status { get; private set; }

    public static async Task<MappingScene> OpenAsync(HttpClient client)
    {
        var scene = new MappingScene(client);
        using var answer = await client.GetAsync(Editor, Cancel);
        await scene.TakeAsync(answer);
        return scene;
    }

    public static async Task<MappingScene> OfAsync(HttpClient client, HttpResponseMessage answer)
    {
        var scene = new MappingScene(client);
        await scene.TakeAsync(answer);
        return scene;
    }

    /// <summary>Presses a button with these fields typed.</summary>
    public async Task<MappingScene> PressAsync(string act, params (string Field, string Value)[] typed)
    {
        foreach (var (field, value) in typed) Fields[field] = value;
        using var answer = await client.PostAsync(Editor, new FormUrlEncodedContent(Fields.Append(new("do", act))), Cancel);
        await TakeAsync(answer);
        return this;
    }

    /// <summary>What stands beside a field.</summary>
    public string? ErrorOf(string field) => Regex.Match(Page, $"<p id=\"{Regex.Escape(field)}-e\"[^>]*>(.*?)</p>", RegexOptions.Singleline) is { Success: true } match ? match.Groups[1].Value : null;

    private async Task TakeAsync(HttpResponseMessage answer)
    {
        Status = answer.StatusCode;
        var html = await answer.Content.ReadAsStringAsync(Cancel);
        Page = WebUtility.HtmlDecode(html).Replace('\u00a0', ' ');
        if (Form().Match(html) is not { Success: true } form) return;
        Fields.Clear();
        foreach (Match input in Input().Matches(form.Value))
        {
            if (Attribute(input.Value, "name") is { } name && (Attribute(input.Value, "type") != "checkbox" || Ticked().IsMatch(input.Value))) Fields[name] = Attribute(input.Value, "value") ?? "";
        }
        foreach (Match select in Select().Matches(form.Value))
        {
            var options = Option().Matches(select.Groups[2].Value);
            var chosen = options.FirstOrDefault(each => each.Value.Contains(" selected", StringComparison.Ordinal)) ?? options[0];
            Fields[Attribute(select.Groups[1].Value, "name")!] = Attribute(chosen.Value, "value") ?? "";
        }
    }

    private static string? Attribute(string tag, string name) => Regex.Match(tag, $" {name}=\"([^\"]*)\"") is { Success: true } match ? WebUtility.HtmlDecode(match.Groups[1].Value) : null;

    [GeneratedRegex("<form[^>]*data-preview.*?</form>", RegexOptions.Singleline)]
    private static partial Regex Form();

    [GeneratedRegex("<input[^>]*>")]
    private static partial Regex Input();

    [GeneratedRegex(" checked[ />=]")]
    private static partial Regex Ticked();

    [GeneratedRegex("<select([^>]*)>(.*?)</select>", RegexOptions.Singleline)]
    private static partial Regex Select();

    [GeneratedRegex("<option[^>]*>")]
    private static partial Regex Option();
}
