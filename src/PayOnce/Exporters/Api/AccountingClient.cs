using System.Net;

namespace PayOnce.Exporters.Api;

/// <summary>
/// Sends one HTTP request once and says what it came to. It never repeats and never follows a redirect: what may be sent again is
/// decided above, where the proof class is known.
/// </summary>
/// <param name="http">A handler of our own, outside any default pipeline that would retry (facts on exactly-once §D: default resilience handlers repeat POST).</param>
/// <param name="clock">Counts the time a try may take.</param>
public sealed class AccountingClient(HttpMessageInvoker http, TimeProvider clock)
{
    /// <summary>Longer answers are cut off, which makes them unreadable, that is unknown.</summary>
    public const int LongestBody = 64 * 1024 * 1024;

    /// <summary>The clock of waits and deadlines, for what an exporter itself must space out.</summary>
    public TimeProvider Clock => clock;

    /// <param name="request">Disposed of here.</param>
    /// <param name="timeout">After it the outcome is unknown.</param>
    public async Task<WireAnswer> SendAsync(HttpRequestMessage request, TimeSpan timeout, CancellationToken cancel)
    {
        using var sent = request;
        using var late = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        try
        {
            using var response = await http.SendAsync(sent, either.Token);
            var body = await response.Content.ReadAsByteArrayAsync(either.Token);
            return Classify(response, body);
        }
        catch (OperationCanceledException)
        {
            return new WireAnswer(WireClass.Unknown, null, default, null, "No answer came in time.");
        }
        catch (HttpRequestException fault) when (fault.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError)
        {
            return new WireAnswer(WireClass.NotProcessed, null, default, null, fault.Message);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            return new WireAnswer(WireClass.Unknown, null, default, null, fault.Message);
        }
    }

    private WireAnswer Classify(HttpResponseMessage response, byte[] body)
    {
        var status = (int)response.StatusCode;
        var after = response.Headers.RetryAfter is { } told ? told.Delta ?? (told.Date - clock.GetUtcNow()) : null;
        var wire = status switch
        {
            >= 200 and < 300 => WireClass.Answered,
            (int)HttpStatusCode.TooManyRequests => WireClass.NotProcessed,
            (int)HttpStatusCode.ServiceUnavailable when after is not null => WireClass.NotProcessed,
            (int)HttpStatusCode.RequestTimeout => WireClass.Unknown,
            >= 400 and < 500 => WireClass.Refused,
            _ => WireClass.Unknown,
        };
        return new WireAnswer(wire, status, body, after, wire == WireClass.Answered ? null : $"The answer was {status}.")
        {
            Headers = response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.First(), StringComparer.Ordinal),
        };
    }
}
