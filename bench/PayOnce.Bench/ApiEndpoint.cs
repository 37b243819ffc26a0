using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace PayOnce.Bench;

/// <summary>
/// The endpoint that both sides of the API benchmark send to, in a process of its own: takes a batch, thinks for 5 ms, and answers for
/// each claim. Leaner than any accounting system, so that what is measured is the sender.
/// </summary>
public static class ApiEndpoint
{
    private const int ThinkMilliseconds = 5;

    private static ReadOnlySpan<byte> KeyName => "\"exportKey\":\""u8;

    /// <summary>Prints its address and answers until standard input closes.</summary>
    public static async Task RunAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRouting();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var app = builder.Build();
        app.Run(AnswerAsync);
        await app.StartAsync();
        Console.WriteLine(app.Urls.Single());
        await Console.In.ReadToEndAsync();
        await app.StopAsync();
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        await Task.Delay(ThinkMilliseconds);
        context.Response.ContentType = "application/json";
        var answer = Results(body.GetBuffer().AsSpan(0, (int)body.Length));
        context.Response.ContentLength = answer.Length;
        await context.Response.Body.WriteAsync(answer);
    }

    private static byte[] Results(ReadOnlySpan<byte> request)
    {
        var answer = new StringBuilder("{\"results\":[");
        for (var found = request.IndexOf(KeyName); found >= 0; found = request.IndexOf(KeyName))
        {
            var key = Encoding.ASCII.GetString(request.Slice(found + KeyName.Length, Guard.ExportKey.Length));
            if (answer[^1] == '}') answer.Append(',');
            answer.Append("{\"exportKey\":\"").Append(key).Append("\",\"status\":\"booked\",\"reference\":\"V-").Append(key).Append("\",\"reason\":null}");
            request = request[(found + KeyName.Length)..];
        }
        return Encoding.ASCII.GetBytes(answer.Append("]}").ToString());
    }
}
