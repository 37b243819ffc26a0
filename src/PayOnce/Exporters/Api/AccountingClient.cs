using System.Globalization;
using System.Net;

namespace PayOnce.Exporters.Api;

/// <summary>
/// Sends one HTTP request once and says what it came to. It never repeats and never follows a redirect: what may be sent again is
/// decided above, where the proof class is known.
/// </summary>
/// <param name="http">A handler of our own (<see cref="AccountingHandler"/>), outside any default pipeline that would retry (facts on exactly-once §D: default resilience handlers repeat POST).</param>
/// <param name="clock">Counts the time a try may take.</param>
/// <param name="scrubber">Knows the integration's secrets; null: what looks like a secret is removed all the same.</param>
public sealed class AccountingClient(HttpMessageInvoker http, TimeProvider clock, Scrubber? scrubber = null)
{
    /// <summary>Longer answers are cut off, which makes them unreadable, that is unknown.</summary>
    public const int LongestBody = 64 * 1024 * 1024;

    private const int LongestError = 500;

    /// <summary>The clock of waits and deadlines, for what an exporter itself must space out.</summary>
    public TimeProvider Clock => clock;

    /// <summary>For every text that goes into an error, a reason or a log, above all if it comes from an answer; and to tell it of a token that was signed in for.</summary>
    public Scrubber Scrubber { get; } = scrubber ?? new Scrubber([]);

    /// <param name="request">Disposed of here. Its body is read at most once.</param>
    /// <param name="timeout">After it the outcome is unknown, unless no byte of the body was asked for yet.</param>
    public async Task<WireAnswer> SendAsync(HttpRequestMessage request, TimeSpan timeout, CancellationToken cancel)
    {
        using var sent = request;
        if (timeout <= TimeSpan.Zero) return NotSent("No time was left to send it.");
        if (Refusal(sent.RequestUri) is { } refusal) return NotSent(refusal);
        var body = Prepare(sent);
        using var late = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        int? status = null;
        try
        {
            using var response = await http.SendAsync(sent, either.Token);
            status = (int)response.StatusCode;
            var headers = Classify(response);
            // The status alone proves that it was not processed; whatever else came with it is not needed for that.
            if (headers.Class == WireClass.NotProcessed) return headers;
            var (content, trouble) = await ReadAsync(response.Content, either.Token);
            return trouble is null ? headers with { Body = content } : headers with { Class = WireClass.Unknown, Error = trouble };
        }
        catch (Exception fault) when (fault is OperationCanceledException or HttpRequestException or IOException)
        {
            var why = Words(fault, late.IsCancellationRequested, cancel.IsCancellationRequested, timeout);
            return NeverLeft(body, fault) ? NotSent(why) : new WireAnswer(WireClass.Unknown, status, default, null, why);
        }
    }

    // Version 1.1 alone: HTTP/2 has answers (REFUSED_STREAM, GOAWAY) after which the handler repeats a request by itself. A request
    // without a body that changes something gets an empty one, since the handler repeats on a connection that was closed under it
    // until a body was begun (HttpConnection of .NET 10: "now that we're sending content, prohibit retries").
    private static OnceContent? Prepare(HttpRequestMessage request)
    {
        request.Version = HttpVersion.Version11;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        request.Headers.ExpectContinue = false;
        request.Headers.Host = null;
        if (request.Content is null && (request.Method == HttpMethod.Get || request.Method == HttpMethod.Head)) return null;
        var body = new OnceContent(request.Content ?? new ByteArrayContent([]));
        request.Content = body;
        return body;
    }

    /// <summary>
    /// Whether the other side cannot have processed it. The kinds of <see cref="HttpRequestError"/> alone do not tell: what counts
    /// is that no byte of the body was handed to a connection, and none can be any more. A request without a body only reads.
    /// </summary>
    private static bool NeverLeft(OnceContent? body, Exception fault) => body?.Withhold()
        ?? fault is HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError };

    private static string? Refusal(Uri? address) => address switch
    {
        null or { IsAbsoluteUri: false } => "The address is not whole.",
        { UserInfo.Length: > 0 } => "The address holds a user name or a password.",
        { Scheme: "https" } => null,
        { Scheme: "http" } when EndpointRules.NamesThisMachine(address.Host) => null,
        _ => "The address is neither https nor http on this machine itself.",
    };

    private WireAnswer Classify(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        var after = RetryAfter(response);
        var wire = status switch
        {
            >= 200 and < 300 => WireClass.Answered,
            (int)HttpStatusCode.TooManyRequests => WireClass.NotProcessed,
            (int)HttpStatusCode.ServiceUnavailable when after is not null => WireClass.NotProcessed,
            (int)HttpStatusCode.RequestTimeout => WireClass.Unknown,
            >= 400 and < 500 => WireClass.Refused,
            _ => WireClass.Unknown,
        };
        var error = status is >= 300 and < 400 ? $"The answer was {status}, a redirect, which is never followed." : $"The answer was {status}.";
        return new WireAnswer(wire, status, default, after, wire == WireClass.Answered ? null : error) { Headers = Headers(response) };
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        if (response.Headers.RetryAfter is not { } told) return null;
        var wait = told.Delta ?? (told.Date - clock.GetUtcNow());
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private static Dictionary<string, string> Headers(HttpResponseMessage response)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, values) in response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)) headers.TryAdd(name.ToLowerInvariant(), values.First());
        return headers;
    }

    private static async Task<(ReadOnlyMemory<byte> Content, string? Trouble)> ReadAsync(HttpContent content, CancellationToken cancel)
    {
        // Nothing asked for compression, so that nobody can send a small answer that unpacks into a huge one.
        if (content.Headers.ContentEncoding.Any(coding => !coding.Equals("identity", StringComparison.OrdinalIgnoreCase))) return (default, "The answer is compressed, which was not asked for.");
        if (content.Headers.ContentLength > LongestBody) return (default, TooLong);
        await using var stream = await content.ReadAsStreamAsync(cancel);
        var bytes = new byte[Math.Clamp((int?)content.Headers.ContentLength + 1 ?? 0, 4096, 1024 * 1024)];
        for (var length = 0; ;)
        {
            if (length == bytes.Length) Array.Resize(ref bytes, Math.Min(bytes.Length * 2, LongestBody + 1));
            var read = await stream.ReadAsync(bytes.AsMemory(length), cancel);
            if (read == 0) return (bytes.AsMemory(0, length), null);
            length += read;
            if (length > LongestBody) return (default, TooLong);
        }
    }

    private static string TooLong => string.Create(CultureInfo.InvariantCulture, $"The answer is longer than {LongestBody / 1024 / 1024} MiB.");

    private static WireAnswer NotSent(string why) => new(WireClass.NotProcessed, null, default, null, why);

    private string Words(Exception fault, bool late, bool cancelled, TimeSpan timeout)
    {
        if (late && !cancelled) return string.Create(CultureInfo.InvariantCulture, $"No answer came within {timeout.TotalSeconds:0.###} seconds.");
        if (cancelled) return "PayOnce was stopped before an answer came.";
        // What the handler itself says is often only "see inner exception".
        var words = new List<string>();
        for (var at = fault; at is not null && words.Count < 4; at = at.InnerException)
        {
            if (!words.Contains(at.Message, StringComparer.Ordinal)) words.Add(at.Message);
        }
        return Scrubber.Excerpt(string.Join(' ', words), LongestError);
    }
}
