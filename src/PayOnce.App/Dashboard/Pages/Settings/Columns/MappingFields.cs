using System.Globalization;

namespace PayOnce.App.Dashboard.Pages.Settings.Columns;

/// <summary>Names of the form's fields, and the form that was sent.</summary>
/// <remarks>A list's fields carry their row's number, from 0; how many rows there are stands in a field of the list's own name.</remarks>
internal static class MappingFields
{
    public const int MostColumns = 500;

    /// <summary>Fields of one form at most: 500 columns and look-ups of thousands. A form with more is refused whole, so that no row of a longer one is left out by saving.</summary>
    public const int Most = 20_000;

    public static string Column(int column, string field) => $"c{Text(column)}-{field}";

    public static string Pair(string list, int row, string field) => $"{list}-{Text(row)}-{field}";

    public static string Dimension(int row, string field) => $"dimension-{Text(row)}-{field}";

    /// <summary>The list of a dimension's values.</summary>
    public static string Values(int dimension) => $"value-{Text(dimension)}";

    public static MappingForm Read(HttpContext http)
    {
        var fields = http.Request.Form;
        string Of(string name) => fields[name].ToString();
        bool Checked(string name) => Of(name) == "yes";
        int Count(string name, int most) => int.TryParse(Of(name), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? Math.Min(count, most) : 0;
        List<PairRow> Pairs(string list) => [.. Enumerable.Range(0, Count(list, Most)).Select(row => new PairRow(Of(Pair(list, row, "from")), Of(Pair(list, row, "to"))))];

        var form = new MappingForm
        {
            System = Of("system"),
            DateFormat = Of("file-dateFormat"),
            OwnColumns = Checked("own-columns"),
            OwnAccounts = Of("accounts-own") == "own",
            DefaultAccount = Of("account-default"),
            CreditAccount = Of("account-credit"),
            CreditTo = Of("account-creditTo"),
        };
        foreach (var (name, _) in MappingForm.FileChoices) form.File[name] = Of("file-" + name);
        form.Columns.AddRange(Enumerable.Range(0, Count("columns", MostColumns)).Select(column => ReadColumn(field => Of(Column(column, field)))));
        form.Categories.AddRange(Pairs("category"));
        form.Types.AddRange(Pairs("type"));
        form.Limits.AddRange(Pairs("limit"));
        form.Dimensions.AddRange(Enumerable.Range(0, Count("dimension", Most)).Select(row =>
            new DimensionRow(Of(Dimension(row, "name")), Of(Dimension(row, "target")), Checked(Dimension(row, "passThrough")), Pairs(Values(row)))));
        return form;
    }

    public static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static ColumnRow ReadColumn(Func<string, string> field) => new()
    {
        Name = field("name"),
        Source = field("source"),
        Text = field("text"),
        Format = field("format"),
        Width = field("width"),
        Align = field("align"),
        Pad = field("pad"),
        Longest = field("maxLength"),
        TooLong = field("onTooLong"),
        Quote = field("quote") == "yes",
        Required = field("required") == "yes",
        Balance = field("balance"),
        BalanceText = field("balance-text"),
        BalanceFormat = field("balance-format"),
    };
}
