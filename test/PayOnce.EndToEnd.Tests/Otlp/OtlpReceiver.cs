using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace PayOnce.EndToEnd.Tests.Otlp;

/// <summary>
/// Takes traces and metrics as a collector does (OTLP over HTTP with binary bodies; opentelemetry-proto's messages) and keeps every
/// byte, headers included.
/// </summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly List<byte[]> received = [];
    private readonly SortedDictionary<string, double> points = new(StringComparer.Ordinal);
    private readonly List<Span> spans = [];
    private readonly WebApplication app;

    private OtlpReceiver(WebApplication app) => this.app = app;

    /// <summary>One span: where it stands in its trace, and which source made it.</summary>
    public sealed record Span(string Source, string Name, string Trace, string Id, string Parent);

    public string Address => app.Urls.First();

    /// <summary>All that came, as it was on the wire.</summary>
    public IReadOnlyList<byte[]> Received
    {
        get { lock (gate) return [.. received]; }
    }

    public IReadOnlyList<Span> Spans
    {
        get { lock (gate) return [.. spans]; }
    }

    /// <summary>The newest value of each series: the metric's name with its tags; of a histogram its <c>count</c> and <c>sum</c>.</summary>
    public IReadOnlyDictionary<string, double> Points
    {
        get { lock (gate) return new SortedDictionary<string, double>(points, StringComparer.Ordinal); }
    }

    public static async Task<OtlpReceiver> StartAsync(CancellationToken cancel)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        var receiver = new OtlpReceiver(builder.Build());
        receiver.app.Run(receiver.TakeAsync);
        await receiver.app.StartAsync(cancel);
        return receiver;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var head = string.Concat(http.Request.Headers.Select(header => $"{header.Key}: {header.Value}\n"));
        http.Response.ContentType = "application/x-protobuf";
        lock (gate)
        {
            received.Add(Encoding.UTF8.GetBytes(head));
            received.Add(body.ToArray());
            var message = new ProtoMessage(body.ToArray());
            switch (http.Request.Path.Value)
            {
                case "/v1/metrics": foreach (var metric in message.All(1, 2, 2)) Keep(metric); break;
                case "/v1/traces": foreach (var scope in message.All(1, 2)) spans.AddRange(scope.All(2).Select(span => Read(scope, span))); break;
                default: http.Response.StatusCode = StatusCodes.Status404NotFound; break;
            }
        }
    }

    private static Span Read(ProtoMessage scope, ProtoMessage span) => new(scope.All(1).Single().Text(1), span.Text(5), span.Hex(1), span.Hex(2), span.Hex(4));

    // Gauge 5, sum 7: points with a double (4) or an integer (6); histogram 9: points with count (4) and sum (5).
    private void Keep(ProtoMessage metric)
    {
        foreach (var kind in (int[])[5, 7])
            foreach (var point in metric.All(kind, 1)) points[metric.Text(1) + Tags(point.All(7))] = point.Has(6) ? (long)point.Number(6) : point.Double(4);
        foreach (var point in metric.All(9, 1))
        {
            var tags = Tags(point.All(9));
            points[$"{metric.Text(1)}.count{tags}"] = point.Number(4);
            points[$"{metric.Text(1)}.sum{tags}"] = point.Double(5);
        }
    }

    private static string Tags(IEnumerable<ProtoMessage> tags) => string.Concat(tags.Select(tag => $" {tag.Text(1)}={Value(tag.All(2).Single())}").Order(StringComparer.Ordinal));

    private static string Value(ProtoMessage value) => value.Has(3) ? ((long)value.Number(3)).ToString(CultureInfo.InvariantCulture) : value.Text(1);
}
