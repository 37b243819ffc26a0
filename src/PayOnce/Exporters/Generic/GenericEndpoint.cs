using System.Net.Http.Headers;
using System.Security.Cryptography;
using PayOnce.Exporters.Api;

namespace PayOnce.Exporters.Generic;

/// <summary>The requests of the contract, each sent once.</summary>
internal sealed class GenericEndpoint(Uri address, string token, TimeSpan timeout, AccountingClient client)
{
    private readonly string root = address.AbsoluteUri.TrimEnd('/');

    public TimeSpan Timeout => timeout;

    /// <summary>
    /// The idempotency key of a body: its SHA-256. The same bytes have the same key at every repetition; another run's bytes carry another
    /// run number, so that an endpoint that replays its answers never gives an old refusal to a new run.
    /// </summary>
    public static string IdempotencyKey(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body));

    public Task<WireAnswer> GetAsync(string path, CancellationToken cancel) => SendAsync(new HttpRequestMessage(HttpMethod.Get, root + path), cancel);

    /// <param name="idempotencyKey">Null where the request changes nothing.</param>
    public Task<WireAnswer> PostAsync(string path, ReadOnlyMemory<byte> body, string? idempotencyKey, CancellationToken cancel)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, root + path) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
        return SendAsync(request, cancel);
    }

    private Task<WireAnswer> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/problem+json"));
        return client.SendAsync(request, timeout, cancel);
    }
}
