using System.Buffers;
using System.Globalization;
using System.Text.Json;
using PayOnce.Exporters.Api;
using PayOnce.Guard;

namespace PayOnce.Exporters.Generic;

/// <summary>
/// "Test connection": asks the endpoint what it is, and then does not take its word for it. A made-up claim goes to <c>/probe</c>, which
/// treats it as <c>/batches</c> would and pays nobody; it is repeated where the declared proof class says that this is harmless.
/// </summary>
internal sealed class GenericProbe(IntegrationSettings settings, Organisation organisation, GenericEndpoint endpoint, TimeProvider clock)
{
    private const string Contract = "payonce.generic.1";

    /// <summary>A look-up may lag behind: asked this often, a second apart.</summary>
    private const int LookUps = 3;

    public async Task<IReadOnlyList<ConnectionCheck>> RunAsync(GenericApi api, CancellationToken cancel)
    {
        var answer = await endpoint.GetAsync("", cancel);
        if (SignInTrouble(answer) is { } trouble) return [new ConnectionCheck("sign-in", trouble)];
        var (proof, window, most) = GenericAnswers.Read(answer, _ => default, root => (AnswerJson.Text(root, "proofClass"), GenericAnswers.Number(root, "windowSeconds"), GenericAnswers.Number(root, "maxClaims")));
        return
        [
            new ConnectionCheck("sign-in", null),
            new ConnectionCheck("proof class", ProofTrouble(api.ProofClass, proof, window)),
            new ConnectionCheck("batch size", most is >= 1 && most < api.ClaimsPerBatch ? $"The endpoint takes at most {most} claims at once: set api.claimsPerRequest to that." : null),
            new ConnectionCheck("probe", await ProbeAsync(api, cancel)),
        ];
    }

    private static string? SignInTrouble(WireAnswer answer) => answer switch
    {
        { Status: 401 or 403 } => "The endpoint does not take the token: `payonce integrations secret set` keeps a new one.",
        { Class: not WireClass.Answered } => answer.Error,
        _ => GenericAnswers.Read(answer, why => why, root => AnswerJson.Text(root, "contract") == Contract ? null : $"The address answers, but not as an endpoint of the contract {Contract}."),
    };

    private string? ProofTrouble(ProofClass ours, string? theirs, long? windowSeconds)
    {
        if (Enum.GetValues<ProofClass>().Select(proof => (ProofClass?)proof).FirstOrDefault(proof => proof!.Value.Text() == theirs) is not { } told)
            return "The endpoint does not say which proof class it has.";
        if (ours < told) return $"The integration says {ours.Text()}, the endpoint says {told.Text()}, which proves less: set api.proofClass to \"{told.Text()}\".";
        return ours == ProofClass.Windowed && told == ProofClass.Windowed && settings.Api!.Window is { } window && (windowSeconds ?? 0) < window.TotalSeconds
            ? $"The endpoint remembers a key for {windowSeconds ?? 0} seconds only: set api.windowSeconds to that."
            : null;
    }

    private async Task<string?> ProbeAsync(GenericApi api, CancellationToken cancel)
    {
        var claim = MadeUp();
        var body = Body(claim);
        var key = GenericEndpoint.IdempotencyKey(body.Span);
        var first = await SendAsync(claim, body, key, cancel);
        if (first.Trouble is not null) return first.Trouble;
        if (first.Said is not ClaimAnswer.Accepted taken) return $"The endpoint did not take a made-up claim: {Words(first.Said)}";

        if (api.ProofClass is ProofClass.Unique or ProofClass.Windowed && await RepeatAsync(claim, body, key, taken, cancel) is { } twice)
            return $"The same request sent twice was {twice} The endpoint is not {api.ProofClass.Text()}: declare it readable, or mend it.";
        if (api.ProofClass == ProofClass.Unique && await RepeatAsync(claim, body, key + "-2", taken, cancel) is { } again)
            return $"The same export key under another Idempotency-Key was {again} The endpoint is not unique: declare it windowed, or mend it.";
        return api.ProofClass.CanReadBack() ? await LookUpAsync(api, claim, cancel) : null;
    }

