using System.Collections.Immutable;
using System.Text.Json;

namespace PayOnce.Sandbox.Dynamics;

/// <summary>One operation on the books: reads and writes go here, and become the company's only if the operation ends well.</summary>
internal sealed class BcSession(Books books, BcOptions options, TimeProvider clock)
{
    public Books Books { get; set; } = books;

    public BcOptions Options => options;

    public DateTimeOffset Now => clock.GetUtcNow();

    public DateOnly Today => DateOnly.FromDateTime(Now.UtcDateTime);

    /// <summary>The next row version, id or order.</summary>
    public long Next()
    {
        Books = Books with { Counter = Books.Counter + 1 };
        return Books.Counter;
    }

    public Guid NewId() => new((uint)Next(), 0x44e3, 0xea11, 0xbb, 0x43, 0x00, 0x0d, 0x3a, 0x2f, 0xec, 0xa1);

    /// <summary>Null if there is none.</summary>
    public Vendor? FindVendor(string number)
    {
        if (Books.Vendors.TryGetValue(number, out var vendor)) return vendor;
        if (!options.EveryVendor || number.Length == 0) return null;
        vendor = new Vendor(NewId(), number, number, "", Next(), Now);
        Books = Books with { Vendors = Books.Vendors.Add(number, vendor) };
        return vendor;
    }

    /// <summary>Adds a dimension set line as the API does: the dimension must not be there yet, be it only by an account's default.</summary>
    public ImmutableSortedDictionary<string, string> AddDimension(ImmutableSortedDictionary<string, string> set, JsonElement body)
    {
        var (code, value) = ReadDimension(body);
        if (code is null) throw BcRefusal.Dialog("The \"id\" or \"code\" field must be filled in.");
        if (value is null) throw BcRefusal.Dialog("The \"valueId\" or \"valueCode\" field must be filled in.");
        Check(code, value);
        if (set.ContainsKey(code))
            throw BcRefusal.Dialog("The dimension set line already exists. Check existing dimension set lines and the default dimension set lines on the parent.");
        return set.Add(code, value);
    }

    public ImmutableSortedDictionary<string, string> ChangeDimension(ImmutableSortedDictionary<string, string> set, string code, JsonElement body)
    {
        var (other, value) = ReadDimension(body);
        if (other is not null && other != code) throw BcRefusal.Dialog("The \"id\" and \"code\" fields cannot be modified.");
        if (value is null) return set;
        Check(code, value);
        return set.SetItem(code, value);
    }

    public ImmutableSortedDictionary<string, string> DefaultDimensions(string account) =>
        options.DefaultDimensions.TryGetValue(account, out var own) ? NoDimensions.Add(own.Code, own.Value) : NoDimensions;

    private static ImmutableSortedDictionary<string, string> NoDimensions => ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal);

    private static (string? Code, string? Value) ReadDimension(JsonElement body)
    {
        string? code = null, value = null;
        new BodyReader("dimensionSetLine", new Dictionary<string, BodyReader.Field>
        {
            ["code"] = BodyReader.Code(20, text => code = text),
            ["valueCode"] = BodyReader.Code(20, text => value = text),
            ["displayName"] = BodyReader.Text(30, _ => { }),
            ["valueDisplayName"] = BodyReader.Text(50, _ => { }),
            ["parentId"] = BodyReader.ReadOnly,
            ["parentType"] = BodyReader.ReadOnly,
        }).Apply(body);
        return (code, value);
    }

    private void Check(string code, string value)
    {
        if (!options.Dimensions.TryGetValue(code, out var values)) throw BcRefusal.Dialog("The \"code\" does not match to a Dimension.");
        if (!values.Contains(value, StringComparer.Ordinal)) throw BcRefusal.Dialog("The \"valueCode\" does not match to a Dimension Value.");
    }

    public void CheckPostingDate(DateOnly date, string what)
    {
        if (options.PostingFrom is { } from && date < from)
            throw BcRefusal.Dialog($"Posting Date is not within your range of allowed posting dates in {what}.");
    }
}
