using Microsoft.Playwright;
using PayOnce.Access;
using PayOnce.App.Forms;
using PayOnce.App.Tests.Support;
using PayOnce.Declarations;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Forms;

/// <summary>A declaration whose author means harm, judged by what the driver's browser does.</summary>
public sealed class HostileDeclarationTests(PostgresCluster cluster, Browser browser)
{
    // Known ways from Markdown to a script, a foreign request or a look that deceives (OWASP's filter evasion list, and those of Markdown itself).
    private static readonly string[] Vectors =
    [
        "<script>pwned()</script>", "<SCRIPT SRC=//evil.example/x.js></SCRIPT>", "<img src=x onerror=pwned()>", "<svg onload=pwned()>", "<svg><script>pwned()</script></svg>", "<iframe src=javascript:pwned()></iframe>",
        "<body onload=pwned()>", "<details open ontoggle=pwned()>", "<math><mi xlink:href='javascript:pwned()'>x</mi></math>", "<a href='javascript:pwned()'>x</a>", "<object data=javascript:pwned()>", "<embed src=//evil.example/x>",
        "<link rel=stylesheet href=//evil.example/x.css>", "<style>@import '//evil.example/x.css';</style>", "<meta http-equiv=refresh content='0;url=//evil.example'>", "<base href=//evil.example/>", "<form action=//evil.example><button>x</button></form>",
        "<input autofocus onfocus=pwned()>", "<video src=//evil.example/x onerror=pwned()>", "<template><img src=x onerror=pwned()></template>", "<noscript><p title=\"</noscript><img src=x onerror=pwned()>\">",
        "[x](javascript:pwned())", "[x](JaVaScRiPt:pwned())", "[x](java\tscript:pwned())", "[x](javascript&colon;pwned())", "[x](&#106;avascript:pwned())", "[x](data:text/html,<script>pwned()</script>)", "[x](vbscript:pwned())",
        "[x](<javascript:pwned()>)", "[x]( javascript:pwned() )", "[x](//evil.example)", "[x](/sign-out)", "[x](\\\\evil.example)", "[x](file:///etc/passwd)", "[x](blob:pwned)", "[x](view-source:x)",
        "![x](//evil.example/p.png)", "![x](javascript:pwned())", "![x](data:image/svg+xml,<svg onload=pwned()>)", "![x\" onerror=\"pwned()](https://evil.example/x.png)", "[x](https://a.example \"onmouseover=pwned()\")",
        "[x](https://a.example\" onclick=\"pwned())", "<javascript:pwned()>", "<https://a.example/\" onclick=\"pwned()>", "[x]: javascript:pwned()\n[x]", "[x]: https://a.example 'title\" onclick=\"pwned()'\n[x]",
        "`<script>pwned()</script>`", "```html\n<script>pwned()</script>\n```", "```\" onload=\"pwned()\nx\n```", "    <script>pwned()</script>", "&lt;script&gt;pwned()&lt;/script&gt;", "&#60;script&#62;pwned()&#60;/script&#62;",
        "# <img src=x onerror=pwned()>", "> <img src=x onerror=pwned()>", "* <img src=x onerror=pwned()>", "<!-- --><img src=x onerror=pwned()><!-- -->", "<!--><img src=x onerror=pwned()>-->", "<![CDATA[<img src=x onerror=pwned()>]]>",
        "<?xml-stylesheet href='javascript:pwned()'?>", "<x onclick=pwned()>x</x>", "<p style='background:url(//evil.example/x)'>x</p>", "<p id=main class=ds-button>x</p>", "<div><div><plaintext>", "<xmp><img src=x onerror=pwned()></xmp>",
        "Ａ<ｓｃｒｉｐｔ>pwned()</ｓｃｒｉｐｔ>", "{{driver}}<img src=x onerror=pwned()>",
    ];

