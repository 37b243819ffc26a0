using Microsoft.Net.Http.Headers;

namespace PayOnce.App.Dashboard.Downloads;

/// <summary>A download whose rows are written as they are read, so that its size costs no memory.</summary>
/// <param name="name">The file's name: ASCII letters, digits, hyphens and dots.</param>
internal sealed class Attachment(string name, string contentType, Func<Stream, CancellationToken, Task> write) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = contentType;
        httpContext.Response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = name }.ToString();
        await write(httpContext.Response.Body, httpContext.RequestAborted);
    }
}
