using GraphQL.Resolvers;
using GraphQL.Types;

namespace PayOnce.Sandbox.Xledger;

/// <summary>
/// The part of Xledger's schema that is modelled. Names of fields are those that public clients read and write; a field that none
/// of them names is not here, and asking for it is refused as the real one refuses what it does not have.
/// </summary>
internal static class XledgerSchema
{
    public static Schema Build(XledgerBooks books, XledgerOptions options)
    {
        var types = new XledgerTypes();
        var imports = Imports(books, options, types);
        var suppliers = Suppliers(books, types);
        var header = Header(types);
        var query = new ObjectGraphType { Name = "Query" };
        query.AddField(imports.Field());
        query.AddField(ImportErrors(books, types).Field());
        query.AddField(Ledger(books, options, types, header).Field());
        query.AddField(Payables(books, options, types, header).Field());
        query.AddField(suppliers.Field());
        query.AddField(Codes("accounts", "Account", types, books.Accounts).Field());
        query.AddField(Codes("taxRules", "TaxRule", types, books.TaxRules).Field());
        query.AddField(Codes("entities", "Entity", types, books.Entities).Field());
        var mutation = new ObjectGraphType { Name = "Mutation" };
        mutation.AddField(new XledgerImport(books, types).Field(imports.Node));
        mutation.AddField(AddSuppliers(books, suppliers.Node));
        var schema = new Schema { Query = query, Mutation = mutation };
        schema.Initialize();
        return schema;
    }

    private static XledgerList<ImportRow> Imports(XledgerBooks books, XledgerOptions options, XledgerTypes types) =>
        new XledgerList<ImportRow>("glImportItems", "GLImportItem", types, () => books.Imports)
            .Number("dbId", row => row.DbId)
            .Time("createdAt", row => row.CreatedAt)
            .Time("modifiedAt", row => row.CreatedAt)
            .Number("trRegNumber", row => row.TrRegNumber)
            .Number("trItemNumber", row => row.TrItemNumber)
            .Text("postedDate", row => row.PostedDate)
            .Text("invoiceDate", row => row.InvoiceDate)
            .Text("dueDate", row => row.DueDate)
            .Text("invoiceNumber", row => row.InvoiceNumber, options.FiltersInvoiceNumber)
            .Text("extIdentifier", row => row.ExtIdentifier, options.FiltersExtIdentifier)
            .Text("extOrderNumber", row => row.ExtOrderNumber)
            .Text("text", row => row.Text)
            .Amount("amount", row => row.AmountMinor)
            .Amount("invoiceAmount", row => row.AmountMinor)
            .Number("archive", row => row.Posted ? 1 : 0);

    private static XledgerList<ErrorRow> ImportErrors(XledgerBooks books, XledgerTypes types)
    {
        var level = new CodeRow(3, "ERROR", "Error", default);
        return new XledgerList<ErrorRow>("glImportItemErrors", "GLImportItemError", types, () => books.Errors)
            .Number("dbId", row => row.DbId)
            .Time("createdAt", row => row.CreatedAt)
            .Number("transactionDbId", row => row.TransactionDbId)
            .Text("message", row => row.Message)
            .Object("errorLevel", types.Code, _ => level);
    }

    private static XledgerList<EntryRow> Ledger(XledgerBooks books, XledgerOptions options, XledgerTypes types, ObjectGraphType header) =>
        new XledgerList<EntryRow>("journalEntries", "JournalEntry", types, () => books.Entries)
            .Number("dbId", row => row.DbId)
            .Time("createdAt", row => row.CreatedAt)
            .Time("modifiedAt", row => row.CreatedAt)
            .Number("transactionNumber", row => row.TransactionNumber)
            .Text("invoiceNumber", row => row.Import.InvoiceNumber, options.FiltersInvoiceNumber)
            .Text("extIdentifier", row => row.Import.ExtIdentifier, options.FiltersExtIdentifier)
            .Text("text", row => row.Import.Text)
            .Text("postedDate", row => row.Import.PostedDate)
            .Amount("amount", row => row.Import.AmountMinor)
            .Amount("invoiceAmount", row => row.Import.AmountMinor)
            .Object("account", types.Code, row => row.Import.Account)
            .Object("transactionHeader", header, row => row);

