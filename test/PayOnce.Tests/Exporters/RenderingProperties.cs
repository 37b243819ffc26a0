using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FsCheck.Fluent;
using PayOnce.Claims;
using PayOnce.Exporters;
using PayOnce.Runs;

namespace PayOnce.Tests.Exporters;

/// <summary>What holds for every file whatever the claims are, read back by another reader than the one that wrote it.</summary>
public sealed partial class RenderingProperties
{
    public static TheoryData<string> EveryIntegration => Golden.GoldenFileTests.Integrations;

    public static TheoryData<string> EveryVoucherFile => ["xledger-gl02", "xledger-gl02b", "xledger-gl02-texts", "dynamics-journal", "dynamics-journal-currencies"];

    [Theory]
    [MemberData(nameof(EveryVoucherFile))]
    public void Every_voucher_of_a_file_sums_to_zero(string integration)
    {
        var settings = Golden.GoldenFileTests.Settings(integration);
        var renderer = Examples.Renderer(settings);
        ArbitraryClaims.Hold(Prop.ForAll(ArbitraryClaims.Batches, claims =>
        {
            var batch = renderer.Render(claims, 1);
            var rows = CsvFile.Read(settings, Examples.File(renderer, batch));
            Assert.Equal(batch.Lines, rows.Count);
            foreach (var voucher in rows.GroupBy(row => row[settings.Exporter == "xledger" ? "InvoiceNo" : "External Document No."]))
            {
                Assert.Equal(0m, voucher.Sum(row => CsvFile.Amount(row[settings.Exporter == "xledger" ? "amount" : "Amount"])));
                Assert.Contains(claims, claim => claim.ExportKey == voucher.Key && voucher.Count() == claim.Lines() + 1);
            }
        }));
    }

    [Theory]
    [InlineData("xledger-json", "inputs", "invoiceNumber")]
    [InlineData("dynamics-json", "journalLines", "documentNumber")]
    public void Every_voucher_in_JSON_sums_to_zero(string integration, string list, string key)
    {
        var renderer = Examples.Renderer(Golden.GoldenFileTests.Settings(integration));
        ArbitraryClaims.Hold(Prop.ForAll(ArbitraryClaims.Batches, claims =>
        {
            var batch = renderer.Render(claims, 1);
            using var file = JsonDocument.Parse(Examples.File(renderer, batch));
            var rows = file.RootElement.GetProperty(list).EnumerateArray().Select(row => row.TryGetProperty("node", out var node) ? node : row).ToList();
            Assert.Equal(batch.Lines, rows.Count);
            foreach (var voucher in rows.GroupBy(row => row.GetProperty(key).GetString()))
            {
                Assert.Equal(0m, voucher.Sum(row => decimal.Parse(row.GetProperty("amount").ToString(), CultureInfo.InvariantCulture)));
                Assert.Contains(claims, claim => claim.ExportKey == voucher.Key && voucher.Count() == claim.Lines() + 1);
            }
        }));
    }

