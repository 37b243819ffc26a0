using System.Buffers;
using System.Text.Json;
using PayOnce.Exporters.Api;
using PayOnce.Exporters.Settings;

namespace PayOnce.Exporters.Generic;

/// <summary>An endpoint that an organisation built for PayOnce, as docs/generic-endpoint.md asks for.</summary>
internal sealed class GenericApi(ApiSettings settings, ClaimsRequest renderer, GenericEndpoint endpoint, GenericProbe probe) : IAccountingApi
{
    /// <summary>Export keys in one look-up, by the contract.</summary>
    public const int KeysPerLookup = 1000;

    /// <summary>Keeps a request small enough for any proxy, and what one lost answer puts in doubt few enough for a person.</summary>
    private const int StandardClaims = 100;

    /// <summary>As the measurement: more gains little against an endpoint that answers in milliseconds.</summary>
    private const int StandardParallel = 4;

    /// <summary>Proxies give up on a request within minutes; nothing that left is processed later than this.</summary>
    private static readonly TimeSpan StandardQuiet = TimeSpan.FromMinutes(5);

    public ProofClass ProofClass => settings.ProofClass ?? ProofClass.Readable;

    // Less the quiet time: a repetition may arrive that much later than it left, and must still arrive inside the endpoint's window.
    public TimeSpan Window => ProofClass == ProofClass.Windowed && settings.Window is { } window && window > QuietTime ? window - QuietTime : TimeSpan.Zero;

    public TimeSpan QuietTime => settings.QuietTime ?? StandardQuiet;

    public bool AutomaticRelease => settings.AutomaticRelease;

    public int ClaimsPerBatch => settings.ClaimsPerRequest ?? StandardClaims;

    public int Parallel => settings.Parallel ?? StandardParallel;

    public TimeSpan Timeout => settings.Timeout;

    public RetryOptions Retry => settings.Retry;

    public IBatchRenderer Renderer => renderer;

    public async Task<SendAnswer> SendAsync(ApiBatch batch, CancellationToken cancel)
    {
        var answer = await endpoint.PostAsync("/batches", batch.Bytes, GenericEndpoint.IdempotencyKey(batch.Bytes.Span), cancel);
        return answer.Class switch
        {
            WireClass.Answered => GenericAnswers.ReadResults(answer, batch.Claims),
            WireClass.NotProcessed => new SendAnswer.NotProcessed(answer.RetryAfter) { HttpStatus = answer.Status, Error = answer.Error },
            WireClass.Refused when GenericAnswers.ReadRefusal(answer) is { } why => new SendAnswer.Refused { HttpStatus = answer.Status, Error = why },
            _ => new SendAnswer.Unknown { HttpStatus = answer.Status, Error = answer.Error },
        };
    }

    public async Task<ReadBackAnswer> ReadBackAsync(IReadOnlyList<ExpectedClaim> claims, CancellationToken cancel)
    {
        if (!ProofClass.CanReadBack()) return new ReadBackAnswer.Failed("The endpoint is declared blind: it cannot be asked which claims it holds.");
        var findings = new List<ReadBackFinding>(claims.Count);
        foreach (var some in claims.Chunk(KeysPerLookup))
        {
            var answer = await endpoint.PostAsync("/lookup", LookUpBody(some), idempotencyKey: null, cancel);
            if (answer.Class != WireClass.Answered) return new ReadBackAnswer.Failed(answer.Error ?? "The look-up was not answered.", answer.Status);
            if (GenericAnswers.ReadFound(answer, some, findings) is { } why) return new ReadBackAnswer.Failed(why, answer.Status);
        }
        return new ReadBackAnswer.Answered(findings);
    }

    public async Task<KeyPageAnswer> ListKeysAsync(string? after, CancellationToken cancel)
    {
        if (!ProofClass.CanReadBack()) return new KeyPageAnswer.Failed("The endpoint is declared blind: it cannot be asked which claims it holds.");
        var answer = await endpoint.GetAsync(after is null ? "/keys" : "/keys?after=" + Uri.EscapeDataString(after), cancel);
        return answer.Class == WireClass.Answered ? GenericAnswers.ReadKeys(answer, after) : new KeyPageAnswer.Failed(answer.Error ?? "The list was not answered.");
    }

    public Task<IReadOnlyList<ConnectionCheck>> TestConnectionAsync(CancellationToken cancel) => probe.RunAsync(this, cancel);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static ReadOnlyMemory<byte> LookUpBody(ExpectedClaim[] claims)
    {
        var body = new ArrayBufferWriter<byte>(32 + 20 * claims.Length);
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        json.WriteStartArray("exportKeys"u8);
        foreach (var claim in claims) json.WriteStringValue(claim.ExportKey);
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return body.WrittenMemory;
    }
}
