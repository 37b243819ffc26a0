using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Unicode;

namespace PayOnce.Claims.Intake;

/// <summary>Which characters a text field may hold.</summary>
internal enum TextKind
{
    /// <summary>Anything a person can read on one line.</summary>
    Free,

    /// <summary>The same, but not only spaces.</summary>
    Name,

    /// <summary>The same, without a space at either end.</summary>
    Number,

    /// <summary>Printable ASCII without a space at either end.</summary>
    Id,

    /// <summary>A small letter, then small letters, digits, hyphen and underscore.</summary>
    Code,

    /// <summary>A small letter, then small letters, digits and underscore.</summary>
    DimensionName,

    /// <summary>Three capital letters.</summary>
    Currency,
}

/// <summary>
/// The rule of one text field. A field whose values repeat remembers those that passed: they cost neither a second check nor a
/// second string.
/// </summary>
/// <param name="shortest">In UTF-16 code units, as the accounting systems count.</param>
/// <param name="rule">What to say when length or kind is broken.</param>
/// <param name="repeats">Whether it is worth remembering values.</param>
/// <param name="also">One more rule for a value that keeps the first; its words, or null.</param>
internal sealed class TextField(int shortest, int longest, TextKind kind, string rule, bool repeats = false, Func<string, string?>? also = null)
{
    private readonly (byte[] Utf8, string Text)[] passed = repeats ? new (byte[], string)[1024] : [];

    /// <summary>Decodes and checks a value.</summary>
    /// <param name="nationalNumber">It holds a fødselsnummer.</param>
    /// <returns>The rule that it breaks, or null.</returns>
    public string? Read(ReadOnlySpan<byte> utf8, out string text, out bool nationalNumber)
    {
        nationalNumber = false;
        var slot = repeats ? Slot(utf8) : 0;
        if (repeats && passed[slot].Utf8 is { } known && utf8.SequenceEqual(known))
        {
            text = passed[slot].Text;
            return null;
        }
        text = "";
        // A UTF-16 code unit takes at most three bytes: what is longer need not be decoded to be refused.
        if (utf8.Length > 3 * longest) return rule;
        if (!Utf8.IsValid(utf8)) return InvalidUtf8(utf8);
        text = Encoding.UTF8.GetString(utf8);
        if (Check(text) is { } broken) return broken;
        nationalNumber = NationalNumber.IsIn(text);
        if (repeats && !nationalNumber) passed[slot] = (utf8.ToArray(), text);
        return null;
    }

    /// <summary>The rule that a value breaks, or null.</summary>
    public string? Check(string text)
    {
        if (Unprintable(text) is { } unprintable) return unprintable;
        if (text.Length < shortest || text.Length > longest || !IsOfKind(text)) return rule;
        return also?.Invoke(text);
    }

    private bool IsOfKind(string text) => kind switch
    {
        TextKind.Free => true,
        TextKind.Name => !string.IsNullOrWhiteSpace(text),
        TextKind.Number => !HasSpaceAtAnEnd(text),
        TextKind.Id => !text.AsSpan().ContainsAnyExceptInRange(' ', '~') && !HasSpaceAtAnEnd(text),
        TextKind.Code => IsCode(text, hyphen: true),
        TextKind.DimensionName => IsCode(text, hyphen: false),
        TextKind.Currency => !text.AsSpan().ContainsAnyExceptInRange('A', 'Z'),
        _ => throw new InvalidOperationException($"No rule for {kind}."),
    };

    private static bool HasSpaceAtAnEnd(string text) => char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1]);

    private static bool IsCode(string text, bool hyphen)
    {
        if (text[0] is not (>= 'a' and <= 'z')) return false;
        foreach (var c in text)
        {
            if (c is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '_') && !(hyphen && c == '-')) return false;
        }
        return true;
    }

    /// <summary>
    /// Control characters end a row or a terminal's good behaviour, half a surrogate pair cannot be written as UTF-8, and
    /// bidirectional overrides make a text look like another one.
    /// </summary>
    private static string? Unprintable(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~')) return null;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is >= ' ' and <= '~') continue;
            if (char.IsControl(c) || c is '\u2028' or '\u2029') return At("the control character", c, i);
            if (c is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069')) return At("the bidirectional control", c, i);
            if (!char.IsSurrogate(c)) continue;
            if (!char.IsHighSurrogate(c) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1])) return At("half of a surrogate pair,", c, i);
            i++;
        }
        return null;
    }

    private static string At(string what, char c, int index) => string.Create(CultureInfo.InvariantCulture, $"must not contain {what} U+{(int)c:X4} (character {index + 1})");

    private static string InvalidUtf8(ReadOnlySpan<byte> utf8)
    {
        var index = 0;
        while (Rune.DecodeFromUtf8(utf8[index..], out _, out var length) == System.Buffers.OperationStatus.Done) index += length;
        return string.Create(CultureInfo.InvariantCulture, $"must be UTF-8, but byte {index + 1} is 0x{utf8[index]:X2}; save the file as UTF-8");
    }

    private static int Slot(ReadOnlySpan<byte> utf8)
    {
        // Any spread will do: a wrong slot costs a check, never a wrong answer.
        ulong hash = (uint)utf8.Length;
        unchecked
        {
            foreach (var b in utf8) hash = (BitOperations.RotateLeft(hash, 5) ^ b) * 0x9E3779B97F4A7C15;
        }
        return (int)(hash >> 54);
    }
}
