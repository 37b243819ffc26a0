using System.Globalization;
using System.Text;
using CsvHelper;
using PayOnce.Exporters;
using PayOnce.Exporters.Mapping;

namespace PayOnce.Tests.Exporters;

/// <summary>Reads a rendered file with CsvHelper and the platform's own decoders: nothing of the code that wrote it takes part.</summary>
internal static class CsvFile
{
    static CsvFile() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>The rows as column to text. The header must be there.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, string>> Read(IntegrationSettings settings, byte[] file)
    {
        var options = CsvReaderOptions.Default with
        {
            Separator = (settings.Mapping?.Delimiter ?? Delimiter.Semicolon) switch { Delimiter.Comma => ',', Delimiter.Tab => '\t', Delimiter.Bar => '|', _ => ';' },
            Mode = settings.Mapping?.Quoting == Quoting.Never ? CsvMode.NoEscape : CsvMode.Rfc4180,
            AllowLineBreaksInQuotes = true,
            SkipEmptyLines = false,
            TrimWhitespace = false,
            MalformedData = CsvMalformedDataHandling.Throw,
            FieldCountMismatch = CsvFieldCountHandling.Throw,
        };
        using var reader = CsvReader.FromText(Decode(settings, file), options);
        var rows = new List<IReadOnlyDictionary<string, string>>();
        while (reader.Read()) rows.Add(reader.Headers.ToArray().Index().ToDictionary(column => column.Item, column => reader.GetString(column.Index)));
        return rows;
    }

    /// <summary>With a decimal point or comma.</summary>
    public static decimal Amount(string text) => decimal.Parse(text.Replace(',', '.'), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);

    private static string Decode(IntegrationSettings settings, byte[] file)
    {
        var encoding = settings.Mapping?.Encoding == FileEncoding.Windows1252
            ? Encoding.GetEncoding(1252, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)
            : new UTF8Encoding(false, throwOnInvalidBytes: true);
        var text = encoding.GetString(file);
        return text.StartsWith('\ufeff') ? text[1..] : text;
    }
}
