using System.Globalization;
using System.Text;
using PayOnce.Exporters.Settings;

namespace PayOnce.Exporters.Mapping;

/// <summary>Finds at the time of setting what would otherwise reject every claim, or write a file nobody can use.</summary>
internal sealed class MappingCheck
{
    private readonly ColumnMapping mapping;
    private readonly IntegrationSettings settings;
    private readonly Target target;
    private readonly List<Problem> problems = [];

    private MappingCheck(ColumnMapping mapping, IntegrationSettings settings, Target target) =>
        (this.mapping, this.settings, this.target) = (mapping, settings, target);

    /// <summary>Everything that is wrong with a mapping for this target; empty if it can be rendered.</summary>
    public static IReadOnlyList<Problem> Run(ColumnMapping mapping, IntegrationSettings settings, Target target)
    {
        var check = new MappingCheck(mapping, settings, target);
        check.File();
        foreach (var (index, column) in mapping.Columns.Index()) check.Column(column, $"mapping.columns[{index.ToString(CultureInfo.InvariantCulture)}]");
        check.Keys();
        check.Dimensions();
        check.Limits();
        return check.problems;
    }

    private void File()
    {
        if (DatePattern.Parse(mapping.DateFormat, withTime: false) is null) Add("mapping.dateFormat", mapping.DateFormat, "must be a date format of yyyy, yy, MM, M, dd, d and - . /");
        if (target.VouchersOnly && mapping.Rows != RowKind.LinesAndBalance)
            Add("mapping.rows", MappingWords.Rows[(int)mapping.Rows], $"must be \"lines-and-balance\": {target.System} books vouchers that sum to zero");
        if (mapping is { DecimalSign: DecimalSign.Comma, Delimiter: Delimiter.Comma, Quoting: Quoting.Never })
            Add("mapping.decimalSign", ",", "is the delimiter too, and this file is written without quotes");
        var amounts = mapping.Columns.Select(column => column.Source.Field).ToList();
        if (mapping.Rows == RowKind.LinesAndBalance && !amounts.Contains("amount") && !(amounts.Contains("debit") && amounts.Contains("credit")))
            Add("mapping.columns", null, "must have a column with the field amount, or one with debit and one with credit");
        foreach (var twice in mapping.Columns.GroupBy(column => column.Name, StringComparer.Ordinal).Where(group => group.Count() > 1))
            Add("mapping.columns", twice.Key, "is the name of two columns; each must have its own");
    }

    private void Column(Column column, string path)
    {
        Source(column, column.Source, path);
        if (column.Balance is { } balance) Balance(column, balance, path + ".balance");
        Shape(column, path);
        if (target.Limits.TryGetValue(column.Name, out var documented))
        {
            var what = $"column \"{column.Name}\" is wider than {target.System} takes: at most {documented.ToString(CultureInfo.InvariantCulture)}";
            if (column.Width > documented) Add(path + ".width", column.Width.Value.ToString(CultureInfo.InvariantCulture), what);
            if (column.MaxLength > documented) Add(path + ".maxLength", column.MaxLength.Value.ToString(CultureInfo.InvariantCulture), what);
        }
        if (!mapping.Header) return;
        foreach (var rune in column.Name.EnumerateRunes())
        {
            if (mapping.Encoding == FileEncoding.Windows1252 && !Windows1252.TryEncode(rune, out _))
                Add(path + ".name", column.Name, $"has the character {Problem.Printable(rune.ToString())}, which the file's encoding does not have");
        }
        if (mapping.Quoting == Quoting.Never && column.Name.AsSpan().ContainsAny((char)Cell.Delimiter(mapping), '"'))
            Add(path + ".name", column.Name, "has a delimiter or quote, and this file is written without quotes");
    }

    // A number that was cut or padded with digits on the wrong side is another number.
    private void Shape(Column column, string path)
    {
        foreach (var source in new[] { column.Source, column.Balance })
        {
            if (column.OnTooLong == TooLong.Cut && source?.Field is { } field && FieldCatalogue.Find(field) is { Kind: not FieldKind.Text })
                Add(path + ".onTooLong", "cut", $"column \"{column.Name}\": only text may be cut; {field} would become another value");
        }
        if (char.IsAsciiDigit(column.Pad) && column.Align == Alignment.Left)
            Add(path + ".pad", $"{column.Pad}", $"column \"{column.Name}\": a digit may only fill up in front, with \"align\": \"right\"");
        if (column.Pad == Cell.Delimiter(mapping) || column.Pad == '"')
            Add(path + ".pad", $"{column.Pad}", $"column \"{column.Name}\": must not be the delimiter or a quote");
        if (column.Quote && mapping.Quoting == Quoting.Never)
            Add(path + ".quote", null, $"column \"{column.Name}\": this file is written without quotes");
    }

    private void Balance(Column column, ColumnSource balance, string path)
    {
        Source(column, balance, path);
        if (mapping.Rows != RowKind.LinesAndBalance && !target.VouchersOnly) Add(path, null, $"column \"{column.Name}\": there is no balancing row in a file of rows \"{MappingWords.Rows[(int)mapping.Rows]}\"");
        if (column.Source.Field is "amount" or "debit" or "credit" && balance.Field != column.Source.Field)
            Add(path, null, $"column \"{column.Name}\": the amount of the balancing row is given, or the voucher would not sum to zero");
    }

