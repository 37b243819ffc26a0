using GraphQL.Resolvers;
using GraphQL.Types;

namespace PayOnce.Sandbox.Xledger;

/// <summary>Types that many fields share; GraphQL wants one instance of each in a schema.</summary>
internal sealed class XledgerTypes
{
    public XledgerTypes()
    {
        PageInfo = new ObjectGraphType { Name = "PageInfo" };
        PageInfo.AddField(Flag("hasNextPage", page => page.HasNextPage));
        PageInfo.AddField(Flag("hasPreviousPage", page => page.HasPreviousPage));
        ObjectStatus = Words("ObjectStatus", "OPEN", "CLOSED", "ALL");
        var showAlternatives = Words("ShowAlternatives", "YES");
        Reference = new InputObjectGraphType { Name = "ObjectReferenceInput" };
        foreach (var name in new[] { "dbId", "dbSubId" }) Reference.AddField(Int64.Field(name));
        foreach (var name in new[] { "code", "description", "ownerCode" }) Reference.AddField(GraphKind.Text.Field(name));
        Reference.AddField(new FieldType { Name = "showAlternatives", ResolvedType = showAlternatives });
        Code = CodeType("CodeValue");
    }

    public GraphKind Int64 { get; } = new(XledgerScalar.Int64());

    public GraphKind Decimal { get; } = new(XledgerScalar.Decimal());

    public GraphKind DateTime { get; } = new(XledgerScalar.DateTime());

    public GraphKind Date { get; } = new(XledgerScalar.Date());

    public ObjectGraphType PageInfo { get; }

    public EnumerationGraphType ObjectStatus { get; }

    /// <summary>How an input names what Xledger holds: by <c>dbId</c>, <c>code</c> or <c>description</c>.</summary>
    public InputObjectGraphType Reference { get; }

    /// <summary>An object with a code, over <see cref="CodeRow"/>.</summary>
    public ObjectGraphType Code { get; }

    private ObjectGraphType CodeType(string name)
    {
        var type = new ObjectGraphType { Name = name };
        type.AddField(Resolved(Int64.Field("dbId"), row => row.DbId));
        type.AddField(Resolved(GraphKind.Text.Field("code"), row => row.Code));
        type.AddField(Resolved(GraphKind.Text.Field("description"), row => row.Description));
        return type;

        static FieldType Resolved(FieldType field, Func<CodeRow, object?> value)
        {
            field.Resolver = new FuncFieldResolver<object?>(context => value((CodeRow)context.Source!));
            return field;
        }
    }

    private static FieldType Flag(string name, Func<PageInfo, bool> value) =>
        new() { Name = name, Type = typeof(BooleanGraphType), Resolver = new FuncFieldResolver<object?>(context => value((PageInfo)context.Source!)) };

    private static EnumerationGraphType Words(string name, params IEnumerable<string> words)
    {
        var type = new EnumerationGraphType { Name = name };
        foreach (var word in words) type.Add(word, word);
        return type;
    }
}
