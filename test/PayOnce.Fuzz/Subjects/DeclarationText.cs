using System.Text;
using AngleSharp.Html.Parser;
using PayOnce.App.Forms;
using PayOnce.Declarations;

namespace PayOnce.Fuzz.Subjects;

/// <summary>An organisation's declaration, and a driver whose name is no better: whatever stands in it, the page shows a text and nothing that does something.</summary>
internal sealed class DeclarationText() : Subject("declaration", "a declaration in Markdown")
{
    private static readonly string[] Elements = ["p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "blockquote", "code", "pre", "hr", "br", "a"];

    // A reader that takes minutes for a page of text stops the server that renders it. Less than a minute may be the machine's.
    private static readonly TimeSpan Slowest = TimeSpan.FromMinutes(1);

    public override IReadOnlyList<byte[]> Samples { get; } =
        [.. new[]
        {
            "# Taushetserklæring for {{organisation}}\n\nJeg, {{driver}} ({{claimant-number}}), lover å tie.\n\n1. Navn\n2. Adresser\n\n> {{date}}, versjon {{version}}\n",
            "Les [reglene](https://example.org/regler?a=1&b=2 \"Reglene\") eller <https://example.org>, og [skriv](mailto:post@example.org).\n\n[ref]: http://example.org 'x'\n[ref]",
            "* **sterkt** og *svakt* `kode`\n    - under\n\n```html\n<b onclick=\"x()\">x</b>\n```\n\n---\nTo  \nlinjer\n\nTittel\n======\n",
            "<script>x()</script> <img src=x onerror=x()> &lt;b&gt; &#106;avascript:x() ![x](data:image/svg+xml,x) [x](javascript:x()) [x](java\tscript:x()) [x](//example.org) [x](/sign-out)",
        }.Select(Encoding.UTF8.GetBytes)];

    public override void Feed(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        var template = DeclarationTemplate.Of("nb", text);
        if (template.Check().Count == 0)
        {
            var filled = template.Fill(new DeclarationFacts("HLF", text[..Math.Min(text.Length, 80)], "4711", new DateOnly(2026, 3, 5), 1));
            MustShowText(filled);
        }
        MustShowText(template.Text);
    }

    private static void MustShowText(string markdown)
    {
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        var html = DeclarationHtml.Render(markdown);
        Must(System.Diagnostics.Stopwatch.GetElapsedTime(began) < Slowest, "the text takes too long to show");
        foreach (var element in new HtmlParser().ParseDocument(html).Body!.QuerySelectorAll("*"))
        {
            Must(Elements.Contains(element.LocalName, StringComparer.Ordinal), $"there is an element {Problem.Printable(element.LocalName)}");
            foreach (var attribute in element.Attributes)
            {
                Must(attribute.Name is "href" or "start", $"there is an attribute {Problem.Printable(attribute.Name)}");
                Must(attribute.Name != "href" || (Uri.TryCreate(attribute.Value, UriKind.Absolute, out var to) && to.Scheme is "http" or "https" or "mailto"), "a link leads elsewhere than to the web or a letter");
            }
        }
    }
}
