using System.Globalization;
using System.Text.RegularExpressions;

namespace PayOnce.Sandbox.Dynamics;

/// <summary>
/// The <c>$filter</c> subset that Business Central documents: comparisons of a field with a constant, <c>and</c>, <c>or</c> on one and
/// the same field only, <c>in (…)</c> only with <c>$schemaversion=2.1</c>, <c>startswith</c>, parentheses. Strings in single quotes,
/// a quote doubled; dates and GUIDs bare.
/// </summary>
internal sealed partial class ODataFilter
{
    private readonly List<Token> tokens = [];
    private readonly bool knowsIn;
    private int at;

    private ODataFilter(string text, bool knowsIn)
    {
        this.knowsIn = knowsIn;
        for (var match = TokenPattern().Match(text); ; match = match.NextMatch())
        {
            if (!match.Success || match.Index != (tokens.Count == 0 ? 0 : tokens[^1].End)) throw Bad($"Syntax error in the filter '{text}'.");
            if (match.Groups["end"].Success) return;
            var kind = match.Groups["string"].Success ? Kind.String : match.Groups["word"].Success ? Kind.Word : Kind.Sign;
            tokens.Add(new Token(kind, match.Value.Trim(), match.Index + match.Length));
        }
    }

    /// <summary>What an entity must be like. Fields are read by name; unknown ones are refused.</summary>
    /// <param name="knows">Whether the entity has the field.</param>
    public static Node Parse(string text, bool knowsIn, Predicate<string> knows)
    {
        var filter = new ODataFilter(text, knowsIn);
        var node = filter.Or(knows);
        return filter.at == filter.tokens.Count ? node : throw Bad($"Syntax error in the filter at '{filter.tokens[filter.at].Text}'.");
    }

    private Node Or(Predicate<string> knows)
    {
        var left = And(knows);
        while (TakeWord("or"))
        {
            var right = And(knows);
            if (left.Fields.Union(right.Fields, StringComparer.Ordinal).Count() > 1)
                throw new BcRefusal(400, "BadRequest_MethodNotImplemented", "The 'OR' operator is not supported on distinct fields on an OData filter.");
            left = new Either(left, right);
        }
        return left;
    }

    private Node And(Predicate<string> knows)
    {
        var left = Primary(knows);
        while (TakeWord("and")) left = new Both(left, Primary(knows));
        return left;
    }

    private Node Primary(Predicate<string> knows)
    {
        if (TakeSign("("))
        {
            var inner = Or(knows);
            Expect(")");
            return inner;
        }
        var name = Take(Kind.Word);
        if (name == "startswith" && TakeSign("("))
        {
            var field = Known(Take(Kind.Word), knows);
            Expect(",");
            var start = Unquoted(Take(Kind.String));
            Expect(")");
            return new Test(field, value => value is string text && text.StartsWith(start, StringComparison.OrdinalIgnoreCase));
        }
        name = Known(name, knows);
        var operation = Take(Kind.Word);
        if (operation == "in")
        {
            if (!knowsIn) throw new BcRefusal(400, "BadRequest_MethodNotImplemented", "The 'in' operator is only supported with $schemaversion=2.1.");
            Expect("(");
            var list = new List<Func<object?, int?>>();
            do list.Add(Constant()); while (TakeSign(","));
            Expect(")");
            return new Test(name, value => list.Any(compare => compare(value) == 0));
        }
        var constant = Constant();
        return operation switch
        {
            "eq" => new Test(name, value => constant(value) == 0),
            "ne" => new Test(name, value => constant(value) != 0),
            "gt" => new Test(name, value => constant(value) > 0),
            "ge" => new Test(name, value => constant(value) >= 0),
            "lt" => new Test(name, value => constant(value) < 0),
            "le" => new Test(name, value => constant(value) <= 0),
            _ => throw Bad($"The operator '{operation}' is not known here."),
        };
    }

    /// <summary>Compares a field's value with the constant: null if they are of different kinds.</summary>
    private Func<object?, int?> Constant()
    {
        if (at < tokens.Count && tokens[at].Kind == Kind.String)
        {
            var text = Unquoted(tokens[at++].Text);
            // Code and text fields are compared without case, as the collation of the service's databases does.
            return value => value switch
            {
                string other => string.Compare(other, text, StringComparison.OrdinalIgnoreCase),
                Caption caption => string.Equals(caption.Text, Caption.Decoded(text).Text, StringComparison.OrdinalIgnoreCase) ? 0 : null,
                _ => null,
            };
        }
        var word = Take(Kind.Word);
        if (Guid.TryParse(word, out var guid)) return value => value is Guid other ? other.CompareTo(guid) : null;
        if (DateOnly.TryParseExact(word, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) return value => value is DateOnly other ? other.CompareTo(date) : null;
        if (decimal.TryParse(word, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return value => value switch { decimal other => other.CompareTo(number), int other => ((decimal)other).CompareTo(number), _ => null };
        if (DateTimeOffset.TryParse(word, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)) return value => value is DateTimeOffset other ? other.CompareTo(moment) : null;
        if (bool.TryParse(word, out var flag)) return value => value is bool other ? other.CompareTo(flag) : null;
        throw Bad($"'{word}' is no constant.");
    }

    private string Take(Kind kind) => at < tokens.Count && tokens[at].Kind == kind ? tokens[at++].Text : throw Bad("The filter ends too early, or has something else where a name, an operator or a constant must be.");

    private bool TakeWord(string word) => TakeAny(Kind.Word, word);

    private bool TakeSign(string sign) => TakeAny(Kind.Sign, sign);

    private bool TakeAny(Kind kind, string text)
    {
        if (at >= tokens.Count || tokens[at].Kind != kind || tokens[at].Text != text) return false;
        at++;
        return true;
    }

    private void Expect(string sign)
    {
        if (!TakeSign(sign)) throw Bad($"The filter must have '{sign}' there.");
    }

    private static string Known(string field, Predicate<string> knows) => knows(field) ? field : throw Bad($"Could not find a property named '{field}'.");

    private static string Unquoted(string literal) => literal[1..^1].Replace("''", "'", StringComparison.Ordinal);

    private static BcRefusal Bad(string message) => BcRefusal.BadRequest(message);

    [GeneratedRegex(@"\G\s*(?:(?<end>$)|(?<string>'(?:[^']|'')*')|(?<word>[A-Za-z0-9_./:+-]+)|(?<sign>[(),]))\s*")]
    private static partial Regex TokenPattern();

    private enum Kind
    {
        Word,
        String,
        Sign,
    }

    private readonly record struct Token(Kind Kind, string Text, int End);

    /// <summary>A part of the filter.</summary>
    internal abstract record Node(IReadOnlyList<string> Fields)
    {
        public abstract bool Holds(Func<string, object?> read);
    }

    private sealed record Test(string Field, Predicate<object?> Passes) : Node([Field])
    {
        public override bool Holds(Func<string, object?> read) => Passes(read(Field));
    }

    private sealed record Both(Node Left, Node Right) : Node([.. Left.Fields.Union(Right.Fields, StringComparer.Ordinal)])
    {
        public override bool Holds(Func<string, object?> read) => Left.Holds(read) && Right.Holds(read);
    }

    private sealed record Either(Node Left, Node Right) : Node(Left.Fields)
    {
        public override bool Holds(Func<string, object?> read) => Left.Holds(read) || Right.Holds(read);
    }
}