    private void Source(Column column, ColumnSource source, string path)
    {
        if (source.Constant is { } constant) Value(column, Math.Min(target.LimitsOf(settings)(column), column.Width ?? int.MaxValue), source.Origin ?? path + ".constant", constant);
        if (source.Field is { } field) Field(column, field, source.Format, path + ".field", path + ".format");
        if (source.Template is not { } template) return;
        path = source.Origin ?? path + ".template";
        if (Template.Parse(template, out var rule) is not { } parts)
        {
            Add(path, template, $"column \"{column.Name}\": {rule}");
            return;
        }
        foreach (var part in parts.Where(part => part.Field is not null)) Field(column, part.Field!, part.Format, path, path);
    }

    private void Field(Column column, string name, string? format, string path, string formatPath)
    {
        var where = $"column \"{column.Name}\": ";
        if (FieldCatalogue.Find(name) is not { } field)
        {
            Add(path, name, $"{where}is no field; fields are {string.Join(", ", FieldCatalogue.All.Select(known => known.Name))} and dimension:NAME");
            return;
        }
        if (name.StartsWith(FieldCatalogue.DimensionPrefix, StringComparison.Ordinal) && !settings.Dimensions.Any(dimension => dimension.Name == name[FieldCatalogue.DimensionPrefix.Length..]))
            Add(path, name, $"{where}must be one of the integration's dimensions");
        if (mapping.Rows == RowKind.Claims && field.Scope == FieldScope.Line)
            Add(path, name, $"{where}belongs to a line, and this file has a row for each claim");
        if (FieldFormat.Parse(field.Kind, format, "yyyy-MM-dd", out var rule) is null) Add(formatPath, format, where + rule);
    }

    private void Keys()
    {
        foreach (var name in target.KeyColumns)
        {
            var column = mapping.Columns.FirstOrDefault(column => column.Name == name);
            if (column is null || column.Source.Field != FieldCatalogue.ExportKey || (column.Balance is { } balance && balance.Field != FieldCatalogue.ExportKey))
                Add("mapping.columns", name, $"must be a column with the field exportKey in every row: by it {target.System} and PayOnce know the claim again");
        }
        if (target.KeyColumns.Count == 0 && !mapping.Columns.Any(column => column.Source.Field == FieldCatalogue.ExportKey && column.Balance is null))
            Add("mapping.columns", null, "must have a column with the field exportKey: by it a claim is known again");
        var limit = target.LimitsOf(settings);
        foreach (var column in mapping.Columns.Where(column => column.Source.Field == FieldCatalogue.ExportKey && Math.Min(limit(column), column.Width ?? int.MaxValue) < Guard.ExportKey.Length))
            Add("mapping.columns", column.Name, "must have room for the 16 characters of an export key");
    }

    // A dimension that no column holds would silently stay behind.
    private void Dimensions()
    {
        var held = mapping.Columns.SelectMany(column => new[] { column.Source, column.Balance }).SelectMany(Fields).ToHashSet(StringComparer.Ordinal);
        foreach (var dimension in settings.Dimensions.Where(dimension => !held.Contains(FieldCatalogue.DimensionPrefix + dimension.Name)))
            Add($"dimensions.{dimension.Name}.target", dimension.Target, target.DimensionRule);
    }

    private static IEnumerable<string> Fields(ColumnSource? source) =>
        source?.Field is { } field ? [field] : (source?.Template is { } template ? Template.Parse(template, out _) : null)?.Select(part => part.Field).OfType<string>() ?? [];

    // Accounts and look-up values are known now; a claim that needs one must not be the first to find out that it does not fit.
    private void Limits()
    {
        foreach (var (name, limit) in settings.Limits)
        {
            var place = $"limits.{name}";
            if (!mapping.Columns.Any(column => column.Name == name)) Add(place, null, "is no column of this mapping");
            else if (target.Limits.TryGetValue(name, out var documented) && limit > documented)
                Add(place, limit.ToString(CultureInfo.InvariantCulture), $"may only tighten the documented limit of {documented.ToString(CultureInfo.InvariantCulture)}");
        }
        var limits = target.LimitsOf(settings);
        foreach (var column in mapping.Columns)
        {
            var longest = Math.Min(limits(column), column.Width ?? int.MaxValue);
            if (column.Source.Field == "account")
            {
                foreach (var (place, account) in Accounts()) Value(column, longest, place, account);
            }
            foreach (var dimension in settings.Dimensions.Where(dimension => column.Source.Field == FieldCatalogue.DimensionPrefix + dimension.Name))
            {
                foreach (var (from, to) in dimension.Values) Value(column, longest, $"dimensions.{dimension.Name}.values.{from}", to);
            }
        }
    }

    private IEnumerable<(string Place, string Account)> Accounts()
    {
        if (settings.Accounts is not { } accounts) yield break;
        if (accounts.Default is { } standard) yield return ("accounts.default", standard);
        if (accounts.Credit is { } credit) yield return ("accounts.credit", credit);
        foreach (var (category, account) in accounts.Categories) yield return ($"accounts.categories.{category}", account);
        foreach (var (type, account) in accounts.Types) yield return ($"accounts.types.{type}", account);
    }

    private void Value(Column column, int longest, string place, string value)
    {
        if (value.Length > longest) Add(place, value, $"does not fit column \"{column.Name}\", which takes at most {longest.ToString(CultureInfo.InvariantCulture)} characters");
        if (mapping.Encoding == FileEncoding.Windows1252 && value.EnumerateRunes().Any(rune => !Windows1252.TryEncode(rune, out _)))
            Add(place, value, "has a character that the file's encoding does not have");
    }

    private void Add(string field, string? value, string rule) =>
        problems.Add(new Problem(rule) { Field = field, Value = value is null ? null : Problem.Printable(value) });
}
