using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace PayOnce.App.Api;

/// <summary>
/// Refuses a query with a parameter that the endpoint does not know, or one that stands there twice: a misspelt filter would
/// otherwise be no filter, and its reader would take the whole list for the filtered one.
/// </summary>
internal static class KnownQuery
{
    public static RouteGroupBuilder RefuseUnknownQueries(this RouteGroupBuilder group)
    {
        group.AddEndpointFilterFactory((context, next) =>
        {
            var route = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "org", "claim", "run", "request", "name", "user", "token", "invitation", "version" };
            var known = context.MethodInfo.GetParameters().Where(IsQuery).Where(each => !route.Contains(each.Name!)).ToDictionary(each => each.Name!, each => each.ParameterType.IsArray, StringComparer.Ordinal);
            return async call =>
            {
                var faults = new Faults();
                foreach (var (name, values) in call.HttpContext.Request.Query)
                {
                    if (!known.TryGetValue(name, out var many)) faults.Add(name, null, known.Count == 0 ? "is not known here" : $"is not known here; known are {string.Join(", ", known.Keys)}", Fault.Query);
                    else if (values.Count > 1 && !many) faults.Add(name, values.ToString(), "must stand once", Fault.Query);
                    else if (values.FirstOrDefault(value => value is null or "" || value.Any(char.IsControl)) is { } wrong) faults.Add(name, wrong, "must not be empty or have control characters", Fault.Query);
                }
                return faults.Problem is { } problem ? problem : await next(call);
            };
        });
        return group;
    }

    // As the framework decides: what is neither body, service nor the request itself comes from the query, unless the route has it.
    private static bool IsQuery(ParameterInfo parameter)
    {
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        if (parameter.GetCustomAttributes().Any(attribute => attribute is IFromHeaderMetadata or IFromBodyMetadata or IFromServiceMetadata)) return false;
        return type == typeof(string) || type == typeof(string[]) || type == typeof(int) || type == typeof(long) || type == typeof(bool) || type == typeof(Day);
    }
}