    private static XledgerList<EntryRow> Payables(XledgerBooks books, XledgerOptions options, XledgerTypes types, ObjectGraphType header) =>
        new XledgerList<EntryRow>("apTransactions", "APTransaction", types, () => books.Payables)
            .Number("dbId", row => row.DbId)
            .Time("headerCreatedAt", row => row.CreatedAt)
            .Time("headerModifiedAt", row => row.CreatedAt)
            .Text("invoiceNumber", row => row.Import.InvoiceNumber, options.FiltersInvoiceNumber)
            .Text("extIdentifier", row => row.Import.ExtIdentifier, options.FiltersExtIdentifier)
            .Text("invoiceDate", row => row.Import.InvoiceDate)
            .Text("dueDate", row => row.Import.DueDate)
            .Text("text", row => row.Import.Text)
            .Amount("amount", row => row.Import.AmountMinor)
            .Amount("invoiceAmount", row => row.Import.AmountMinor)
            .Object("account", types.Code, row => row.Import.Account)
            .Object("transactionHeader", header, row => row);

    private static XledgerList<SupplierRow> Suppliers(XledgerBooks books, XledgerTypes types) =>
        new XledgerList<SupplierRow>("suppliers", "Supplier", types, () => books.Suppliers)
            .Number("dbId", row => row.DbId)
            .Text("code", row => row.Code)
            .Text("description", row => row.Description)
            .Text("email", row => row.Email)
            .Time("modifiedAt", row => row.CreatedAt);

    private static XledgerList<CodeRow> Codes(string field, string type, XledgerTypes types, IReadOnlyList<CodeRow> rows) =>
        new XledgerList<CodeRow>(field, type, types, () => rows)
            .Number("dbId", row => row.DbId)
            .Text("code", row => row.Code)
            .Text("description", row => row.Description);

    private static FieldType AddSuppliers(XledgerBooks books, ObjectGraphType supplier)
    {
        var node = new InputObjectGraphType { Name = "AddSuppliersInputNode" };
        foreach (var name in new[] { "code", "description", "companyNumber", "email", "streetAddress", "zipCode", "place", "phone", "bankAccount" }) node.AddField(GraphKind.Text.Field(name));
        return MassMutation.Field("addSuppliers", "AddSuppliers", node, supplier, (context, inputs) =>
            [.. inputs.Select(input => (input.ClientId, (object)books.AddSupplier(
                $"{input.Path}.node.code",
                input.Value<string>("code") ?? throw new XledgerRefusal($"{input.Path}.node.code", "is missing."),
                input.Value<string>("description") ?? "",
                input.Value<string>("email"),
                XledgerRequest.Of(context).Now)))]);
    }

    private static ObjectGraphType Header(XledgerTypes types)
    {
        var header = new ObjectGraphType { Name = "TransactionHeader" };
        Add(types.Int64.Field("dbId"), row => row.TransactionNumber);
        Add(types.Int64.Field("transactionNumber"), row => row.TransactionNumber);
        Add(types.DateTime.Field("createdAt"), row => XledgerTime.Text(row.CreatedAt));
        Add(types.DateTime.Field("modifiedAt"), row => XledgerTime.Text(row.CreatedAt));
        Add(types.DateTime.Field("importedAt"), row => XledgerTime.Text(row.Import.CreatedAt));
        Add(GraphKind.Text.Field("postedDate"), row => row.Import.PostedDate);
        return header;

        void Add(FieldType field, Func<EntryRow, object?> value)
        {
            field.Resolver = new FuncFieldResolver<object?>(context => value((EntryRow)context.Source!));
            header.AddField(field);
        }
    }
}
