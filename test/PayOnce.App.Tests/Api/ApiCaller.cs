using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using PayOnce.Access;
using PayOnce.App.Host;
using PayOnce.App.Tests.Support;
using PayOnce.Exporters;
using PayOnce.Exporters.Api;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.App.Tests.Api;

/// <summary>A program that talks to the API, as its user would write it.</summary>
internal sealed class ApiCaller(HttpClient http) : IDisposable
{
    public const string Org = "/api/v1/organisations/hlf";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public HttpClient Http => http;

    /// <summary>One who may do everything: administrator of the organisation and operator of the installation, in a browser.</summary>
    public static async Task<ApiCaller> OfAsync(ServerWorld world)
    {
        var email = await world.AddUserAsync(Role.Administrator, isOperator: true);
        var client = world.NewClient();
        await client.SignInAsync(email, ServerWorld.Password);
        client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        return new ApiCaller(client);
    }

    public Task<ApiAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<ApiAnswer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    public Task<ApiAnswer> PostAsync(string path, string json, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Post, path, Json(json), headers);

    public Task<ApiAnswer> PutAsync(string path, string json, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Put, path, Json(json), headers);

    public async Task<ApiAnswer> SendAsync(HttpMethod method, string path, HttpContent? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path.StartsWith('/') ? path : $"{Org}/{path}") { Content = body };
        // A body that is too large is refused before it is sent; otherwise the connection breaks while it is.
        request.Headers.ExpectContinue = body?.Headers.ContentLength > 1024 * 1024;
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await http.SendAsync(request, Cancel);
        return new ApiAnswer(answer.StatusCode, answer.Headers, answer.Content.Headers, await answer.Content.ReadAsByteArrayAsync(Cancel));
    }

    public static HttpContent Json(string json) => Body(Encoding.UTF8.GetBytes(json), "application/json");

    public static HttpContent Body(byte[] bytes, string type) => new ByteArrayContent(bytes) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } };

    public void Dispose() => http.Dispose();

    /// <summary>A run outside the server, as the command line makes one.</summary>
    public static async Task<RunReport> RunAsync(IStore store, string organisation = "hlf", string? claimId = null)
    {
        var vault = new SecretVault(Path.Combine(Path.GetTempPath(), "no-keys-here"));
        var outside = new Outside(new PublishFolder(NoSteps.Instance), new ApiConnector(store, vault, EndpointRules.Parse(null, loopback: true).Rules!, TimeProvider.System), NoEpochWitness.Instance, Random.Shared.NextDouble);
        var engine = new ExportEngine(store, outside, TimeProvider.System, new ProcessNode(), NoSteps.Instance);
        return Assert.IsType<RunOutcome.Ended>(await engine.RunAsync(new RunRequest(organisation, "test") { ClaimId = claimId }, progress: null, Cancel)).Report;
    }
}

/// <summary>An answer of the API.</summary>
internal sealed record ApiAnswer(HttpStatusCode Status, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders, byte[] Bytes)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    public JsonElement Json => JsonDocument.Parse(Bytes).RootElement;

    public string? ETag => Headers.ETag?.ToString();

    public JsonElement this[string name] => Json.GetProperty(name);

    /// <summary>The answer is good; says what the problem is if not.</summary>
    public ApiAnswer Is(HttpStatusCode status)
    {
        Assert.True(Status == status, $"{(int)Status} instead of {(int)status}: {Text}");
        return this;
    }

    /// <summary>The answer is this problem and nothing of it tells what is inside.</summary>
    public ApiAnswer IsProblem(string name)
    {
        Assert.True(ContentHeaders.ContentType?.MediaType == "application/problem+json", $"{(int)Status} {ContentHeaders.ContentType}: {Text}");
        Assert.True(Json.GetProperty("type").GetString() == $"urn:payonce:problem:{name}", Text);
        Assert.Equal((int)Status, Json.GetProperty("status").GetInt32());
        Assert.True(Headers.CacheControl?.NoStore);
        foreach (var inside in (ReadOnlySpan<string>)["   at ", "Exception", "PayOnce.App", "PayOnce.Stores", "System.", "Microsoft.", "Npgsql", "sqlite", "traceId"]) Assert.DoesNotContain(inside, Text, StringComparison.OrdinalIgnoreCase);
        return this;
    }

    public IEnumerable<string> Faults => Json.TryGetProperty("errors", out var errors) ? errors.EnumerateArray().Select(each => each.GetProperty("name").GetString()!) : [];
}
