using System.Globalization;
using GraphQL.Types;
using GraphQLParser.AST;

namespace PayOnce.Sandbox.Xledger;

/// <summary>A scalar of Xledger's that may be written as a text or as a number: ids, amounts, times.</summary>
internal sealed class XledgerScalar : ScalarGraphType
{
    // The value that a text stands for; null if it stands for none.
    private readonly Func<string, object?> read;

    private XledgerScalar(string name, Func<string, object?> read) => (Name, this.read) = (name, read);

    /// <summary>An id or a count.</summary>
    public static XledgerScalar Int64() => new("Int64String", text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null);

    /// <summary>An amount in minor units, written with at most two decimals.</summary>
    public static XledgerScalar Decimal() => new("DecimalString", text =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
        && Math.Abs(amount) < 1_000_000_000_000m && decimal.Truncate(amount * 100) == amount * 100
            ? (long)(amount * 100)
            : null);

    /// <summary>A local time; a date is its midnight.</summary>
    public static XledgerScalar DateTime() => new("DateTimeString", text =>
        System.DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture) : null);

    /// <summary>A date.</summary>
    public static XledgerScalar Date() => new("DateString", text =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? text : null);

    public override object? ParseLiteral(GraphQLValue value) => value switch
    {
        GraphQLNullValue => null,
        GraphQLStringValue text => read(text.Value.ToString()) ?? ThrowLiteralConversionError(value),
        GraphQLIntValue number => read(number.Value.ToString()) ?? ThrowLiteralConversionError(value),
        GraphQLFloatValue number => read(number.Value.ToString()) ?? ThrowLiteralConversionError(value),
        _ => ThrowLiteralConversionError(value),
    };

    public override object? ParseValue(object? value) => value switch
    {
        null => null,
        string text => read(text) ?? ThrowValueConversionError(value),
        int or long or decimal or double => read(Convert.ToString(value, CultureInfo.InvariantCulture)!) ?? ThrowValueConversionError(value),
        _ => ThrowValueConversionError(value),
    };

    public override object? Serialize(object? value) => value;
}
