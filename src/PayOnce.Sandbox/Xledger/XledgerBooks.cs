using System.Globalization;
using System.Text.Json.Nodes;

namespace PayOnce.Sandbox.Xledger;

/// <summary>
/// What this Xledger holds: the import's lines, and the ledger that a job makes of them. No field of an import line is unique, so
/// that what is sent twice stands there twice.
/// </summary>
internal sealed class XledgerBooks
{
    private readonly XledgerOptions options;
    private readonly Lock gate = new();
    private readonly List<ImportRow> imports = [];
    private readonly List<EntryRow> entries = [];
    private readonly List<ErrorRow> errors = [];
    private readonly List<SupplierRow> suppliers = [];
    private long lastDbId = 1_000_000;
    private long lastTransaction = 20_000_000;
    private long deliveries;

    public XledgerBooks(XledgerOptions options, DateTimeOffset now)
    {
        this.options = options;
        Accounts = Codes(options.Accounts, code => $"Konto {code}", now);
        TaxRules = Codes(["0", "1", "2", "5"], code => $"Avgiftsregel {code}", now);
        Sources = Codes(["GL", "AP", "AR"], code => code, now);
        Entities = Codes(options.Entities, code => $"Enhet {code}", now);
    }

    public IReadOnlyList<CodeRow> Accounts { get; }

    public IReadOnlyList<CodeRow> TaxRules { get; }

    public IReadOnlyList<CodeRow> Sources { get; }

    public IReadOnlyList<CodeRow> Entities { get; }

    public IReadOnlyList<ImportRow> Imports
    {
        get { lock (gate) return [.. imports.Where(row => options.ShowsPostedImports || !row.Posted)]; }
    }

    public IReadOnlyList<EntryRow> Entries
    {
        get { lock (gate) return [.. entries]; }
    }

    /// <summary>The supplier ledger: lines that name a supplier.</summary>
    public IReadOnlyList<EntryRow> Payables
    {
        get { lock (gate) return [.. entries.Where(row => row.Import.Subledger is not null)]; }
    }

    public IReadOnlyList<ErrorRow> Errors
    {
        get { lock (gate) return [.. errors]; }
    }

    public IReadOnlyList<SupplierRow> Suppliers
    {
        get { lock (gate) return [.. suppliers]; }
    }

    /// <summary>What was delivered of each key, once for each delivery, whether it is posted by now or not.</summary>
    public IReadOnlyList<Booking> Bookings
    {
        get
        {
            lock (gate)
            {
                var transactions = entries.GroupBy(entry => entry.Import.DbId).ToDictionary(group => group.Key, group => group.First().TransactionNumber);
                return
                [
                    .. imports.GroupBy(row => (row.Key, row.Delivery)).Select(group =>
                    {
                        var first = group.First();
                        var posted = transactions.TryGetValue(first.DbId, out var number);
                        var balance = group.MaxBy(row => row.TrItemNumber ?? 0)!.AmountMinor;
                        return new Booking(
                            group.Key.Key,
                            (posted ? number : first.DbId).ToString(CultureInfo.InvariantCulture),
                            first.Currency ?? "NOK",
                            balance < 0 ? -balance : group.Where(row => row.AmountMinor > 0).Sum(row => row.AmountMinor),
                            first.CreatedAt,
                            posted ? "posted" : "import-line");
                    }),
                ];
            }
        }
    }

    /// <summary>Takes lines into the import, all of them. Their ids are given here.</summary>
    public IReadOnlyList<ImportRow> Import(IReadOnlyList<ImportRow> rows)
    {
        lock (gate)
        {
            deliveries++;
            List<ImportRow> taken = [.. rows.Select(row => row with { DbId = ++lastDbId, Delivery = deliveries })];
            imports.AddRange(taken);
            return taken;
        }
    }

    /// <summary>A code that nobody has yet; a second one of the same is refused.</summary>
    public SupplierRow AddSupplier(string path, string code, string description, string? email, DateTimeOffset now)
    {
        lock (gate)
        {
            if (suppliers.Exists(supplier => supplier.Code == code)) throw new XledgerRefusal(path, $"a supplier with code '{code}' exists.");
            var supplier = new SupplierRow(++lastDbId, code, description, email, now);
            suppliers.Add(supplier);
            return supplier;
        }
    }

    /// <summary>Whether a line may name this supplier.</summary>
    public bool KnowsSupplier(string code)
    {
        lock (gate) return options.KnowsEverySupplier || suppliers.Exists(supplier => supplier.Code == code);
    }

    /// <summary>What the job does that posts the import: vouchers whose time has come, if they sum to zero.</summary>
    public void PostDue(DateTimeOffset now)
    {
        lock (gate)
        {
            foreach (var voucher in imports.Where(row => row is { Posted: false, Failed: false }).GroupBy(row => row.Voucher).ToList())
            {
                if (!voucher.All(row => row.PostsAt <= now)) continue;
                if (Trouble(voucher) is { } trouble) Fail(voucher, trouble, now);
                else Post(voucher, now);
            }
        }
    }

    public JsonNode State()
    {
        lock (gate)
        {
            return new JsonObject
            {
                ["importLines"] = imports.Count(row => !row.Posted),
                ["ledgerLines"] = entries.Count,
                ["vouchers"] = entries.Select(entry => entry.TransactionNumber).Distinct().Count(),
                ["errors"] = new JsonArray([.. errors.Select(error => JsonValue.Create(error.Message))]),
                ["suppliers"] = suppliers.Count,
            };
        }
    }

    private static string? Trouble(IEnumerable<ImportRow> voucher)
    {
        if (voucher.Any(row => row.Account is null)) return "Account is missing.";
        var sum = voucher.Sum(row => row.AmountMinor);
        return sum == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"The voucher does not balance: {sum / 100m:0.00}.");
    }

    private void Fail(IEnumerable<ImportRow> voucher, string message, DateTimeOffset now)
    {
        foreach (var row in voucher) row.Failed = true;
        errors.Add(new ErrorRow(++lastDbId, voucher.First().DbId, message, now));
    }

    private void Post(IEnumerable<ImportRow> voucher, DateTimeOffset now)
    {
        lastTransaction++;
        foreach (var row in voucher)
        {
            row.Posted = true;
            entries.Add(new EntryRow(++lastDbId, lastTransaction, now, row));
        }
    }

    private List<CodeRow> Codes(IEnumerable<string> codes, Func<string, string> text, DateTimeOffset now) => [.. codes.Select(code => new CodeRow(++lastDbId, code, text(code), now))];
}
