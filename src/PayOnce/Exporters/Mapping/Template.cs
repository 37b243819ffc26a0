using System.Text;

namespace PayOnce.Exporters.Mapping;

/// <summary>Text with fields in braces: <c>{type} {claimId}</c>, <c>{lineDate:dd.MM.yyyy}</c>. A doubled brace stands for itself.</summary>
internal sealed class Template : Source
{
    private readonly (byte[] Literal, Source? Field)[] parts;

    private Template((byte[] Literal, Source? Field)[] parts)
        : base(FieldKind.Text, parts.Max(part => part.Field?.Scope ?? FieldScope.Run)) => this.parts = parts;

    public override ReadOnlySpan<byte> Read(RenderCursor cursor)
    {
        var composed = cursor.Composed;
        composed.Truncate(0);
        foreach (var (literal, field) in parts)
        {
            if (field is null) composed.Append(literal);
            else composed.Append(field.Read(cursor));
        }
        return composed.Memory.Span;
    }

    public static Template Compile(string text, ColumnMapping mapping, RunFacts facts, bool balance)
    {
        var parts = Parse(text, out var rule) ?? throw new ArgumentException(rule, nameof(text));
        return new Template([.. parts.Select(part => (
            Encoding.UTF8.GetBytes(part.Literal),
            part.Field is null ? null : Of(FieldCatalogue.Find(part.Field)!, part.Format, mapping, facts, balance)))]);
    }

    /// <summary>The parts of a template; null with the rule that is broken.</summary>
    public static IReadOnlyList<TemplatePart>? Parse(string text, out string rule)
    {
        rule = "must have a closing brace for each opening one; a brace that stands for itself is doubled";
        var parts = new List<TemplatePart>();
        var literal = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            var doubled = i + 1 < text.Length && text[i + 1] == text[i];
            if (text[i] is '{' or '}' && doubled)
            {
                literal.Append(text[i++]);
                continue;
            }
            if (text[i] == '}') return null;
            if (text[i] != '{')
            {
                literal.Append(text[i]);
                continue;
            }
            var end = text.IndexOf('}', i);
            if (end < 0) return null;
            if (literal.Length > 0) parts.Add(new TemplatePart(literal.ToString(), null, null));
            literal.Clear();
            var name = text[(i + 1)..end];
            var colon = name.StartsWith(FieldCatalogue.DimensionPrefix, StringComparison.Ordinal) ? -1 : name.IndexOf(':', StringComparison.Ordinal);
            parts.Add(colon < 0 ? new TemplatePart("", name, null) : new TemplatePart("", name[..colon], name[(colon + 1)..]));
            i = end;
        }
        if (literal.Length > 0 || parts.Count == 0) parts.Add(new TemplatePart(literal.ToString(), null, null));
        return parts;
    }
}

/// <summary>A piece of text, or a field with its format.</summary>
internal sealed record TemplatePart(string Literal, string? Field, string? Format);
