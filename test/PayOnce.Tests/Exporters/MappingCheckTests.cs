using System.Text;
using PayOnce.Exporters;

namespace PayOnce.Tests.Exporters;

/// <summary>What would reject every claim, or write a file nobody can use, is refused when it is set.</summary>
public sealed class MappingCheckTests
{
    private const string Key = """{"name":"key","field":"exportKey"}""";

    [Theory]
    [InlineData("""{"name":"a","field":"claimID"}""", """mapping.columns[1].field "claimID": column "a": is no field; fields are organisation, run,""")]
    [InlineData("""{"name":"a","field":"dimension:department"}""", """mapping.columns[1].field "dimension:department": column "a": must be one of the integration's dimensions""")]
    [InlineData("""{"name":"a","field":"lineDate","format":"yyyy-mm-dd"}""", """mapping.columns[1].format "yyyy-mm-dd": column "a": must be a date format of yyyy, yy, MM, M, dd, d and - . /""")]
    [InlineData("""{"name":"a","field":"approvedAt","format":"ZHH"}""", """mapping.columns[1].format "ZHH": column "a": must be a format of yyyy""")]
    [InlineData("""{"name":"a","field":"amount","format":"0.00"}""", """mapping.columns[1].format "0.00": column "a": must be one of decimal, signed, trailing-sign, minor, signed-minor""")]
    [InlineData("""{"name":"a","field":"voucherNumber","format":"00x"}""", """mapping.columns[1].format "00x": column "a": must be zeros""")]
    [InlineData("""{"name":"a","field":"type","format":"upper"}""", """mapping.columns[1].format "upper": column "a": must be left out: this field is text""")]
    [InlineData("""{"name":"a","template":"{type} {claimNumber}"}""", """mapping.columns[1].template "claimNumber": column "a": is no field""")]
    [InlineData("""{"name":"a","template":"{type"}""", """mapping.columns[1].template "{type": column "a": must have a closing brace""")]
    [InlineData("""{"name":"a","template":"{lineDate:yy-yyyyy}x}"}""", """mapping.columns[1].template "{lineDate:yy-yyyyy}x}": column "a": must have a closing brace""")]
    [InlineData("""{"name":"key","field":"claimId"}""", """mapping.columns "key": is the name of two columns; each must have its own""")]
    [InlineData("""{"name":"a","field":"claimId","balance":{"constant":"x"}}""", """mapping.columns[1].balance: column "a": there is no balancing row in a file of rows "lines" """)]
    [InlineData("""{"name":"a","field":"amount","onTooLong":"cut","maxLength":4}""", """mapping.columns[1].onTooLong "cut": column "a": only text may be cut; amount would become another value""")]
    [InlineData("""{"name":"a","field":"claimantId","onTooLong":"cut"}""", """mapping.columns[1].onTooLong "cut": column "a": only text may be cut; claimantId would become another value""")]
    [InlineData("""{"name":"a","field":"lineNumber","width":4,"pad":"0"}""", """mapping.columns[1].pad "0": column "a": a digit may only fill up in front""")]
    [InlineData("""{"name":"a","field":"lineNumber","width":4,"pad":";"}""", """mapping.columns[1].pad ";": column "a": must not be the delimiter or a quote""")]
    [InlineData("""{"name":"a","constant":"too long","maxLength":3}""", """mapping.columns[1].constant "too long": does not fit column "a", which takes at most 3 characters""")]
    public void A_column_that_cannot_work_is_named(string column, string expected)
    {
        var problem = Assert.Single(Problems($$$"""{"exporter":"generic","transport":"file","format":"csv","mapping":{"columns":[{{{Key}}},{{{column}}}]}}"""));
        Assert.StartsWith("i.json, " + expected.TrimEnd(), problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("generic", "csv", """{"mapping":{"columns":[{"name":"a","field":"claimId"}]}}""", "mapping.columns: must have a column with the field exportKey: by it a claim is known again")]
    [InlineData("generic", "csv", """{"mapping":{"columns":[{"name":"a","field":"exportKey","maxLength":12}]}}""", """mapping.columns "a": must have room for the 16 characters of an export key""")]
    [InlineData("generic", "csv", """{"mapping":{"rows":"claims","columns":[{"name":"a","field":"exportKey"},{"name":"b","field":"category"}]}}""", """mapping.columns[1].field "category": column "b": belongs to a line, and this file has a row for each claim""")]
    [InlineData("generic", "csv", """{"mapping":{"rows":"lines-and-balance","columns":[{"name":"a","field":"exportKey"}]}}""", "mapping.columns: must have a column with the field amount, or one with debit and one with credit")]
    [InlineData("generic", "csv", """{"mapping":{"rows":"lines-and-balance","columns":[{"name":"a","field":"exportKey"},{"name":"b","field":"amount","balance":{"constant":"0"}}]}}""", """mapping.columns[1].balance: column "b": the amount of the balancing row is given, or the voucher would not sum to zero""")]
    [InlineData("generic", "csv", """{"mapping":{"rows":"lines-and-balance"}}""", """accounts: is missing; rows "lines-and-balance" book each line on an account""")]
    [InlineData("generic", "csv", """{"mapping":{"encoding":"windows-1252","columns":[{"name":"Nøkkel","field":"exportKey"},{"name":"Č","field":"type"}]}}""", """mapping.columns[1].name "Č": has the character Č, which the file's encoding does not have""")]
    [InlineData("generic", "csv", """{"mapping":{"quoting":"never","columns":[{"name":"a;b","field":"exportKey"}]}}""", """mapping.columns[0].name "a;b": has a delimiter or quote, and this file is written without quotes""")]
    [InlineData("generic", "csv", """{"mapping":{"quoting":"never","delimiter":",","decimalSign":","}}""", """mapping.decimalSign ",": is the delimiter too, and this file is written without quotes""")]
    [InlineData("generic", "csv", """{"mapping":{"dateFormat":"ddmmyyyy"}}""", """mapping.dateFormat "ddmmyyyy": must be a date format of yyyy, yy, MM, M, dd, d and - . /""")]
    [InlineData("generic", "csv", """{"dimensions":{"department":{"passThrough":true}},"mapping":{"columns":[{"name":"a","field":"exportKey"}]}}""", """dimensions.department.target "department": has no column: the mapping's columns must hold each dimension of the integration""")]
    [InlineData("generic", "csv", """{"voucher":{"journalBatch":"A"}}""", """voucher.journalBatch "A": belongs to Xledger and Business Central; here it has no use""")]
    [InlineData("generic", "csv", """{"limits":{"descripton":10}}""", "limits.descripton: is no column of this mapping")]
    [InlineData("generic", "csv", """{"accounts":{"default":"71400"},"limits":{"account":4}}""", """accounts.default "71400": does not fit column "account", which takes at most 4 characters""")]
    [InlineData("generic", "json", """{"mapping":{"header":false}}""", "mapping: has no meaning for the format json, which has no columns")]
    [InlineData("xledger", "gl02", """{"mapping":{"rows":"lines"}}""", """mapping.rows "lines": must be "lines-and-balance": Xledger books vouchers that sum to zero""")]
    [InlineData("xledger", "gl02", """{"limits":{"VoucherNo":9}}""", """limits.VoucherNo "9": may only tighten the documented limit of 8""")]
    [InlineData("xledger", "gl02", """{"voucher":{"voucherType":"REISEREGNING"}}""", """voucher.voucherType "REISEREGNING": does not fit column "voucherType", which takes at most 8 characters""")]
    [InlineData("xledger", "gl02", """{"voucher":{"entity":"23601"}}""", """voucher.entity "23601": has no column in GL02; the format gl02b has one""")]
    [InlineData("xledger", "gl02", """{"voucher":{"journalBatch":"A"}}""", """voucher.journalBatch "A": belongs to Business Central; here it has no use""")]
    [InlineData("xledger", "gl02", """{"texts":{"line":"{name}"}}""", """texts.line "name": column "text": is no field""")]
    [InlineData("xledger", "gl02", """{"currencies":["NOK","EUR"]}""", """currencies "EUR": cannot be booked: Xledger's import wants the amount in the entity's own currency too, and PayOnce has no rates; only localCurrency (NOK) can""")]
    [InlineData("xledger", "gl02", """{"accounts":{"default":"7140"}}""", "accounts.credit: is missing: it is the account that the claim's total is owed on")]
    [InlineData("xledger", "gl02", """{"accounts":{"credit":"2400"}}""", "accounts: must have a default, categories or types: no line could be booked")]
    [InlineData("xledger", "gl02", """{"dimensions":{"department":{"target":"posting3","passThrough":true}}}""", """dimensions.department.target "posting3": must be posting1, Posting 2 (PRJ) or XGL""")]
    [InlineData("xledger", "gl02", """{"dimensions":{"a":{"target":"XGL","passThrough":true},"b":{"target":"XGL","passThrough":true}}}""", """dimensions.b.target "XGL": must be posting1, Posting 2 (PRJ) or XGL, each for one dimension""")]
    [InlineData("xledger", "gl02", """{"mapping":{"columns":[{"name":"InvoiceNo","template":"{exportKey}"},{"name":"amount","field":"amount"}]}}""", """mapping.columns "InvoiceNo": must be a column with the field exportKey in every row: by it Xledger and PayOnce know the claim again""")]
    [InlineData("xledger", "gl02", """{"mapping":{"columns":[{"name":"InvoiceNo","field":"exportKey"},{"name":"amount","field":"amount"},{"name":"VoucherNo","field":"voucherNumber","width":10}]}}""", """mapping.columns[2].width "10": column "VoucherNo" is wider than Xledger takes: at most 8""")]
    [InlineData("xledger", "json", """{"dimensions":{"department":{"target":"glObject9","passThrough":true}}}""", """dimensions.department.target "glObject9": must be one of glObject1,""")]
    [InlineData("xledger", "json", """{"texts":{"balance":"{x}"}}""", """texts.balance "x": column "text": is no field""")]
    [InlineData("xledger", "json", """{"limits":{"amount":3}}""", "limits.amount: is no field with a limit here;")]
    [InlineData("dynamics", "journal", """{"voucher":{"journalBatch":"UTLEGGSKRAV"}}""", """voucher.journalBatch "UTLEGGSKRAV": does not fit column "Journal Batch Name", which takes at most 10 characters""")]
    [InlineData("dynamics", "journal", """{"voucher":{"voucherType":"GL"}}""", """voucher.voucherType "GL": belongs to Xledger; here it has no use""")]
    [InlineData("dynamics", "journal", """{"accounts":{"default":"7140","credit":"2400"}}""", """accounts.credit "2400": has no use with creditTo "supplier": the claimant's vendor is the account""")]
    [InlineData("dynamics", "journal", """{"accounts":{"default":"7140","creditTo":"account"}}""", "accounts.credit: is missing: it is the account that the claim's total is owed on")]
    [InlineData("dynamics", "journal", """{"accounts":{"default":"712345678901234567890"}}""", """accounts.default "712345678901234567890": does not fit column "Account No.", which takes at most 20 characters""")]
    [InlineData("dynamics", "journal", """{"dimensions":{"department":{"target":"Shortcut Dimension 1 Code","values":{"oslo":"A-VALUE-OF-MORE-THAN-20"}}}}""", """dimensions.department.values.oslo "A-VALUE-OF-MORE-THAN-20": does not fit column "Shortcut Dimension 1 Code", which takes at most 20 characters""")]
    [InlineData("dynamics", "journal", """{"mapping":{"columns":[{"name":"Document No.","field":"exportKey"},{"name":"Amount","field":"amount"}]}}""", """mapping.columns "External Document No.": must be a column with the field exportKey in every row""")]
    [InlineData("dynamics", "json", """{"currencies":["EUR"]}""", """currencies "EUR": cannot be booked: the API's journal lines have no currency; only localCurrency (NOK) can""")]
    [InlineData("dynamics", "json", """{"voucher":{"journalBatch":"UTLEGGSKRAV"}}""", """voucher.journalBatch "UTLEGGSKRAV": must have at most 10 characters""")]
    [InlineData("dynamics", "json", """{"limits":{"description":101}}""", """limits.description "101": may only tighten the documented limit of 100""")]
    [InlineData("dynamics", "json", """{"accounts":{"default":"712345678901234567890"}}""", """accounts.default "712345678901234567890": does not fit column "account", which takes at most 20 characters""")]
    [InlineData("dynamics", "json", """{"dimensions":{"a":{"target":"AVD","passThrough":true},"b":{"target":"AVD","passThrough":true}}}""", """dimensions "AVD": is the target of two dimensions; each must have its own""")]
    public void Settings_that_cannot_work_are_refused_with_their_place_and_rule(string exporter, string format, string more, string expected)
    {
        var problem = Assert.Single(Problems($$"""{"exporter":"{{exporter}}","transport":"file","format":"{{format}}",{{more[1..]}}"""));
        Assert.StartsWith("i.json, " + expected, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_limit_of_ones_own_tightens_the_documented_one()
    {
        var settings = Examples.Settings("""{"exporter":"dynamics","transport":"file","format":"journal","texts":{"line":"{description}"},"limits":{"Description":10}}""");
        var batch = Examples.Renderer(settings).Render([Examples.Reserved(Examples.Claim("A-1", Examples.Line(1, description: "Kjøring Oslo–Bergen")))], 1);
        Assert.Contains(";Kjøring Os;", Encoding.UTF8.GetString(batch.Bytes.Span), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Problems(string json) => IntegrationSettings.Parse("i.json", Encoding.UTF8.GetBytes(json)).Problems.Select(problem => problem.ToString());
}
