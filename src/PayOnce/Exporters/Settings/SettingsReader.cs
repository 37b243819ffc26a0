using System.Text.Json;
using PayOnce.Claims.Intake;
using PayOnce.Exporters.Mapping;

namespace PayOnce.Exporters.Settings;

/// <summary>Reads an integration file: its form. What the exporter makes of it is <see cref="IExporter.Check"/>'s.</summary>
internal static class SettingsReader
{
    /// <summary>Far more than a mapping of hundreds of columns with thousands of look-ups needs.</summary>
    private const int MaximumBytes = 4 * 1024 * 1024;

    private const int LongestSyntax = 300;

    public static (IntegrationSettings? Settings, IReadOnlyList<Problem> Problems) Read(string file, ReadOnlySpan<byte> json)
    {
        if (json.StartsWith("\uFEFF"u8)) json = json[3..];
        if (json.Length > MaximumBytes) return (null, [new Problem("must have at most 4 MiB") { File = file }]);
        var problems = new List<Problem>();
        try
        {
            using var document = JsonDocument.Parse(json.ToArray());
            if (document.RootElement.ValueKind != JsonValueKind.Object) return (null, [new Problem("must be a JSON object in braces") { File = file }]);
            var settings = ReadRoot(new JsonFields(document.RootElement, "", file, problems));
            return (settings, problems);
        }
        catch (JsonException fault)
        {
            return (null, [new Problem($"is not JSON: {Plain(fault)}") { File = file, Line = fault.LineNumber + 1 }]);
        }
        catch (InvalidOperationException)
        {
            // System.Text.Json looks at escapes and UTF-8 only when a text is read out.
            return (null, [new Problem("has a text that is not Unicode (half a surrogate pair or invalid UTF-8)") { File = file }]);
        }
    }

    private static IntegrationSettings? ReadRoot(JsonFields root)
    {
        var exporter = Required(root, "exporter", ExporterCatalogue.Names);
        var formats = exporter is null ? ExporterCatalogue.AllFormats : ExporterCatalogue.Get(exporter).Formats;
        var transport = Required(root, "transport", ApiWords.Transports);
        var format = Required(root, "format", formats);
        var currencies = ReadCurrencies(root);
        var local = ReadCurrency(root, "localCurrency", root.Text("localCurrency"));
        var settings = new IntegrationSettings
        {
            Exporter = exporter ?? "",
            Transport = transport ?? "",
            Format = format ?? "",
            Currencies = currencies ?? ["NOK"],
            LocalCurrency = local ?? "NOK",
            Folder = ReadFolder(root),
            Accounts = root.Object("accounts") is { } accounts ? ReadAccounts(accounts) : null,
            Dimensions = [.. root.Objects("dimensions").Select(dimension => ReadDimension(dimension.Name, dimension.Value))],
            Voucher = root.Object("voucher") is { } voucher ? ReadVoucher(voucher) : new(),
            Texts = root.Object("texts") is { } texts ? ReadTexts(texts) : null,
            Limits = root.Numbers("limits", 1, 10_000),
            Mapping = root.Object("mapping") is { } mapping ? MappingReader.Read(mapping) : null,
            Api = root.Object("api") is { } api ? ApiReader.Read(api) : transport == "api" ? new() : null,
            Flags = ApiReader.ReadFlags(root),
        };
        root.End();
        return exporter is null || transport is null || format is null ? null : settings;
    }

    private static string? Required(JsonFields root, string name, IReadOnlyList<string> words)
    {
        var text = root.Text(name);
        if (text is null)
        {
            if (!root.Has(name)) root.Add(name, null, $"is missing; it must be one of {JsonFields.Words(words)}");
            return null;
        }
        if (words.Contains(text, StringComparer.Ordinal)) return text;
        root.Add(name, text, $"must be one of {JsonFields.Words(words)}");
        return null;
    }

    private static List<string>? ReadCurrencies(JsonFields root)
    {
        if (root.TextList("currencies") is not { } list) return null;
        var result = new List<string>();
        foreach (var currency in list)
        {
            if (ReadCurrency(root, "currencies", currency) is null) continue;
            if (result.Contains(currency, StringComparer.Ordinal)) root.Add("currencies", currency, "stands twice; it must stand once");
            else result.Add(currency);
        }
        if (list.Count == 0) root.Add("currencies", null, "must name at least one currency");
        return result;
    }

    // Amounts have two decimals, always; the claims' intake knows which currencies have.
    private static string? ReadCurrency(JsonFields root, string name, string? currency)
    {
        if (currency is null || Currencies.HasTwoDecimals(currency)) return currency;
        root.Add(name, currency, "must be the ISO 4217 code of a currency with two decimals, such as NOK");
        return null;
    }

    private static string? ReadFolder(JsonFields root)
    {
        if (root.Text("folder", longest: 1000) is not { } folder) return null;
        if (Path.IsPathFullyQualified(folder)) return folder;
        root.Add("folder", folder, "must be an absolute path");
        return null;
    }

    private static AccountSettings ReadAccounts(JsonFields json)
    {
        var accounts = new AccountSettings
        {
            Default = json.Text("default"),
            Categories = json.Texts("categories"),
            Types = json.Texts("types"),
            Credit = json.Text("credit"),
            CreditTo = json.Choice<BalanceOn>("creditTo", MappingWords.BalanceOns) ?? BalanceOn.Supplier,
        };
        json.End();
        return accounts;
    }

    private static DimensionSettings ReadDimension(string name, JsonFields json)
    {
        var target = json.Text("target") ?? name;
        var values = json.Texts("values");
        var passThrough = json.Flag("passThrough") ?? false;
        if (values.Count == 0 && !passThrough && !json.Has("values")) json.Add("values", null, "is missing; give the values, or \"passThrough\": true to send them as they are");
        json.End();
        return new DimensionSettings(name, target, values, passThrough);
    }

    private static VoucherSettings ReadVoucher(JsonFields json)
    {
        var voucher = new VoucherSettings
        {
            VoucherType = json.Text("voucherType"),
            Entity = json.Text("entity"),
            JournalTemplate = json.Text("journalTemplate"),
            JournalBatch = json.Text("journalBatch"),
            PostingDate = json.Choice<PostingDateRule>("postingDate", MappingWords.PostingDates) ?? PostingDateRule.ApprovedAt,
            DueDays = json.Number("dueDays", 0, 365),
        };
        json.End();
        return voucher;
    }

    private static TextSettings ReadTexts(JsonFields json)
    {
        var texts = new TextSettings { Line = json.Text("line", longest: 1000) ?? TextSettings.Neutral, Balance = json.Text("balance", longest: 1000) ?? TextSettings.Neutral };
        json.End();
        return texts;
    }

    private static string Plain(JsonException fault)
    {
        var end = fault.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return Problem.Printable(end < 0 ? fault.Message : fault.Message[..end], LongestSyntax);
    }
}
