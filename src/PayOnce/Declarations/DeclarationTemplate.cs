using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PayOnce.Declarations;

/// <summary>
/// What an organisation has its drivers acknowledge, in its own words: Markdown with named fields in double braces, such as
/// <c>{{organisation}}</c>.
/// </summary>
/// <param name="Language"><c>nb</c> or <c>en</c>: which language the text is in, for those who hear it read and for the date's form.</param>
/// <param name="Text">Lines end with LF.</param>
public sealed partial record DeclarationTemplate(string Language, string Text)
{
    /// <summary>Some twelve printed pages: nobody reads more in full, and it is kept with each acknowledgement.</summary>
    public const int MostCharacters = 40_000;

    private const int MostProblems = 50;

    private static readonly CultureInfo Norwegian = CultureInfo.GetCultureInfo("nb-NO");
    private static readonly CultureInfo British = CultureInfo.GetCultureInfo("en-GB");

    /// <summary>The fields that a text can name.</summary>
    public static IReadOnlyList<string> Fields { get; } = ["organisation", "driver", "claimant-number", "date", "version"];

    public static IReadOnlyList<string> Languages { get; } = ["nb", "en"];

    /// <summary>The text as it is kept, whatever ends its lines.</summary>
    public static DeclarationTemplate Of(string language, string text) => new(language, text.ReplaceLineEndings("\n"));

    /// <summary>Everything that is wrong with it, each with its line; empty for a text that can be published.</summary>
    public IReadOnlyList<Problem> Check()
    {
        var problems = new List<Problem>();
        if (!Languages.Contains(Language, StringComparer.Ordinal)) problems.Add(new Problem("must be nb or en") { Field = "language", Value = Problem.Printable(Language) });
        if (string.IsNullOrWhiteSpace(Text)) problems.Add(new Problem("must not be empty") { Field = "text" });
        if (Text.Length > MostCharacters) problems.Add(new Problem(string.Create(CultureInfo.InvariantCulture, $"must have at most {MostCharacters} characters")) { Field = "text" });
        var line = 0;
        foreach (var each in Text.Split('\n'))
        {
            line++;
            if (problems.Count >= MostProblems) break;
            CheckLine(each, line, problems);
        }
        return problems;
    }

    /// <summary>The exact text that one driver is shown. What they are called stands in it as text and never as markup.</summary>
    public string Fill(DeclarationFacts facts) => Field().Replace(Text, match => Escaped(match.Groups[1].Value switch
    {
        "organisation" => facts.Organisation,
        "driver" => facts.Driver,
        "claimant-number" => facts.ClaimantId,
        "date" => Language == "en" ? facts.Date.ToString("d MMMM yyyy", British) : facts.Date.ToString("d. MMMM yyyy", Norwegian),
        "version" => facts.Version.ToString(CultureInfo.InvariantCulture),
        var unknown => throw new InvalidOperationException($"A published declaration names the field \"{unknown}\"."),
    }));

    public string ToJson() => JsonSerializer.Serialize(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    public static DeclarationTemplate FromStored(string json) => JsonSerializer.Deserialize<DeclarationTemplate>(json)!;

    private static void CheckLine(string text, int line, List<Problem> problems)
    {
        // What cannot be seen, or turns the order of what is seen around, makes a text other than the one that was read.
        if (text.Any(each => (char.IsControl(each) && each != '\t') || each is '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069')))
            problems.Add(new Problem("must hold no control characters and none that turn the direction of writing") { Field = "text", Line = line });
        foreach (Match field in Field().Matches(text))
        {
            if (!Fields.Contains(field.Groups[1].Value, StringComparer.Ordinal))
                problems.Add(new Problem($"must be one of {string.Join(", ", Fields.Select(each => "{{" + each + "}}"))}") { Field = "text", Line = line, Value = Problem.Printable(field.Value) });
        }
        var rest = Field().Replace(text, "");
        if (rest.Contains("{{", StringComparison.Ordinal) || rest.Contains("}}", StringComparison.Ordinal))
            problems.Add(new Problem("must close each field on its own line: {{name}}") { Field = "text", Line = line, Value = Problem.Printable(rest.Trim()) });
    }

    // CommonMark 0.31.2 §2.4: any ASCII punctuation behind a backslash is itself and no markup.
    private static string Escaped(string value)
    {
        var text = new StringBuilder(value.Length + 8);
        foreach (var each in value)
        {
            if (char.IsControl(each)) continue;
            if (char.IsAscii(each) && (char.IsPunctuation(each) || char.IsSymbol(each))) text.Append('\\');
            text.Append(each);
        }
        return text.ToString();
    }

    [GeneratedRegex(@"\{\{[ \t]*([^{}\n]*?)[ \t]*\}\}")]
    private static partial Regex Field();
}

/// <summary>What a declaration's fields stand for, for one driver.</summary>
/// <param name="Driver">Their name as they are signed in.</param>
/// <param name="Date">The day of reading in the organisation's time zone.</param>
/// <param name="Version">Of the declaration.</param>
public sealed record DeclarationFacts(string Organisation, string Driver, string ClaimantId, DateOnly Date, int Version);
