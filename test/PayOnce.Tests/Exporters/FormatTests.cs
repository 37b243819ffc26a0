using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PayOnce.Claims;
using PayOnce.Exporters.Mapping;

namespace PayOnce.Tests.Exporters;

/// <summary>The pieces that cells are made of, each beside the platform's own idea of it.</summary>
public sealed class FormatTests
{
    static FormatTests() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    [Fact]
    public void Windows_1252_is_the_code_page_of_the_platform()
    {
        var platform = Encoding.GetEncoding(1252, new EncoderReplacementFallback("?"), DecoderFallback.ExceptionFallback);
        for (var value = 0; value <= 0x10FFFF; value++)
        {
            // The platform lets five control characters through that the code page leaves empty; a control character is refused anyway.
            if (!Rune.IsValid(value) || value is >= 0x80 and < 0xA0) continue;
            var rune = new Rune(value);
            Assert.Equal(PlatformByte(platform, rune), Windows1252.TryEncode(rune, out var encoded) ? encoded : null);
        }
    }

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+47 22 00 00 00")]
    [InlineData("-2")]
    [InlineData("@SUM(1)")]
    [InlineData("\t=1")]
    [InlineData("\rx")]
    [InlineData("\nx")]
    [InlineData("  =1")]
    [InlineData("\u00a0=1")]
    [InlineData("\u3000=1")]
    [InlineData("\u200b=1")]
    [InlineData("\"=1")]
    [InlineData("'=1")]
    [InlineData("” ' =1")]
    [InlineData("＝1")]
    [InlineData("＋1")]
    [InlineData("－1")]
    [InlineData(" ＠1")]
    public void Text_that_a_spreadsheet_would_run_is_known(string text) => Assert.True(Formula.Begins(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("Møte = kaffe")]
    [InlineData("1-2")]
    [InlineData("Å-=")]
    [InlineData("日=1")]
    [InlineData("🦻=1")]
    public void Ordinary_text_is_left_alone(string text) => Assert.False(Formula.Begins(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData(0, "decimal", "0.00")]
    [InlineData(1, "decimal", "0.01")]
    [InlineData(-5, "decimal", "-0.05")]
    [InlineData(125_050, "decimal", "1250.50")]
    [InlineData(-125_050, "decimal", "-1250.50")]
    [InlineData(125_050, "signed", "+1250.50")]
    [InlineData(-125_050, "signed", "-1250.50")]
    [InlineData(125_050, "trailing-sign", "1250.50")]
    [InlineData(-125_050, "trailing-sign", "1250.50-")]
    [InlineData(-125_050, "minor", "-125050")]
    [InlineData(125_050, "signed-minor", "+125050")]
    [InlineData(long.MaxValue, "decimal", "92233720368547758.07")]
    [InlineData(long.MinValue, "signed", "-92233720368547758.08")]
    public void An_amount_is_written_as_its_format_says(long minor, string format, string expected)
    {
        Span<byte> target = stackalloc byte[AmountFormats.Longest];
        var length = AmountFormats.Write(AmountFormats.Magnitude(minor), minor < 0, (AmountFormat)Array.IndexOf(AmountFormats.Words, format), (byte)'.', target);
        Assert.Equal(expected, Encoding.UTF8.GetString(target[..length]));
    }

    [Theory]
    [InlineData("yyyyMMdd")]
    [InlineData("dd.MM.yyyy")]
    [InlineData("d.M.yy")]
    [InlineData("yyyy-MM-ddTHH:mm:ssZ")]
    [InlineData("HH:mm dd/MM/yyyy")]
    public void A_date_is_written_as_the_platform_writes_it(string format)
    {
        var pattern = DatePattern.Parse(format, withTime: true)!;
        ArbitraryClaims.Hold(Prop.ForAll(Gen.Choose(0, 3_652_058).Select(day => DateOnly.FromDayNumber(day).ToDateTime(new TimeOnly(day % 24, day % 60, day % 59))).ToArbitrary(), moment =>
        {
            Span<byte> target = stackalloc byte[pattern.Longest];
            Assert.Equal(moment.ToString(format.Replace("T", "'T'", StringComparison.Ordinal).Replace("Z", "'Z'", StringComparison.Ordinal).Replace("/", "'/'", StringComparison.Ordinal), CultureInfo.InvariantCulture), Encoding.UTF8.GetString(target[..pattern.Write(moment, target)]));
        }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("TZ")]
    [InlineData("yyyy-mmm-dd")]
    [InlineData("yyyyZ-MM")]
    [InlineData("yyyy;MM")]
    [InlineData("Y")]
    public void What_is_no_date_format_is_refused(string format) => Assert.Null(DatePattern.Parse(format, withTime: true));

    [Fact]
    public void A_date_has_no_time() => Assert.Null(DatePattern.Parse("yyyy-MM-dd HH", withTime: false));

    [Fact]
    public void The_fast_reading_of_lines_is_the_same_as_the_general_one()
    {
        var fast = new LineScanner();
        var general = new LineScanner();
        ArbitraryClaims.Hold(Prop.ForAll(ArbitraryClaims.Batches, claims =>
        {
            foreach (var claim in claims)
            {
                fast.Read(claim.Claim.Lines);
                general.ReadJson(claim.Claim.Lines);
                Assert.Equal(Texts(general), Texts(fast));
                Assert.Equal(ClaimLines.Read(claim.Claim.Lines.Span).SelectMany(Texts), Texts(fast));
            }
        }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[{}")]
    [InlineData("""[{"date":"2026-01-01","category":"a","description":"b","amountMinor":1}""")]
    [InlineData("""[{"date":"2026-01-01","category":"a","description":"b","amountMinor":1,"force":true}]""")]
    [InlineData("""[{"date":"2026-01-01","category":"a","description":"b","amountMinor":1.5}]""")]
    public void Lines_that_are_not_what_was_stored_throw(string json) =>
        Assert.ThrowsAny<Exception>(() => new LineScanner().Read(Encoding.UTF8.GetBytes(json)));

    private static IEnumerable<string> Texts(LineScanner scanner)
    {
        for (var i = 0; i < scanner.Count; i++)
        {
            var line = scanner[i];
            foreach (var slice in new[] { line.Date, line.Category, line.Description, line.Quantity, line.Unit }) yield return Encoding.UTF8.GetString(scanner.Text(slice));
            yield return line.AmountMinor.ToString(CultureInfo.InvariantCulture);
            for (var d = 0; d < line.Dimensions; d++)
            {
                var (name, value) = scanner.Dimension(line, d);
                yield return Encoding.UTF8.GetString(scanner.Text(name)) + "=" + Encoding.UTF8.GetString(scanner.Text(value));
            }
        }
    }

    private static IEnumerable<string> Texts(ClaimLine line) =>
    [
        line.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), line.Category, line.Description, line.Quantity?.ToString(CultureInfo.InvariantCulture) ?? "", line.Unit ?? "",
        line.AmountMinor.ToString(CultureInfo.InvariantCulture), .. line.Dimensions.Select(dimension => $"{dimension.Name}={dimension.Value}"),
    ];

    private static byte? PlatformByte(Encoding platform, Rune rune)
    {
        var encoded = platform.GetBytes(rune.ToString());
        return encoded is [(byte)'?', ..] && rune.Value != '?' ? null : encoded[0];
    }
}
