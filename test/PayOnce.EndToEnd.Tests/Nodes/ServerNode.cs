using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using PayOnce.EndToEnd.Tests.Support;

namespace PayOnce.EndToEnd.Tests.Nodes;

/// <summary>One <c>payonce serve</c> as a process of its own, and a program that calls its API.</summary>
internal sealed partial class ServerNode(string name, Payonce process, HttpClient http) : IDisposable
{
    private const string Org = "/api/v1/organisations/hlf/";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public Payonce Process => process;

    public Uri Address => http.BaseAddress!;

    /// <summary>Starts it and waits until it listens.</summary>
    /// <param name="pauseAt">The step at which it sends itself SIGSTOP; null for none.</param>
    /// <param name="further">Set in its environment beside what any node needs.</param>
    public static async Task<ServerNode> StartAsync(string name, IReadOnlyList<string> store, string token, string? pauseAt, IReadOnlyDictionary<string, string> further)
    {
        var environment = new Dictionary<string, string>(further) { ["PAYONCE_ALLOW_ENDPOINTS"] = "127.0.0.1" };
        if (pauseAt is not null) environment["PAYONCE_PAUSE_AT"] = pauseAt;
        var process = Payonce.Start(["serve", "--urls", "http://127.0.0.1:0", .. store], environment);
        await Until.TrueAsync(() => Task.FromResult(process.HasEnded || Listens().IsMatch(process.OutputSoFar)), () => $"Node {name} never listened.\n{process.OutputSoFar}");
        if (process.HasEnded) throw new InvalidOperationException($"Node {name} did not start: {await process.EndAsync()}");
        var http = new HttpClient { BaseAddress = new Uri(Listens().Match(process.OutputSoFar).Groups[1].Value) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return new ServerNode(name, process, http);
    }

    public async Task<JsonElement> GetAsync(string path) => JsonDocument.Parse(await http.GetStringAsync(Org + path, Cancel)).RootElement;

    /// <summary>The same of a node that may have come to stand still meanwhile: null if there is no answer within seconds.</summary>
    public async Task<JsonElement?> TryGetAsync(string path)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(3));
        try
        {
            return JsonDocument.Parse(await http.GetStringAsync(Org + path, limit.Token)).RootElement;
        }
        catch (OperationCanceledException) when (!Cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    public Task<JsonElement> PostAsync(string path, string json, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Post, path, json, headers);

    public Task<JsonElement> PutAsync(string path, string json) => SendAsync(HttpMethod.Put, path, json, ("If-None-Match", "*"));

    /// <summary>Follows a run until its last event, which it returns: the node goes on telling whoever executes it.</summary>
    public async Task<JsonElement> FollowAsync(long run)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        using var answer = await http.GetAsync($"{Org}runs/{run}/events", HttpCompletionOption.ResponseHeadersRead, limit.Token);
        answer.EnsureSuccessStatusCode();
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(limit.Token));
        var ends = false;
        while (await lines.ReadLineAsync(limit.Token) is { } line)
        {
            ends |= line == "event: end";
            if (ends && line.StartsWith("data: ", StringComparison.Ordinal)) return JsonDocument.Parse(line["data: ".Length..]).RootElement;
        }
        throw new InvalidOperationException($"Node {name} stopped telling of run {run} before its end.");
    }

    public void Dispose() => http.Dispose();

    public override string ToString() => $"node {name}: {(process.HasEnded ? "ended" : process.StandsStill ? "stands still" : "runs")}\n{process.OutputSoFar}";

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, string json, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, Org + path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        foreach (var (header, value) in headers) request.Headers.TryAddWithoutValidation(header, value);
        using var answer = await http.SendAsync(request, Cancel);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        return answer.IsSuccessStatusCode ? JsonDocument.Parse(text).RootElement : throw new InvalidOperationException($"{method} {path}: {(int)answer.StatusCode} {text}");
    }

    [GeneratedRegex(@"PayOnce listens on (http://127\.0\.0\.1:\d+)\. Ctrl-C ends it\.")]
    private static partial Regex Listens();
}
