using System.Globalization;
using GraphQL;
using GraphQL.Resolvers;
using GraphQL.Types;

namespace PayOnce.Sandbox.Xledger;

/// <summary>The mutation <c>addGLImportItems</c>: lines into the import, all or none of them, and as often as they are sent.</summary>
internal sealed class XledgerImport(XledgerBooks books, XledgerTypes types)
{
    /// <summary>Nodes in a mass mutation (Xledger's general tips on GraphQL).</summary>
    public const int MostNodes = 500;

    private static readonly string[] References =
    [
        "transactionSource", "account", "taxRule", "currency", "glObject1", "glObject2", "glObject3", "glObject4", "glObject5", "transactionReg", "subledger", "slTransactionType", "ourRef", "payTerms",
        "payMethod", "paymentStatus", "product", "objectDef", "objectValueDef", "payDocCode", "payCode", "collectCode", "project", "xgl", "bankAccountRef", "discountTaxRule", "unit", "unitQuantity", "unitNumber",
        "jobLevel", "owner", "company", "invoiceFileInput", "importDefinition",
    ];

    private static readonly string[] Texts = ["invoiceNumber", "text", "bankAccount", "extOrderNumber", "yourReference", "payDocText", "paymentReference", "extIdentifier", "invoiceFile"];
    private static readonly string[] Dates = ["postedDate", "invoiceDate", "dueDate", "discountDate"];
    private static readonly string[] Numbers = ["trRegNumber", "trItemNumber", "positionNumber", "archive", "periodStart", "numberPeriod"];
    private static readonly string[] Amounts = ["amount", "invoiceAmount", "regAmount", "taxAmount", "taxAmount2", "discountAmount", "amount3", "amount4", "amount5"];
    private static readonly string[] Quantities = ["exchangeRate", "quantity", "quantity2", "quantity3", "discount"];

    public FieldType Field(ObjectGraphType importItem)
    {
        var node = new InputObjectGraphType { Name = "AddGLImportItemsInputNode" };
        foreach (var name in References) node.AddField(new FieldType { Name = name, ResolvedType = types.Reference });
        foreach (var name in Texts) node.AddField(GraphKind.Text.Field(name));
        foreach (var name in Dates) node.AddField(types.Date.Field(name));
        foreach (var name in Numbers) node.AddField(types.Int64.Field(name));
        foreach (var name in Amounts) node.AddField(types.Decimal.Field(name));
        foreach (var name in Quantities) node.AddField(GraphKind.Number.Field(name));
        node.AddField(GraphKind.Flag.Field("workflow"));
        return MassMutation.Field("addGLImportItems", "AddGLImportItems", node, importItem, Import);
    }

    private IReadOnlyList<(string? ClientId, object Node)> Import(IResolveFieldContext context, IReadOnlyList<MassInput> inputs)
    {
        if (inputs.Count > MostNodes) throw new XledgerRefusal("inputs", $"at most {MostNodes} nodes can be added at once, not {inputs.Count.ToString(CultureInfo.InvariantCulture)}.");
        var request = XledgerRequest.Of(context);
        List<ImportRow> rows = [.. inputs.Select(input => Row(input, request))];
        var vouchers = rows.Select(row => row.Voucher).Distinct().ToList();
        var refused = vouchers.Where(_ => request.Faults.Take(FaultKind.PartialFailure)).ToHashSet();
        var unspoken = vouchers.Where(_ => request.Faults.Take(FaultKind.IncompleteAnswer)).ToHashSet();
        foreach (var voucher in refused) context.Errors.Add(PeriodClosed(context, inputs[rows.FindIndex(row => row.Voucher == voucher)]));
        List<int> kept = [.. Enumerable.Range(0, rows.Count).Where(i => !refused.Contains(rows[i].Voucher))];
        var taken = books.Import([.. kept.Select(i => rows[i])]);
        // Not in their order: nothing promises it.
        return [.. kept.Select((place, i) => (inputs[place].ClientId, Node: taken[i])).Where(edge => !unspoken.Contains(edge.Node.Voucher)).Reverse().Select(edge => (edge.ClientId, (object)edge.Node))];
    }

    private static ExecutionError PeriodClosed(IResolveFieldContext context, MassInput input)
    {
        var error = XledgerErrors.Error(new XledgerRefusal($"{input.Path}.node.postedDate", "the period is closed."));
        error.Path = context.Path;
        return error;
    }

    private ImportRow Row(MassInput input, XledgerRequest request)
    {
        var account = input.Find("account", books.Accounts);
        var source = input.Find("transactionSource", books.Sources);
        input.Find("taxRule", books.TaxRules);
        var owner = input.Find("owner", books.Entities);
        var subledger = input.Code("subledger");
        if (subledger is not null && !books.KnowsSupplier(subledger)) throw new XledgerRefusal($"{input.Path}.node.subledger", $"there is no subledger with code '{subledger}'.");
        var currency = input.Code("currency");
        if (currency is not null && (currency.Length != 3 || !currency.All(char.IsAsciiLetterUpper))) throw new XledgerRefusal($"{input.Path}.node.currency", $"there is no currency with code '{currency}'.");
        return new ImportRow(
            0, 0, request.Now, request.PostsAfter is { } wait ? request.Now + wait : null,
            source?.Code, input.Value<long?>("trRegNumber"), input.Value<long?>("trItemNumber"), input.Value<string>("postedDate"), input.Value<string>("invoiceDate"), input.Value<string>("dueDate"),
            input.Value<string>("invoiceNumber"), input.Value<string>("extIdentifier"), input.Value<string>("extOrderNumber"), account, subledger, input.Value<string>("text"),
            input.Value<long?>("amount") ?? 0, currency, owner?.Code);
    }
}
