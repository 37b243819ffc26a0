using System.Net.Http.Headers;
using PayOnce.Exporters.Api;
using PayOnce.Exporters.Mapping;
using PayOnce.Exporters.Settings;

namespace PayOnce.Exporters.Xledger;

/// <summary>
/// Xledger over GraphQL. Its import takes a line as often as it is sent and no field of it is unique, so that nothing may be sent
/// again on a guess; but every list can be asked for an invoice number, which is the export key. Hence: readable.
/// </summary>
internal sealed partial class XledgerApi : IAccountingApi
{
    /// <summary>Where Xledger documents its API.</summary>
    public static readonly Uri Production = new("https://www.xledger.net/graphql");

    /// <summary>About half of what fits one mutation with the five lines that a claim has on average.</summary>
    private const int StandardClaimsPerRequest = 50;

    /// <summary>Xledger has a limit on requests at the same time and says nowhere which.</summary>
    private const int StandardParallel = 2;

    private const int LongestText = 300;

    /// <summary>How long a request that we gave up may still be on its way.</summary>
    private static readonly TimeSpan StandardQuietTime = TimeSpan.FromMinutes(5);

    private readonly IntegrationSettings settings;
    private readonly ApiSettings api;
    private readonly AccountSettings accounts;
    private readonly string token;
    private readonly AccountingClient client;
    private readonly Uri endpoint;
    private readonly RequestBudget budget;

    public XledgerApi(IntegrationSettings settings, RenderContext context, string token, AccountingClient client)
    {
        (this.settings, this.client, this.token) = (settings, client, token.Trim());
        api = settings.Api ?? new();
        accounts = settings.Accounts ?? AccountSettings.Norwegian;
        endpoint = api.Endpoint ?? Production;
        budget = new RequestBudget(client.Clock, api.Xledger?.RequestsPerMonth);
        client.Scrubber.Learn(this.token);
        Renderer = new ImportRequest(new RunFacts(settings, accounts, context));
    }

    public ProofClass ProofClass => ProofClass.Readable;

    public TimeSpan Window => TimeSpan.Zero;

    public TimeSpan QuietTime => api.QuietTime ?? StandardQuietTime;

    public bool AutomaticRelease => api.AutomaticRelease;

    public int ClaimsPerBatch => Math.Min(api.ClaimsPerRequest ?? StandardClaimsPerRequest, XledgerApiExporter.MostClaimsPerRequest);

    public int Parallel => api.Parallel ?? StandardParallel;

    public TimeSpan Timeout => api.Timeout;

    public RetryOptions Retry => api.Retry;

    public IBatchRenderer Renderer { get; }

    public IReadOnlyList<string> Warnings => budget.Warning is { } warning ? [warning] : [];

    private string CreditAccount => accounts.Credit ?? throw new InvalidOperationException("The settings have no account that totals are owed on; the check must have refused them.");

    public async Task<SendAnswer> SendAsync(ApiBatch batch, CancellationToken cancel)
    {
        var nodes = ImportNodes.Read(batch.Bytes.Span);
        var wire = await PostAsync(batch.Bytes, cancel);
        return new ImportAnswer(nodes, batch.Claims, Clean, client.Clock.GetUtcNow()).Read(wire);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // Waiting for the burst limit counts towards the time of the try, so that a try never takes longer than it may.
    private async Task<WireAnswer> PostAsync(ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        var began = client.Clock.GetTimestamp();
        try
        {
            await budget.TakeAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            return new WireAnswer(WireClass.NotProcessed, null, default, null, "Stopped before it was sent.");
        }
        var left = Timeout - client.Clock.GetElapsedTime(began);
        if (left <= TimeSpan.Zero) return new WireAnswer(WireClass.NotProcessed, null, default, null, "Its time was over before it was sent.");
        var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        // "token", not "Bearer": Xledger's own sample and every public client.
        request.Headers.Authorization = new AuthenticationHeaderValue("token", token);
        return await client.SendAsync(request, left, cancel);
    }

    /// <summary>A text that came back, without secrets and short enough for a person.</summary>
    private string Clean(string text) => client.Scrubber.Excerpt(text, LongestText);
}
