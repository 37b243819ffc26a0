using System.Globalization;
using PayOnce.Exporters.Mapping;
using PayOnce.Exporters.Settings;

namespace PayOnce.Exporters;

/// <summary>What settings must be for vouchers as JSON: limits of known fields, texts that compile, one dimension a field.</summary>
internal static class VoucherJsonCheck
{
    /// <param name="fields">Names that a limit may be set for.</param>
    /// <param name="targetRule">The rule a dimension's target breaks; null if it is right.</param>
    public static IEnumerable<Problem> Run(IntegrationSettings settings, Target target, IReadOnlyList<string> fields, Func<DimensionSettings, string?> targetRule)
    {
        if (settings.Mapping is not null) yield return new Problem("has no meaning for the format json, which has no columns") { Field = "mapping" };
        foreach (var (name, limit) in settings.Limits)
        {
            if (!fields.Contains(name, StringComparer.Ordinal)) yield return new Problem($"is no field with a limit here; such are {string.Join(", ", fields)}") { Field = $"limits.{name}" };
            else if (target.Limits.TryGetValue(name, out var documented) && limit > documented)
                yield return new Problem($"may only tighten the documented limit of {documented.ToString(CultureInfo.InvariantCulture)}") { Field = $"limits.{name}", Value = limit.ToString(CultureInfo.InvariantCulture) };
        }
        foreach (var dimension in settings.Dimensions)
        {
            if (targetRule(dimension) is { } rule) yield return new Problem(rule) { Field = $"dimensions.{dimension.Name}.target", Value = Problem.Printable(dimension.Target) };
        }
        foreach (var twice in settings.Dimensions.GroupBy(dimension => dimension.Target, StringComparer.Ordinal).Where(group => group.Count() > 1))
            yield return new Problem("is the target of two dimensions; each must have its own") { Field = "dimensions", Value = Problem.Printable(twice.Key) };
        foreach (var problem in Contents(settings, target)) yield return problem;
    }

    // Texts, accounts and look-up values are held to what holds for columns of these contents.
    private static IReadOnlyList<Problem> Contents(IntegrationSettings settings, Target target)
    {
        var limit = target.LimitOf(settings);
        var mapping = new ColumnMapping
        {
            Columns =
            [
                new Column("exportKey", ColumnSource.Of(FieldCatalogue.ExportKey)),
                new Column("amount", ColumnSource.Of("amount")),
                new Column("account", ColumnSource.Of("account")) { MaxLength = limit("accountNumber") },
                new Column("text", ColumnSource.Line(settings.Texts)) { Balance = ColumnSource.Balance(settings.Texts) },
                .. settings.Dimensions.Select(dimension => new Column($"dimension {dimension.Name}", ColumnSource.Of(FieldCatalogue.DimensionPrefix + dimension.Name)) { MaxLength = limit("valueCode") }),
            ],
        };
        return MappingCheck.Run(mapping, settings with { Limits = [] }, target with { Limits = new Dictionary<string, int>(), KeyColumns = [] });
    }
}
