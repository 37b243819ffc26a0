using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace PayOnce.Claims.Intake;

/// <summary>
/// Reads the fields of one JSON record strictly: a value of another type, null or twice is a problem with its place, and reading
/// goes on behind it. The reader stands on the field's name when a method here is called.
/// </summary>
internal sealed class JsonFields(InputBuffer input, RecordProblems problems)
{
    public const string HalfPair = "must not contain half of a surrogate pair";

    private byte[] unescaped = new byte[1024];

    /// <summary>The index of the line that is being read, for the field's path; -1 for the record itself.</summary>
    public int LineIndex { get; set; } = -1;

    /// <summary>What the field's name is put behind, such as <c>dimensions</c>.</summary>
    public string? Parent { get; set; }

    /// <summary>The line in the file where the reader's token stands.</summary>
    public long LineOf(ref Utf8JsonReader json) => input.LineAt((int)json.TokenStartIndex);

    /// <summary>The field's name as the writer of the file knows it; an empty one is that of the line or record itself.</summary>
    public string Path(string name)
    {
        if (Parent is not null) name = $"{Parent}.{name}";
        return LineIndex < 0 ? name : string.Create(CultureInfo.InvariantCulture, $"lines[{LineIndex}]{(name.Length > 0 ? "." : "")}{name}");
    }

    /// <summary>Steps to the record's next name; false at its end. A name that is not Unicode cannot be compared with any: it is a problem, and passed over.</summary>
    public bool NextName(ref Utf8JsonReader json)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (!json.ValueIsEscaped || (Utf8.IsValid(json.ValueSpan) && TryUnescape(ref json, out _))) return true;
            Refuse(ref json, RecordProblems.Shown(Loose(ref json)), null, "is a name that is not Unicode");
            Skip(ref json);
        }
        return false;
    }

    /// <summary>True, with a problem, for a field that was there before; its value is passed over.</summary>
    public bool IsDoubled(ref Utf8JsonReader json, string name, ref int seen, int bit)
    {
        var doubled = (seen & bit) != 0;
        seen |= bit;
        if (!doubled) return false;
        Refuse(ref json, name, null, ClaimRules.Doubled);
        Skip(ref json);
        return true;
    }

    public void Unknown(ref Utf8JsonReader json, string owner)
    {
        var name = RecordProblems.Shown(Loose(ref json));
        Refuse(ref json, name, null, $"is not a field of {owner}");
        Skip(ref json);
    }

    public void Missing(long line, string name) => problems.Add(line, Path(name), null, ClaimRules.Missing);

    public void Refuse(ref Utf8JsonReader json, string name, string? value, string rule) =>
        problems.Add(LineOf(ref json), Path(name) is { Length: > 0 } path ? path : null, value, rule);

    /// <summary>Passes over the value behind a name.</summary>
    public static void Skip(ref Utf8JsonReader json)
    {
        json.Read();
        json.Skip();
    }

    /// <summary>Steps to the value; false, with a problem, if it is of another type.</summary>
    public bool Expect(ref Utf8JsonReader json, string name, JsonTokenType type)
    {
        json.Read();
        return ExpectHere(ref json, name, type);
    }

    /// <summary>The same for a value that the reader stands on already.</summary>
    public bool ExpectHere(ref Utf8JsonReader json, string name, JsonTokenType type)
    {
        if (json.TokenType == type) return true;
        var isContainer = json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
        var rule = json.TokenType == JsonTokenType.Null ? "must not be null" : $"must be {Name(type)}, but is {Name(json.TokenType)}";
        Refuse(ref json, name, isContainer || json.TokenType == JsonTokenType.Null ? null : Loose(ref json), rule);
        json.Skip();
        return false;
    }

    /// <summary>A text that keeps the field's rule, or null.</summary>
    public string? Text(ref Utf8JsonReader json, string name, TextField field)
    {
        if (!Expect(ref json, name, JsonTokenType.String)) return null;
        if (!TryUnescape(ref json, out var utf8)) Refuse(ref json, name, Loose(ref json), HalfPair);
        else if (field.Read(utf8, out var text, out var nationalNumber) is { } broken) Refuse(ref json, name, Loose(ref json), broken);
        else
        {
            if (nationalNumber) problems.Warn(LineOf(ref json), Path(name), ClaimRules.HasNationalNumber);
            return text;
        }
        return null;
    }

    public DateOnly? Date(ref Utf8JsonReader json, string name, ClaimRules rules)
    {
        if (!Expect(ref json, name, JsonTokenType.String)) return null;
        if (!TryUnescape(ref json, out var utf8) || !Scalars.TryDate(utf8, out var date)) Refuse(ref json, name, Loose(ref json), ClaimRules.DateForm);
        else if (rules.CheckDate(date) is { } broken) Refuse(ref json, name, Loose(ref json), broken);
        else return date;
        return null;
    }

    public DateTimeOffset? Time(ref Utf8JsonReader json, string name, ClaimRules rules)
    {
        if (!Expect(ref json, name, JsonTokenType.String)) return null;
        if (!TryUnescape(ref json, out var utf8) || !Scalars.TryTime(utf8, out var time)) Refuse(ref json, name, Loose(ref json), ClaimRules.TimeForm);
        else if (rules.CheckApprovedAt(time) is { } broken) Refuse(ref json, name, Loose(ref json), broken);
        else return time;
        return null;
    }

    public long? Minor(ref Utf8JsonReader json, string name)
    {
        if (!Expect(ref json, name, JsonTokenType.Number)) return null;
        if (Scalars.TryWhole(json.ValueSpan, out var value, out var tooLarge)) return value;
        Refuse(ref json, name, Loose(ref json), tooLarge ? ClaimRules.MinorTooLarge : ClaimRules.MinorForm);
        return null;
    }

    public decimal? Quantity(ref Utf8JsonReader json, string name)
    {
        if (!Expect(ref json, name, JsonTokenType.Number)) return null;
        if (Scalars.TryQuantity(json.ValueSpan, out var value)) return value;
        Refuse(ref json, name, Loose(ref json), ClaimRules.QuantityForm);
        return null;
    }

    /// <summary>The name or value as well as it can be shown; a hostile one may be very long.</summary>
    public static string Loose(ref Utf8JsonReader json)
    {
        const int enough = 400;
        var raw = json.ValueSpan;
        if (raw.Length <= enough && json.ValueIsEscaped && Utf8.IsValid(raw))
        {
            try
            {
                return json.GetString()!;
            }
            catch (InvalidOperationException)
            {
                // Half of a surrogate pair: the raw text shows it better than any replacement.
            }
        }
        return Encoding.UTF8.GetString(raw.Length > enough ? raw[..enough] : raw);
    }

    /// <summary>The bytes of a text; false if an escape in it stands for half of a surrogate pair.</summary>
    public bool TryUnescape(ref Utf8JsonReader json, out ReadOnlySpan<byte> utf8)
    {
        utf8 = json.ValueSpan;
        // What is not UTF-8 is left as it is: the field's rule then says where.
        if (!json.ValueIsEscaped || !Utf8.IsValid(utf8)) return true;
        if (unescaped.Length < utf8.Length) unescaped = new byte[utf8.Length];
        try
        {
            utf8 = unescaped.AsSpan(0, json.CopyString(unescaped));
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static string Name(JsonTokenType type) => type switch
    {
        JsonTokenType.String => "text",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "true or false",
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.Null => "null",
        _ => type.ToString(),
    };
}
