using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PayOnce.Sandbox;
using PayOnce.Sandbox.Dynamics;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Sandbox.Dynamics;

/// <summary>The stand-in behind its socket, and a client that knows nothing but HTTP.</summary>
internal sealed class BcTenant : IAsyncDisposable
{
    public const string Root = "v2.0/tenant/sandbox/api/v2.0/";

    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly SandboxHost host;
    private readonly string company;

    private BcTenant(SandboxHost host, BusinessCentral standIn, BcOptions options, ManualTime clock) =>
        (this.host, StandIn, company, Clock) = (host, standIn, $"companies({options.Company})", clock);

    public BusinessCentral StandIn { get; }

    public ManualTime Clock { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<BcTenant> StartAsync(BcOptions? options = null)
    {
        options ??= new BcOptions { Vendors = ["V1", "V2"] };
        var clock = new ManualTime();
        var standIn = new BusinessCentral(options);
        var tenant = new BcTenant(await SandboxServer.StartAsync(standIn, clock: clock, cancel: Cancel), standIn, options, clock);
        tenant.http.BaseAddress = tenant.host.Address;
        var (status, token) = await tenant.SignInAsync(options.ClientSecret);
        Assert.Equal(200, status);
        tenant.http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string)token["access_token"]!);
        return tenant;
    }

    public async Task<(int Status, JsonNode Body)> SignInAsync(string secret)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = "sandbox",
            ["client_secret"] = secret,
            ["scope"] = "https://api.businesscentral.dynamics.com/.default",
        });
        using var answer = await http.PostAsync("tenant/oauth2/v2.0/token", form, Cancel);
        return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancel))!);
    }

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync("GET", $"{Root}{company}/{path}", null, headers);

    public Task<Answer> PostAsync(string path, string? body = null) => SendAsync("POST", $"{Root}{company}/{path}", body);

    public Task<Answer> PatchAsync(string path, string body, string? ifMatch) => SendAsync("PATCH", $"{Root}{company}/{path}", body, Match(ifMatch));

    public Task<Answer> DeleteAsync(string path, string? ifMatch) => SendAsync("DELETE", $"{Root}{company}/{path}", null, Match(ifMatch));

    /// <summary>A <c>$batch</c> of posts below the company.</summary>
    public Task<Answer> BatchAsync(IEnumerable<(string Path, string Body)> posts, params (string Name, string Value)[] headers) => SendAsync(
        "POST",
        Root + "$batch",
        $$"""{"requests":[{{string.Join(',', posts.Select((post, i) => $$"""{"id":"{{i + 1}}","method":"POST","url":"{{company}}/{{post.Path}}","headers":{"Content-Type":"application/json"},"body":{{post.Body}}}"""))}}]}""",
        headers);

    /// <summary>A draft over one line, and its id.</summary>
    public async Task<Guid> DraftAsync(string key = "KEY", string vendor = "V1", string amount = "12.50") =>
        (await PostAsync("purchaseInvoices", $$"""{"vendorNumber":"{{vendor}}","vendorInvoiceNumber":"{{key}}","purchaseInvoiceLines":[{"lineType":"Account","lineObjectNumber":"7100","unitCost":{{amount}},"quantity":1}]}""")).Created;

    public async Task<Guid> JournalAsync(string code = "ABCDEFGHIJ") => (await PostAsync("journals", $$"""{"code":"{{code}}"}""")).Created;

    public static string Line(string amount, int? number = null, string document = "KEY", string account = "7100", string type = "G/L Account") =>
        $$"""{{{(number is { } at ? $"\"lineNumber\":{at}," : "")}}"accountType":"{{type}}","accountNumber":"{{account}}","postingDate":"2026-01-31","documentNumber":"{{document}}","amount":{{amount}}}""";

    public async Task<Answer> SendAsync(string method, string path, string? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Accept.ParseAdd("application/json");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await http.SendAsync(request, Cancel);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        return new Answer((int)answer.StatusCode, text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!);
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await host.DisposeAsync();
    }

    private static (string, string)[] Match(string? tag) => tag is null ? [] : [("If-Match", tag)];

    public sealed record Answer(int Status, JsonNode Body)
    {
        public string Code => (string)Body["error"]!["code"]!;

        public string Message => (string)Body["error"]!["message"]!;

        public JsonArray Value => Body["value"]!.AsArray();

        public string ETag => (string)Body["@odata.etag"]!;

        public JsonElement Element => JsonSerializer.Deserialize<JsonElement>(Body.ToJsonString());

        /// <summary>The id of what was created.</summary>
        public Guid Created => Status == 201 ? Guid.Parse((string)Body["id"]!) : throw new InvalidOperationException(Body.ToJsonString());

        public void IsRefused(string code, string message = "", int status = 400)
        {
            Assert.Equal((status, code), (Status, Code));
            Assert.Contains(message, Message, StringComparison.Ordinal);
            Assert.Matches("  CorrelationId:  [0-9a-f-]{36}\\.$", Message);
        }
    }
}
