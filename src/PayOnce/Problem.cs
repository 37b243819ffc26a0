namespace PayOnce;

/// <summary>
/// One thing that is wrong with something that came from outside, said so that a bookkeeper can act on it:
/// where it stands, what stands there, and which rule it breaks.
/// </summary>
/// <param name="Rule">The rule in words, as the end of a sentence: "must be a date as yyyy-MM-dd".</param>
public sealed record Problem(string Rule)
{
    /// <summary>The file's name, when the problem came from a file.</summary>
    public string? File { get; init; }

    /// <summary>The line in the file, counted from 1.</summary>
    public long? Line { get; init; }

    /// <summary>The claim's id, when it is known.</summary>
    public string? ClaimId { get; init; }

    /// <summary>The field's name as the writer of the file knows it, such as <c>lines[2].amountMinor</c>.</summary>
    public string? Field { get; init; }

    /// <summary>The value found there, already cut and made printable by <see cref="Printable"/>.</summary>
    public string? Value { get; init; }

    /// <summary>A sentence with every place that is known: <c>claims.csv line 3, claim A-1, amount "12,5": must …</c>.</summary>
    public override string ToString()
    {
        var places = new List<string>(4);
        if (File is not null) places.Add(Line is null ? File : $"{File} line {Line}");
        else if (Line is not null) places.Add($"line {Line}");
        if (ClaimId is not null) places.Add($"claim {ClaimId}");
        if (Field is not null) places.Add(Value is null ? Field : $"{Field} \"{Value}\"");
        else if (Value is not null) places.Add($"\"{Value}\"");
        return places.Count == 0 ? Rule : $"{string.Join(", ", places)}: {Rule}";
    }

    /// <summary>At most so many characters of <paramref name="value"/>, 80 if nothing is said, control characters shown as <c>\u0000</c>, so that a hostile value cannot fill or steer a terminal.</summary>
    public static string Printable(string value, int longest = 80)
    {
        var text = new System.Text.StringBuilder(Math.Min(value.Length, longest) + 8);
        foreach (var c in value)
        {
            if (text.Length >= longest) return text.Append('…').ToString();
            if (char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069'))
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else text.Append(c);
        }
        return text.ToString();
    }
}
