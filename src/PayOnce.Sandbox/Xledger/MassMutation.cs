using System.Globalization;
using GraphQL;
using GraphQL.Resolvers;
using GraphQL.Types;

namespace PayOnce.Sandbox.Xledger;

/// <summary>One of the <c>inputs</c> of a mass mutation.</summary>
/// <param name="Path">Its place: <c>inputs[3]</c>.</param>
internal sealed record MassInput(string Path, string? ClientId, IDictionary<string, object?> Node)
{
    public T? Value<T>(string name) => Node.TryGetValue(name, out var value) && value is not null ? (T)value : default;

    /// <summary>The code in a reference; null if there is none.</summary>
    public string? Code(string name) => Value<IDictionary<string, object?>>(name) is { } reference && reference.TryGetValue("code", out var code) ? (string?)code : null;

    /// <summary>What a reference names. One that names nothing, or asks for the alternatives, is refused and told them.</summary>
    public CodeRow? Find(string name, IReadOnlyList<CodeRow> among)
    {
        if (Value<IDictionary<string, object?>>(name) is not { } reference) return null;
        if (reference.ContainsKey("showAlternatives")) throw new XledgerRefusal($"{Path}.node.{name}", "these are the alternatives.", among);
        var found = among.FirstOrDefault(row =>
            Named(reference, "dbId", row.DbId) && Named(reference, "code", row.Code) && Named(reference, "description", row.Description));
        return found ?? throw new XledgerRefusal($"{Path}.node.{name}", "nothing has this code.", among);

        static bool Named(IDictionary<string, object?> reference, string by, object has) => !reference.TryGetValue(by, out var wanted) || wanted is null || wanted.Equals(has);
    }
}

/// <summary>The common form of mutations over many objects: <c>addXs(inputs:[{clientId node}]){edges{clientId node{…}}}</c>.</summary>
internal static class MassMutation
{
    /// <param name="run">What it does; gives the edges of the answer.</param>
    public static FieldType Field(
        string name, string type, InputObjectGraphType inputNode, ObjectGraphType node, Func<IResolveFieldContext, IReadOnlyList<MassInput>, IReadOnlyList<(string? ClientId, object Node)>> run)
    {
        var input = new InputObjectGraphType { Name = $"{type}Input" };
        input.AddField(GraphKind.Text.Field("clientId"));
        input.AddField(new FieldType { Name = "node", ResolvedType = inputNode });
        var edge = new ObjectGraphType { Name = $"{type}Edge" };
        edge.AddField(new FieldType { Name = "clientId", Type = typeof(StringGraphType), Resolver = new FuncFieldResolver<object?>(context => (((string? ClientId, object))context.Source!).ClientId) });
        edge.AddField(new FieldType { Name = "node", ResolvedType = node, Resolver = new FuncFieldResolver<object?>(context => (((string?, object Node))context.Source!).Node) });
        var payload = new ObjectGraphType { Name = $"{type}Payload" };
        payload.AddField(new FieldType { Name = "edges", ResolvedType = new ListGraphType(edge), Resolver = new FuncFieldResolver<object?>(context => context.Source) });
        return new FieldType
        {
            Name = name,
            ResolvedType = payload,
            Arguments = new QueryArguments(new QueryArgument(new NonNullGraphType(new ListGraphType(new NonNullGraphType(input)))) { Name = "inputs" }),
            Resolver = new FuncFieldResolver<object?>(context => XledgerErrors.Told(() => run(context, Read(context)))),
        };
    }

    private static List<MassInput> Read(IResolveFieldContext context) =>
        [.. ((IEnumerable<object?>)context.Arguments!["inputs"].Value!).Select((input, i) =>
        {
            var fields = (IDictionary<string, object?>)input!;
            return new MassInput(
                string.Create(CultureInfo.InvariantCulture, $"inputs[{i}]"),
                fields.TryGetValue("clientId", out var clientId) ? (string?)clientId : null,
                fields.TryGetValue("node", out var node) && node is IDictionary<string, object?> given ? given : new Dictionary<string, object?>());
        })];
}