    /// <summary>What went wrong with a repetition; null if it was recognised.</summary>
    private async Task<string?> RepeatAsync(ExpectedClaim claim, ReadOnlyMemory<byte> body, string key, ClaimAnswer.Accepted taken, CancellationToken cancel)
    {
        var (said, trouble) = await SendAsync(claim, body, key, cancel);
        return (said, trouble) switch
        {
            (_, not null) => $"not answered: {trouble}",
            (ClaimAnswer.Accepted repeated, _) => repeated.Acknowledgement == taken.Acknowledgement ? null : $"taken twice, as {taken.Acknowledgement} and as {repeated.Acknowledgement}.",
            (ClaimAnswer.Refused refused, _) => $"refused ({refused.Reason}), which reads as if it had not been taken.",
            // "duplicate" is the contract's word for it.
            _ => null,
        };
    }

    private async Task<string?> LookUpAsync(GenericApi api, ExpectedClaim claim, CancellationToken cancel)
    {
        var never = MadeUp("never sent");
        for (var i = 1; ; i++)
        {
            switch (await api.ReadBackAsync([claim, never], cancel))
            {
                case ReadBackAnswer.Failed failed:
                    return $"The look-up was not answered: {failed.Why}";
                case ReadBackAnswer.Answered { Findings: [_, not ReadBackFinding.Absent] }:
                    return "The look-up says that it holds a claim that was never sent.";
                case ReadBackAnswer.Answered { Findings: [ReadBackFinding.Present, _] }:
                    return null;
                case ReadBackAnswer.Answered { Findings: [ReadBackFinding.Conflict conflict, _] }:
                    return $"The look-up of a claim that was taken once says: {conflict.What}";
            }
            if (i == LookUps) return $"The look-up did not show a claim {LookUps - 1} seconds after it was taken: it must be in api.quietSeconds before it may be believed.";
            await Task.Delay(TimeSpan.FromSeconds(1), clock, cancel);
        }
    }

    private async Task<(ClaimAnswer? Said, string? Trouble)> SendAsync(ExpectedClaim claim, ReadOnlyMemory<byte> body, string key, CancellationToken cancel)
    {
        var answer = await endpoint.PostAsync("/probe", body, key, cancel);
        if (answer.Status is 404 or 405 or 501) return (null, "The endpoint has no /probe: that its proof class is as declared rests on its word alone.");
        if (answer.Class != WireClass.Answered) return (null, GenericAnswers.ReadRefusal(answer) ?? answer.Error);
        return GenericAnswers.ReadResults(answer, [claim]) is SendAnswer.Answered { Claims: [var said] } ? (said, null) : (null, "The answer to a probe is not as the contract says.");
    }

    private static string Words(ClaimAnswer? said) => said switch
    {
        ClaimAnswer.Refused refused => refused.Reason,
        ClaimAnswer.Unknown unknown => unknown.Reason,
        _ => "",
    };

    // Its key is new with every test: that of an earlier one would be known already.
    private ExpectedClaim MadeUp(string name = "probe")
    {
        var now = clock.GetUtcNow();
        var id = string.Create(CultureInfo.InvariantCulture, $"payonce {name} {now.UtcTicks}");
        return new ExpectedClaim(id, ExportKey.Derive(organisation.OrganisationId, id, generation: 0), "payonce", settings.LocalCurrency, 1, now, now);
    }

    private ReadOnlyMemory<byte> Body(ExpectedClaim claim)
    {
        var body = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        json.WriteString("organisation"u8, organisation.OrganisationId);
        json.WriteNumber("run"u8, 0);
        json.WriteStartArray("claims"u8);
        json.WriteStartObject();
        json.WriteString("claimId"u8, claim.ClaimId);
        json.WriteString("exportKey"u8, claim.ExportKey);
        json.WriteNumber("generation"u8, 0);
        json.WriteStartObject("claimant"u8);
        json.WriteString("id"u8, claim.ClaimantId);
        json.WriteString("name"u8, "PayOnce"u8);
        json.WriteEndObject();
        json.WriteString("type"u8, "probe"u8);
        json.WriteString("currency"u8, claim.Currency);
        json.WriteNumber("totalMinor"u8, claim.TotalMinor);
        json.WriteString("approvedAt"u8, claim.ApprovedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        json.WriteString("approvedBy"u8, "PayOnce"u8);
        json.WriteStartArray("lines"u8);
        json.WriteStartObject();
        json.WriteString("date"u8, claim.ApprovedAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        json.WriteString("category"u8, "probe"u8);
        json.WriteString("description"u8, "Test connection"u8);
        json.WriteNumber("amountMinor"u8, claim.TotalMinor);
        if (settings.Accounts is { } accounts && (accounts.Default ?? accounts.Categories.Concat(accounts.Types).Select(pair => pair.Value).FirstOrDefault()) is { } account) json.WriteString("account"u8, account);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return body.WrittenMemory;
    }
}