    [Theory]
    [MemberData(nameof(EveryIntegration))]
    public void A_file_is_the_same_however_its_claims_are_cut_into_batches(string integration)
    {
        var renderer = Examples.Renderer(Golden.GoldenFileTests.Settings(integration));
        ArbitraryClaims.Hold(Prop.ForAll(ArbitraryClaims.Batches, Gen.Choose(1, 5).ToArbitrary(), (claims, size) =>
        {
            var whole = renderer.Render(claims, 41);
            var pieces = claims.Chunk(size).Select((piece, index) => renderer.Render(piece, 41 + index * size)).ToList();
            var file = new List<byte>();
            foreach (var piece in pieces.Where(piece => !piece.Bytes.IsEmpty))
            {
                if (file.Count > 0) file.AddRange(renderer.Separator.Span);
                file.AddRange(piece.Bytes.Span);
            }
            Assert.Equal(whole.Bytes.ToArray(), file);
            Assert.Equal((whole.Claims, whole.Lines), (pieces.Sum(piece => piece.Claims), pieces.Sum(piece => piece.Lines)));
            Assert.Equal(whole.Rejections, pieces.SelectMany(piece => piece.Rejections));
            Assert.Equal(
                whole.ControlTotals,
                pieces.SelectMany(piece => piece.ControlTotals).GroupBy(total => total.Currency).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => new ControlTotal(group.Key, group.Sum(total => total.AmountMinor))));
        }), times: 60);
    }

    [Theory]
    [MemberData(nameof(EveryIntegration))]
    public void Rendering_is_deterministic_and_every_claim_is_in_the_file_or_rejected_by_name(string integration)
    {
        var settings = Golden.GoldenFileTests.Settings(integration);
        var renderer = Examples.Renderer(settings);
        ArbitraryClaims.Hold(Prop.ForAll(ArbitraryClaims.Batches, claims =>
        {
            var batch = renderer.Render(claims, 41);
            Assert.Equal(batch.Bytes.ToArray(), renderer.Render(claims, 41).Bytes.ToArray());
            Assert.Equal(batch.Bytes.ToArray(), Examples.Renderer(settings).Render(claims, 41).Bytes.ToArray());
            var text = Encoding.UTF8.GetString(batch.Bytes.Span);
            foreach (var claim in claims)
                Assert.NotEqual(batch.Rejections.Any(rejection => rejection.ClaimId == claim.Claim.ClaimId), text.Contains(claim.ExportKey, StringComparison.Ordinal));
            Assert.All(batch.Rejections, rejection => Assert.Equal(rejection.ClaimId, rejection.Problem.ClaimId));
            Assert.Equal(claims.Count, batch.Claims + batch.Rejections.Count);
        }), times: 60);
    }

    [Theory]
    [InlineData("""{"exporter":"generic","transport":"file","format":"csv"}""")]
    [InlineData("""{"exporter":"generic","transport":"file","format":"csv","mapping":{"delimiter":",","quoting":"always","encoding":"utf-8-bom","lineEnding":"crlf","decimalSign":","}}""")]
    [InlineData("""{"exporter":"generic","transport":"file","format":"csv","mapping":{"delimiter":"\t","encoding":"windows-1252"}}""")]
    [InlineData("""{"exporter":"generic","transport":"file","format":"csv","mapping":{"delimiter":"|","quoting":"never"}}""")]
    public void What_a_claim_says_is_what_another_reader_reads(string json)
    {
        var settings = Examples.Settings(json);
        var renderer = Examples.Renderer(settings);
        ArbitraryClaims.Hold(Prop.ForAll(ArbitraryClaims.Batches, claims =>
        {
            var batch = renderer.Render(claims, 1);
            var rows = CsvFile.Read(settings, Examples.File(renderer, batch));
            var left = batch.Rejections.Select(rejection => rejection.ClaimId).ToHashSet();
            var lines = claims.Where(claim => !left.Contains(claim.Claim.ClaimId)).SelectMany(claim => ClaimLines.Read(claim.Claim.Lines.Span).Select((line, index) => (claim.Claim, line, index))).ToList();
            Assert.Equal(lines.Count, rows.Count);
            foreach (var ((claim, line, index), row) in lines.Zip(rows))
            {
                Assert.Equal(claim.ClaimId, row["claim_id"]);
                Assert.Equal(Defused(claim.ClaimantId), row["claimant_id"]);
                Assert.Equal(Defused(claim.ClaimantName), row["claimant_name"]);
                Assert.Equal(Defused(claim.Type), row["type"]);
                Assert.Equal(Defused(line.Description), row["description"]);
                Assert.Equal(line.AmountMinor, CsvFile.Amount(row["amount"]) * 100);
                Assert.Equal(line.Quantity?.ToString(CultureInfo.InvariantCulture) ?? "", row["quantity"].Replace(',', '.'));
                Assert.Equal(line.Unit ?? "", row["unit"]);
                Assert.Equal((index + 1).ToString(CultureInfo.InvariantCulture), row["line_number"]);
                Assert.Equal(line.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), row["line_date"]);
            }
        }));
    }

    [Fact]
    public void No_cell_is_longer_than_Business_Central_has_room_for()
    {
        var settings = Examples.Settings("""{"exporter":"dynamics","transport":"file","format":"journal","texts":{"line":"{description}","balance":"{claimantName} {type}"},"dimensions":{"department":{"target":"Shortcut Dimension 1 Code","passThrough":true}}}""");
        var renderer = Examples.Renderer(settings);
        (string Column, int Limit)[] limits = [("Document No.", 20), ("External Document No.", 35), ("Account No.", 20), ("Description", 100), ("Currency Code", 10), ("Shortcut Dimension 1 Code", 20), ("Journal Batch Name", 10), ("Journal Template Name", 10)];
        ArbitraryClaims.Hold(Prop.ForAll(ArbitraryClaims.Batches, claims =>
        {
            foreach (var row in CsvFile.Read(settings, Examples.File(renderer, renderer.Render(claims, 1))))
                Assert.All(limits, limit => Assert.InRange(row[limit.Column].Length, 0, limit.Limit));
        }));
    }

    [Fact]
    public void No_cell_is_longer_than_Xledger_has_room_for()
    {
        var settings = Golden.GoldenFileTests.Settings("xledger-gl02b");
        var renderer = Examples.Renderer(settings);
        (string Column, int Limit)[] limits = [("ImpSystem", 25), ("ImpSystemRef", 25), ("voucherType", 8), ("VoucherNo", 8), ("FiscalYear", 4), ("EOL", 1)];
        ArbitraryClaims.Hold(Prop.ForAll(ArbitraryClaims.Batches, Gen.Choose(1, 200_000_000).ToArbitrary(), (claims, firstVoucher) =>
        {
            foreach (var row in CsvFile.Read(settings, Examples.File(renderer, renderer.Render(claims, firstVoucher))))
                Assert.All(limits, limit => Assert.InRange(row[limit.Column].Length, 1, limit.Limit));
        }));
    }

    // Written apart from the code that it tests: what is first, behind blanks and quotes.
    private static string Defused(string text) => FormulaLike().IsMatch(text) ? "'" + text : text;

    [GeneratedRegex("""\A(?:[ \u00a0"'])*[=+\-@\t\r\n＝＋－＠]""")]
    private static partial Regex FormulaLike();
}

file static class ReservedClaims
{
    public static int Lines(this ReservedClaim claim) => ClaimLines.Read(claim.Claim.Lines.Span).Count;
}
