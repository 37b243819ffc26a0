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
        foreach (var problem in Texts(settings)) yield return problem;
    }

    // A text is a template like any column's, so it is checked as one.
    private static IEnumerable<Problem> Texts(IntegrationSettings settings)
    {
        var mapping = new ColumnMapping
        {
            Columns =
            [
                new Column("exportKey", ColumnSource.Of(FieldCatalogue.ExportKey)),
                new Column("amount", ColumnSource.Of("amount")),
                new Column("texts.line", new ColumnSource(Template: settings.Texts.Line)),
                new Column("texts.balance", new ColumnSource(Template: settings.Texts.Balance)),
            ],
        };
        var target = new Target("", new Dictionary<string, int>(), [], VouchersOnly: true);
        foreach (var problem in MappingCheck.Run(mapping, settings with { Limits = [], Dimensions = settings.Dimensions }, target))
            yield return problem with { Field = problem.Field == "mapping.columns[2].template" ? "texts.line" : problem.Field == "mapping.columns[3].template" ? "texts.balance" : problem.Field };
    }
}
