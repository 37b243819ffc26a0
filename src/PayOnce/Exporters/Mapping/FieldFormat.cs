namespace PayOnce.Exporters.Mapping;

/// <summary>
/// The format of a field in a column or template: a <see cref="DatePattern"/> for dates and moments, one of
/// <see cref="AmountFormats.Words"/> for amounts, zeros for the least number of digits of a whole number; nothing for text.
/// </summary>
internal sealed record FieldFormat(DatePattern? Date = null, AmountFormat Amount = AmountFormat.Decimal, int Digits = 1)
{
    /// <summary>Null with the rule that is broken if the text is no format for this kind of field.</summary>
    public static FieldFormat? Parse(FieldKind kind, string? format, string dateFormat, out string rule)
    {
        rule = "";
        switch (kind)
        {
            case FieldKind.Date or FieldKind.Instant:
                if (DatePattern.Parse(format ?? dateFormat, withTime: kind == FieldKind.Instant) is { } pattern) return new FieldFormat(Date: pattern);
                rule = kind == FieldKind.Date
                    ? "must be a date format of yyyy, yy, MM, M, dd, d and - . /"
                    : "must be a format of yyyy, yy, MM, M, dd, d, HH, mm, ss and - . / : space T, with Z at its end for UTC";
                return null;
            case FieldKind.Amount:
                if (format is null) return new FieldFormat();
                var word = Array.IndexOf(AmountFormats.Words, format);
                if (word >= 0) return new FieldFormat(Amount: (AmountFormat)word);
                rule = $"must be one of {string.Join(", ", AmountFormats.Words)}";
                return null;
            case FieldKind.Integer:
                if (format is null) return new FieldFormat();
                if (format.Length <= 19 && !format.AsSpan().ContainsAnyExcept('0')) return new FieldFormat(Digits: format.Length);
                rule = "must be zeros, as many as the number has digits at least";
                return null;
            default:
                if (format is null) return new FieldFormat();
                rule = "must be left out: this field is text";
                return null;
        }
    }
}