    [Fact]
    public void Nothing_but_the_elements_of_a_text_comes_out_and_links_lead_elsewhere_over_the_web_or_by_mail()
    {
        foreach (var vector in Vectors.Append("[a](https://a.example/?q=1&b=2) [b](http://b.example) [c](mailto:c@example.org)"))
        {
            var html = DeclarationHtml.Render(vector);
            var document = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(html);
            foreach (var element in document.Body!.QuerySelectorAll("*"))
            {
                Assert.Contains(element.LocalName, (string[])["p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "blockquote", "code", "pre", "hr", "br", "a"]);
                Assert.All(element.Attributes, attribute => Assert.Contains(attribute.Name, (string[])["href", "start"]));
                if (element.GetAttribute("href") is { } href) Assert.Matches("^(https?://|mailto:)", href);
            }
        }
        Assert.Contains("href=\"https://a.example/?q=1&amp;b=2\"", DeclarationHtml.Render("[a](https://a.example/?q=1&b=2)"), StringComparison.Ordinal);
        // Tags stand there as they were typed: a text of which a part is missing is not the text that was acknowledged.
        Assert.Contains("&lt;b onclick=\"pwned()\"&gt;fet&lt;/b&gt;", DeclarationHtml.Render("Ikke <b onclick=\"pwned()\">fet</b>"), StringComparison.Ordinal);
        Assert.Contains("<h2>x</h2>", DeclarationHtml.Render("# x"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_nests_without_end_is_shown_as_it_was_typed_and_keeps_nobody_out()
    {
        foreach (var deep in new[] { ">", "[", "* ", "![", "**a " }) Assert.NotEmpty(DeclarationHtml.Render(string.Concat(Enumerable.Repeat(deep, 5_000)) + "<b>x</b>"));
        Assert.Equal($"<pre>{string.Concat(Enumerable.Repeat("&gt;", 200))} &lt;script&gt;</pre>", DeclarationHtml.Render(new string('>', 200) + " <script>"));
    }

    /// <summary>Also a driver's own name, which stands in the text.</summary>
    [Fact(Timeout = Hang.Limit)]
    public async Task No_script_runs_and_no_request_leaves_when_a_hostile_declaration_is_read_in_a_browser()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        var scene = new FormScene(world.Store, "hlf");
        await scene.OpenAsync();
        await scene.PublishAsync(string.Join("\n\n", Vectors));
        var email = await world.AddUserAsync(Role.Claimant);
        await world.Store.ChangeProfileAsync("user1", "<img src=x onerror=pwned()> [x](javascript:pwned())", "nb", liveUpdates: false, cancel);
        await using var context = await browser.NewContextAsync(new() { Locale = "nb-NO" });
        await context.AddInitScriptAsync("window.pwned = () => { window.wasPwned = true; }");
        var page = await context.NewPageAsync();
        var trouble = new List<string>();
        page.Dialog += (_, dialog) => trouble.Add($"dialog {dialog.Message}");
        page.PageError += (_, error) => trouble.Add(error);
        page.Console += (_, message) => trouble.Add(message.Text);
        page.Request += (_, request) =>
        {
            if (new Uri(request.Url).Authority != world.Address.Authority) trouble.Add($"request {request.Url}");
        };
        await page.GotoAsync(new Uri(world.Address, "/sign-in?to=%2Fo%2Fhlf%2Fdeclaration").ToString());
        await page.FillAsync("[name=email]", email);
        await page.FillAsync("[name=password]", ServerWorld.Password);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".declaration")).ToBeVisibleAsync();

        foreach (var link in await page.Locator(".declaration a[href]").AllAsync()) Assert.Matches("^(https?://|mailto:)", await link.GetAttributeAsync("href") ?? "");
        await page.Locator(".declaration a:not([href])").First.ClickAsync();
        await page.Locator(".declaration").HoverAsync();
        Assert.False(await page.EvaluateAsync<bool>("window.wasPwned === true"));
        Assert.EndsWith("/o/hlf/declaration", page.Url, StringComparison.Ordinal);
        // Its own heading is the page's only first one, and nothing in the text has taken a name from the page.
        Assert.Equal(1, await page.Locator("h1").CountAsync());
        Assert.Equal(1, await page.Locator("#main").CountAsync());
        Assert.Equal(0, await page.Locator(".declaration :is(script, img, svg, iframe, form, style, link, meta, base, input)").CountAsync());
        Assert.Empty(trouble);
    }
}
