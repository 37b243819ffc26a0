using GraphQL.Types;

namespace PayOnce.Sandbox.Xledger;

/// <summary>The type of a field: one of GraphQL's own, or an instance that the whole schema shares.</summary>
internal sealed class GraphKind
{
    private readonly Type? builtIn;
    private readonly Type? builtInList;
    private readonly IGraphType? own;

    private GraphKind(Type builtIn, Type builtInList) => (this.builtIn, this.builtInList) = (builtIn, builtInList);

    public GraphKind(IGraphType own) => this.own = own;

    public static GraphKind Text { get; } = new(typeof(StringGraphType), typeof(ListGraphType<NonNullGraphType<StringGraphType>>));

    public static GraphKind Flag { get; } = new(typeof(BooleanGraphType), typeof(ListGraphType<NonNullGraphType<BooleanGraphType>>));

    public static GraphKind Number { get; } = new(typeof(FloatGraphType), typeof(ListGraphType<NonNullGraphType<FloatGraphType>>));

    public FieldType Field(string name) => own is null ? new FieldType { Name = name, Type = builtIn } : new FieldType { Name = name, ResolvedType = own };

    public FieldType ListField(string name) =>
        own is null ? new FieldType { Name = name, Type = builtInList } : new FieldType { Name = name, ResolvedType = new ListGraphType(new NonNullGraphType(own)) };
}
