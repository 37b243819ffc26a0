namespace PayOnce.Bench;

/// <summary>The integration whose file both sides write. Line feeds and no quotes needed, because a database's COPY writes the same then.</summary>
public static class ExportSettings
{
    public const string Json = """
        {
          "exporter": "generic", "transport": "file", "format": "csv",
          "mapping": {
            "delimiter": ";", "lineEnding": "lf", "header": true, "rows": "lines",
            "columns": [
              { "name": "voucher", "field": "voucherNumber" }, { "name": "export_key", "field": "exportKey" }, { "name": "claim_id", "field": "claimId" },
              { "name": "claimant_id", "field": "claimantId" }, { "name": "line_date", "field": "lineDate" }, { "name": "category", "field": "category" },
              { "name": "description", "field": "description" }, { "name": "amount", "field": "amount" }, { "name": "currency", "field": "currency" }
            ]
          }
        }
        """;
}
