using System.Net.Http.Headers;
using System.Text.Json;
using PayOnce.Exporters.Api;
using PayOnce.Exporters.Settings;

namespace PayOnce.Exporters.Dynamics;

/// <summary>
/// Requests to one company of Business Central's API v2.0. Every read says <c>Data-Access-Intent: ReadWrite</c>: without it the
/// service answers from a replica that lags behind, and an absence read there proves nothing (Microsoft: "Using read scale-out for
/// better performance").
/// </summary>
/// <param name="root">Of the API, with a slash at the end.</param>
/// <param name="company">The company's path below the root.</param>
internal sealed class BcClient(AccountingClient http, EntraSignIn signIn, Uri root, string company, TimeSpan timeout)
{
    public static readonly Uri StandardEndpoint = new("https://api.businesscentral.dynamics.com");

    /// <summary>Entities that a look-up of ours may bring at most; more is not an answer to it.</summary>
    private const int MostEntities = 100_000;

    public TimeSpan Timeout => timeout;

    public Scrubber Scrubber => http.Scrubber;

    public EntraSignIn SignIn => signIn;

    public static BcClient Create(AccountingClient http, DynamicsApiSettings settings, Uri? endpoint, string secret, TimeSpan timeout)
    {
        var address = (endpoint ?? StandardEndpoint).ToString().TrimEnd('/');
        return new BcClient(
            http,
            new EntraSignIn(settings, secret, http, timeout),
            new Uri($"{address}/v2.0/{Uri.EscapeDataString(settings.Tenant)}/{Uri.EscapeDataString(settings.Environment)}/api/v2.0/"),
            $"companies({settings.Company:D})",
            timeout);
    }

    /// <summary>When a try that begins now is over.</summary>
    public TryTime Begin() => new(http.Clock, timeout);

    /// <param name="path">Below the company, such as <c>vendors?$filter=…</c>; empty for the company itself.</param>
    public Task<BcReply> GetAsync(string path, TryTime time, CancellationToken cancel) => SendAsync(HttpMethod.Get, Address(path), null, null, time, cancel);

    public Task<BcReply> PostAsync(string path, ReadOnlyMemory<byte> body, TryTime time, CancellationToken cancel) => SendAsync(HttpMethod.Post, Address(path), body, null, time, cancel);

    public Task<BcReply> DeleteAsync(string path, string etag, TryTime time, CancellationToken cancel) =>
        SendAsync(HttpMethod.Delete, Address(path), null, request => request.Headers.TryAddWithoutValidation("If-Match", etag), time, cancel);

    /// <summary>All operations or none, as one transaction. Its answers before a failure still say 201, so only the last word counts (Microsoft: "Use OData batch").</summary>
    public Task<BcReply> BatchAsync(ReadOnlyMemory<byte> body, TryTime time, CancellationToken cancel) =>
        SendAsync(HttpMethod.Post, new Uri(root, "$batch"), body, request => request.Headers.TryAddWithoutValidation("Isolation", "snapshot"), time, cancel);

    /// <summary>An address in a batch: below the API's root.</summary>
    public string InBatch(string path) => $"{company}/{path}";

    /// <summary>Every entity a query finds, over all its pages; null with the reason if one page could not be read.</summary>
    public async Task<(List<JsonElement>? Entities, BcReply? Failed)> ListAsync(string path, TryTime time, CancellationToken cancel)
    {
        var entities = new List<JsonElement>();
        for (var address = Address(path); ;)
        {
            var reply = await SendAsync(HttpMethod.Get, address, null, null, time, cancel);
            if (!reply.IsOk) return (null, reply);
            if (reply.Body is not { } body || !body.TryGetProperty("value", out var value) || value.ValueKind != JsonValueKind.Array || entities.Count + value.GetArrayLength() > MostEntities)
                return (null, BcReply.Unreadable);
            foreach (var entity in value.EnumerateArray())
            {
                if (entity.ValueKind != JsonValueKind.Object) return (null, BcReply.Unreadable);
                entities.Add(entity);
            }
            if (!body.TryGetProperty("@odata.nextLink", out var next)) return (entities, null);
            // The token goes where the next page is: nowhere but below the address that the settings name.
            if (Next(next) is not { } link || link == address || value.GetArrayLength() == 0) return (null, BcReply.Unreadable);
            address = link;
        }
    }

    private Uri? Next(JsonElement link) =>
        Uri.TryCreate(AnswerJson.Text(link), UriKind.Absolute, out var next) && root.IsBaseOf(next) && next.Scheme == root.Scheme ? next : null;

    private Uri Address(string path) => new(root, path.Length == 0 ? company : $"{company}/{path}");

    private async Task<BcReply> SendAsync(HttpMethod method, Uri address, ReadOnlyMemory<byte>? body, Action<HttpRequestMessage>? more, TryTime time, CancellationToken cancel)
    {
        for (var renewed = false; ; renewed = true)
        {
            var (token, trouble) = time.Left > TimeSpan.Zero ? await signIn.TokenAsync(renewed, cancel) : (null, null);
            var left = time.Left;
            if (token is null || left <= TimeSpan.Zero)
                return new BcReply(WireClass.NotProcessed, null, null, trouble ?? "The time of this try was over before the request was sent.", null, null);
            var answer = await http.SendAsync(Request(method, address, body, more, token), left, cancel);
            if (answer.Status != 401) return BcReply.Read(answer, http.Scrubber);
            // Who asks is looked at before what is asked for: nothing was processed. A token may end before its time; a new one is not refused.
            if (renewed) return BcReply.Read(answer, http.Scrubber) with { Class = WireClass.NotProcessed };
        }
    }

    private static HttpRequestMessage Request(HttpMethod method, Uri address, ReadOnlyMemory<byte>? body, Action<HttpRequestMessage>? more, string token)
    {
        var request = new HttpRequestMessage(method, address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.AcceptLanguage.ParseAdd("en-US");
        request.Headers.TryAddWithoutValidation("Data-Access-Intent", "ReadWrite");
        more?.Invoke(request);
        if (body is not { } bytes) return request;
        request.Content = new ReadOnlyMemoryContent(bytes);
        if (bytes.Length > 0) request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return request;
    }
}

/// <summary>What is left of the time one try may take.</summary>
internal readonly struct TryTime(TimeProvider clock, TimeSpan whole)
{
    private readonly long began = clock.GetTimestamp();

    public TimeSpan Left => whole - clock.GetElapsedTime(began);
}
