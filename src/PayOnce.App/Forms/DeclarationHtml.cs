using Ganss.Xss;
using Markdig;
using Markdig.Renderers;
using Markdig.Syntax;

namespace PayOnce.App.Forms;

/// <summary>
/// A declaration as part of a page. Two hands wash it: Markdown is read with HTML switched off, so that tags stand there as text, and
/// what comes of it goes through a list of the few elements and the one attribute that a text needs. The page's own policy for
/// content would let no script run even so.
/// </summary>
internal static class DeclarationHtml
{
    /// <summary>Below the page's own heading.</summary>
    private const int HeadingsBelow = 1;

    private const int SmallestHeading = 6;

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().DisableHtml().Build();

    private static readonly HtmlSanitizer Allowed = MakeAllowed();

    /// <summary>The text as HTML. What nests so deep that no reader goes there is shown as it was typed: a page that fails would keep every driver out.</summary>
    public static string Render(string markdown)
    {
        try
        {
            return RenderNested(markdown);
        }
        // Markdig's guard against a stack that overflows, at 128 levels; it says so when it reads and when it writes.
        catch (ArgumentException)
        {
            return $"<pre>{System.Net.WebUtility.HtmlEncode(markdown)}</pre>";
        }
    }

    private static string RenderNested(string markdown)
    {
        var document = Markdown.Parse(markdown, Pipeline);
        foreach (var heading in document.Descendants<HeadingBlock>()) heading.Level = Math.Min(SmallestHeading, heading.Level + HeadingsBelow);
        using var text = new StringWriter();
        var renderer = new HtmlRenderer(text);
        Pipeline.Setup(renderer);
        renderer.Render(document);
        return Allowed.Sanitize(text.ToString());
    }

    private static HtmlSanitizer MakeAllowed()
    {
        var options = new HtmlSanitizerOptions
        {
            AllowedTags = new HashSet<string>(["p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "blockquote", "code", "pre", "hr", "br", "a"], StringComparer.OrdinalIgnoreCase),
            AllowedAttributes = new HashSet<string>(["href", "start"], StringComparer.OrdinalIgnoreCase),
            AllowedSchemes = new HashSet<string>(["http", "https", "mailto"], StringComparer.OrdinalIgnoreCase),
            UriAttributes = new HashSet<string>(["href"], StringComparer.OrdinalIgnoreCase),
            AllowedCssProperties = new HashSet<string>(),
            AllowedAtRules = new HashSet<AngleSharp.Css.Dom.CssRuleType>(),
        };
        var sanitizer = new HtmlSanitizer(options) { AllowDataAttributes = false };
        // Within this server a link could lead to something that a click does; a declaration links to what others wrote.
        sanitizer.FilterUrl += (_, link) =>
        {
            if (!Uri.TryCreate(link.OriginalUrl, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https" or "mailto")) link.SanitizedUrl = null;
        };
        return sanitizer;
    }
}
