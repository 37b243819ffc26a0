using System.Text.Json;

namespace PayOnce;

/// <summary>What is switched on for an organisation. A flag that is not named is off; unlike an integration's flags these say what people can do, not how a run exports.</summary>
/// <param name="On">Ordered.</param>
public sealed record OrganisationFlags(IReadOnlyList<string> On)
{
    /// <summary>Drivers acknowledge the organisation's declaration and claim an honorarium; claims of this type need the acknowledgement, wherever they come from.</summary>
    public const string DriverHonorarium = "driver-honorarium";

    /// <summary>Travel claims are entered in PayOnce itself.</summary>
    public const string ClaimForms = "claim-forms";

    /// <summary>Every flag there is.</summary>
    public static IReadOnlyList<string> Known { get; } = [ClaimForms, DriverHonorarium];

    /// <summary>Nothing was ever switched on.</summary>
    public static OrganisationFlags None { get; } = new([]);

    /// <summary>Whether people have claims of their own here at all.</summary>
    public bool AnyForms => Has(DriverHonorarium) || Has(ClaimForms);

    public bool Has(string flag) => On.Contains(flag, StringComparer.Ordinal);

    /// <summary>The flags with these switched as they say.</summary>
    public OrganisationFlags With(IEnumerable<KeyValuePair<string, bool>> switches)
    {
        var on = new SortedSet<string>(On, StringComparer.Ordinal);
        foreach (var (flag, isOn) in switches)
        {
            if (isOn) on.Add(flag);
            else on.Remove(flag);
        }
        return new([.. on]);
    }

    /// <summary>Which flags the later version has otherwise than the earlier.</summary>
    public static IEnumerable<KeyValuePair<string, bool>> Between(OrganisationFlags before, OrganisationFlags after) =>
        from flag in before.On.Union(after.On, StringComparer.Ordinal).Order(StringComparer.Ordinal)
        where before.Has(flag) != after.Has(flag)
        select KeyValuePair.Create(flag, after.Has(flag));

    public string ToJson() => JsonSerializer.Serialize(On);

    /// <summary>Reads what <see cref="ToJson"/> wrote; none for an organisation that never switched anything.</summary>
    public static OrganisationFlags FromStored(string? json) => json is null ? None : new(JsonSerializer.Deserialize<string[]>(json)!);
}
