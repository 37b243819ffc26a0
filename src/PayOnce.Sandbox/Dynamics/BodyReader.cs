using System.Globalization;
using System.Text.Json;

namespace PayOnce.Sandbox.Dynamics;

/// <summary>
/// A request's body as the service takes it: property after property in the order they were sent, each checked against the metadata's
/// type and length. Unknown properties, read-only ones and texts that are too long are refused in the service's own words.
/// </summary>
internal sealed class BodyReader(string entity, IReadOnlyDictionary<string, BodyReader.Field> fields)
{
    /// <param name="Length">Longest text; 0: no text.</param>
    /// <param name="Set">Null: read-only.</param>
    public sealed record Field(JsonValueKind Kind, int Length, Action<JsonElement>? Set);

    public static Field Text(int length, Action<string> set) => new(JsonValueKind.String, length, value => set(value.GetString()!));

    /// <summary>Code fields are stored in upper case and trimmed.</summary>
    public static Field Code(int length, Action<string> set) => new(JsonValueKind.String, length, value => set(value.GetString()!.Trim().ToUpperInvariant()));

    public static Field Number(Action<decimal> set) => new(JsonValueKind.Number, 0, value => set(value.TryGetDecimal(out var number) ? number : throw Wrong(value.GetRawText(), "Edm.Decimal")));

    public static Field Integer(Action<int> set) => new(JsonValueKind.Number, 0, value => set(value.TryGetInt32(out var number) ? number : throw Wrong(value.GetRawText(), "Edm.Int32")));

    public static Field Flag(Action<bool> set) => new(JsonValueKind.True, 0, value => set(value.GetBoolean()));

    public static Field Date(Action<DateOnly> set) => new(JsonValueKind.String, 0, value =>
        set(DateOnly.TryParseExact(value.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : throw Wrong(value.GetString()!, "Edm.Date")));

    public static Field Enumeration(string[] members, Action<string> set) => new(JsonValueKind.String, 0, value =>
    {
        var caption = Caption.Decoded(value.GetString()!).Text;
        set(members.Contains(caption, StringComparer.Ordinal) ? caption : throw BcRefusal.BadRequest($"Requested value '{value.GetString()}' was not found."));
    });

    public static Field ReadOnly { get; } = new(JsonValueKind.Undefined, 0, null);

    /// <summary>Entities created with their parent (deep insert), in the order sent; called after the parent's own properties.</summary>
    public static Field Children(Action<JsonElement> set) => new(JsonValueKind.Array, 0, array =>
    {
        foreach (var child in array.EnumerateArray()) set(child.ValueKind == JsonValueKind.Object ? child : throw BcRefusal.BadRequest("A nested entity must be an object."));
    });

    public void Apply(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object) throw BcRefusal.BadRequest("The request body must be a JSON object.");
        foreach (var property in body.EnumerateObject().OrderBy(property => property.Value.ValueKind == JsonValueKind.Array))
        {
            if (property.Name.StartsWith('@')) continue;
            if (!fields.TryGetValue(property.Name, out var field))
                throw BcRefusal.BadRequest($"The property '{property.Name}' does not exist on type 'Microsoft.NAV.{entity}'. Make sure to only use property names that are defined by the type.");
            if (field.Set is null) throw BcRefusal.BadRequest($"Control '{property.Name}' is read-only.", "BadRequest_InvalidOperation");
            var kind = property.Value.ValueKind == JsonValueKind.False ? JsonValueKind.True : property.Value.ValueKind;
            if (kind != field.Kind) throw Wrong(property.Value.GetRawText(), field.Kind.ToString());
            if (field.Length > 0 && property.Value.GetString()!.Length is var length && length > field.Length)
                throw new BcRefusal(400, "Application_StringExceededLength", string.Create(CultureInfo.InvariantCulture, $"The length of the string is {length}, but it must be less than or equal to {field.Length} characters. Value: {property.Value.GetString()}"));
            field.Set(property.Value);
        }
    }

    private static BcRefusal Wrong(string value, string type) => BcRefusal.BadRequest($"Cannot convert the literal '{value}' to the expected type '{type}'.");
}
