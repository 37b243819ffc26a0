using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace PayOnce.App.Api;

/// <summary>
/// Refuses a query with a parameter that the endpoint does not know, that stands there twice, or whose value is of another type: a
/// misspelt filter would otherwise be no filter, and its reader would take the whole list for the filtered one. Of the type the
/// framework says only that something is wrong, and not where.
/// </summary>
internal static class KnownQuery
{
    public static RouteGroupBuilder RefuseUnknownQueries(this RouteGroupBuilder group)
    {
        group.AddEndpointFilterFactory((context, next) =>
        {
            var simple = context.MethodInfo.GetParameters().Where(IsSimple).ToDictionary(each => each.Name!, TypeOf, StringComparer.Ordinal);
            return async call =>
            {
                var faults = new Faults();
                // What the route gives does not come from the query.
                var known = simple.Where(each => !call.HttpContext.Request.RouteValues.ContainsKey(each.Key)).ToDictionary(StringComparer.Ordinal);
                foreach (var (name, values) in call.HttpContext.Request.Query)
                {
                    if (!known.TryGetValue(name, out var type)) faults.Add(name, null, known.Count == 0 ? "is not known here" : $"is not known here; known are {string.Join(", ", known.Keys)}", Fault.Query);
                    else if (values.Count > 1 && !type.IsArray) faults.Add(name, values.ToString(), "must stand once", Fault.Query);
                    else if (values.FirstOrDefault(value => value is null or "" || value.Any(char.IsControl)) is { } wrong) faults.Add(name, wrong, "must not be empty or have control characters", Fault.Query);
                    else if (!IsOf(type, values.ToString())) faults.Add(name, values.ToString(), RuleOf(type), Fault.Query);
                }
                return faults.Problem is { } problem ? problem : await next(call);
            };
        });
        return group;
    }

    // As the framework decides: what is neither body, service nor the request itself comes from the route or else from the query.
    private static bool IsSimple(ParameterInfo parameter)
    {
        var type = TypeOf(parameter);
        if (parameter.GetCustomAttributes().Any(attribute => attribute is IFromHeaderMetadata or IFromBodyMetadata or IFromServiceMetadata)) return false;
        return type == typeof(string) || type == typeof(string[]) || type == typeof(int) || type == typeof(long) || type == typeof(bool) || type == typeof(Day);
    }

    private static Type TypeOf(ParameterInfo parameter) => Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;

    private static bool IsOf(Type type, string value) =>
        type == typeof(int) ? int.TryParse(value, CultureInfo.InvariantCulture, out _)
        : type == typeof(long) ? long.TryParse(value, CultureInfo.InvariantCulture, out _)
        : type == typeof(bool) ? bool.TryParse(value, out _)
        : type != typeof(Day) || Day.TryParse(value, CultureInfo.InvariantCulture, out _);

    private static string RuleOf(Type type) => type == typeof(Day) ? Day.Rule : JsonFaults.RuleOf(type.Name);
}
