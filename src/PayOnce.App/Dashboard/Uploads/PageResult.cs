using Microsoft.AspNetCore.Http.HttpResults;
using PayOnce.App.Dashboard.Pages.Start;

namespace PayOnce.App.Dashboard.Uploads;

/// <summary>A whole page as the answer to a form that no page can read, because it has a large file in it.</summary>
internal static class PageResult
{
    /// <typeparam name="T">A component with what stands in <c>main</c>.</typeparam>
    public static RazorComponentResult<Answered> Of<T>(int status, params IEnumerable<(string Name, object? Value)> parameters) where T : Microsoft.AspNetCore.Components.IComponent => new(new
    {
        Body = typeof(T),
        Parameters = parameters.ToDictionary(each => each.Name, each => each.Value),
    })
    {
        StatusCode = status,
    };
}
