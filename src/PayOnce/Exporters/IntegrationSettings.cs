using PayOnce.Exporters.Settings;

namespace PayOnce.Exporters;

/// <summary>An organisation's integration as data: what its JSON file says. Everything but the first three has a default.</summary>
public sealed record IntegrationSettings
{
    /// <summary><c>xledger</c>, <c>dynamics</c> or <c>generic</c>.</summary>
    public required string Exporter { get; init; }

    /// <summary><c>file</c> or <c>api</c>.</summary>
    public required string Transport { get; init; }

    /// <summary><c>gl02</c>, <c>gl02b</c>, <c>journal</c>, <c>csv</c> or <c>json</c>.</summary>
    public required string Format { get; init; }

    /// <summary>Currencies that can be booked. Default NOK alone.</summary>
    public IReadOnlyList<string> Currencies { get; init; } = ["NOK"];

    /// <summary>The company's own currency in the accounting system. Default NOK.</summary>
    public string LocalCurrency { get; init; } = "NOK";

    /// <summary>Absolute path of a folder outside PayOnce to publish files to. Null (the default): files are fetched from PayOnce.</summary>
    public string? Folder { get; init; }

    /// <summary>Where lines and totals are booked. Null: the exporter's own (<see cref="AccountSettings.Norwegian"/>; none for generic).</summary>
    public AccountSettings? Accounts { get; init; }

    /// <summary>Which of the claims' dimensions are exported, ordered by name. A dimension that is not named here stays behind.</summary>
    public IReadOnlyList<DimensionSettings> Dimensions { get; init; } = [];

    public VoucherSettings Voucher { get; init; } = new();

    /// <summary>The text of ledger lines. Null: neutral, that is no names and no descriptions.</summary>
    public TextSettings? Texts { get; init; }

    /// <summary>Column to longest text, ordered by column: limits of one's own, tighter than the documented ones.</summary>
    public IReadOnlyList<KeyValuePair<string, int>> Limits { get; init; } = [];

    /// <summary>What differs from the exporter's own column mapping. Null: nothing.</summary>
    public MappingSettings? Mapping { get; init; }

    /// <summary>Transport <c>api</c> only: address, proof class, patience.</summary>
    public ApiSettings? Api { get; init; }

    /// <summary>Switched on for this integration, ordered: <c>dynamics-api</c>. A flag that is not named is off.</summary>
    public IReadOnlyList<string> Flags { get; init; } = [];

    /// <summary>The switch of <see cref="ApiSettings.AutomaticRelease"/>, which stands among the settings of its API.</summary>
    public const string AutomaticRelease = "automatic-release";

    /// <summary>Everything about this integration that is on or off, ordered: its flags and, over an API, <see cref="AutomaticRelease"/>.</summary>
    public IReadOnlyList<string> Switches => Api is null ? ApiWords.Flags : [AutomaticRelease, .. ApiWords.Flags];

    public bool IsOn(string flag) => flag == AutomaticRelease ? Api is { AutomaticRelease: true } : Flags.Contains(flag, StringComparer.Ordinal);

    /// <summary>The same settings with one of <see cref="Switches"/> on or off.</summary>
    public IntegrationSettings With(string flag, bool on) => flag == AutomaticRelease
        ? this with { Api = Api! with { AutomaticRelease = on } }
        : this with { Flags = [.. on ? Flags.Append(flag).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal) : Flags.Where(each => each != flag)] };

    /// <summary>Reads an integration file from outside.</summary>
    /// <param name="fileName">As the person knows it; stands in the problems.</param>
    /// <returns>The settings, or null with everything that is wrong, including what the exporter's own check finds.</returns>
    public static (IntegrationSettings? Settings, IReadOnlyList<Problem> Problems) Parse(string fileName, ReadOnlySpan<byte> json)
    {
        var (settings, problems) = SettingsReader.Read(fileName, json);
        if (settings is null || problems.Count > 0) return (null, problems);
        IReadOnlyList<Problem> found = [.. ExporterCatalogue.Get(settings.Exporter).Check(settings).Select(problem => problem with { File = fileName })];
        return found.Count == 0 ? (settings, found) : (null, found);
    }

    /// <summary>Reads an integration file's form alone, for somebody who is still at work on it: what its exporter finds wrong is <see cref="Parse"/>'s question.</summary>
    public static (IntegrationSettings? Settings, IReadOnlyList<Problem> Problems) ParseForm(string fileName, ReadOnlySpan<byte> json)
    {
        var (settings, problems) = SettingsReader.Read(fileName, json);
        return problems.Count == 0 ? (settings, problems) : (null, problems);
    }

    /// <summary>Canonical text, which is what is stored: equal settings give equal text.</summary>
    public string ToJson() => SettingsWriter.Write(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote. Other text is a fault of the store and throws. Whether a run may use the settings is <see cref="IExporter.Check"/>'s question.</summary>
    public static IntegrationSettings FromStored(string json)
    {
        var (settings, problems) = SettingsReader.Read("stored settings", System.Text.Encoding.UTF8.GetBytes(json));
        return settings is not null && problems.Count == 0
            ? settings
            : throw new InvalidDataException($"The stored settings of an integration are not what PayOnce wrote: {string.Join("; ", problems)}");
    }
}
