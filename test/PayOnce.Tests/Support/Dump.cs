using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.Tests.Support;

/// <summary>Everything that can be asked about an organisation, as text: two equal dumps are two equal states.</summary>
public static class Dump
{
    private const int MostByThemselves = 500;

    private static readonly JsonSerializerOptions WithTimes = new() { Converters = { new JsonStringEnumConverter() } };
    private static readonly JsonSerializerOptions WithoutTimes = new() { Converters = { new JsonStringEnumConverter(), new NoTime(), new NoOptionalTime() } };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>An answer of the store as text.</summary>
    public static string Of(object? answer, bool times = true) =>
        answer is null ? "null" : $"{answer.GetType().Name} {JsonSerializer.Serialize(answer, answer.GetType(), times ? WithTimes : WithoutTimes)}";

    /// <summary>The state of one organisation.</summary>
    /// <param name="times">False to compare two databases that did the same at different times: without times and the hashes over them.</param>
    public static async Task<string> OfAsync(IStore store, string organisationId = A.Org, bool times = true)
    {
        var text = new StringBuilder();
        void Line(string title, object? answer) => text.Append(CultureInfo.InvariantCulture, $"{title}: {Of(answer, times)}\n");

        Line("organisation", await store.FindOrganisationAsync(organisationId, Cancel));
        Line("integration", await store.FindIntegrationAsync(organisationId, Cancel));
        Line("status", await store.GetStatusAsync(organisationId, Cancel));
        var ids = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var claim in await store.ListClaimsAsync(organisationId, new ClaimFilter(), null, 100_000, Cancel))
        {
            Line("listed", claim);
            ids.Add(claim.ClaimId);
        }
        foreach (var candidate in await store.ReadCandidatesAsync(organisationId, ClaimScope.Everything, null, 100_000, Cancel)) Line("candidate", candidate);
        foreach (var file in await store.ListDoubtfulFilesAsync(organisationId, Cancel)) Line("doubtful", file.RunId);
        foreach (var file in await store.ListUnfetchedFilesAsync(organisationId, Cancel)) Line("unfetched", file.RunId);
        foreach (var doubt in (await store.ListDoubtfulClaimsAsync(organisationId, null, 100_000, Cancel)).Claims) Line("in doubt", doubt);
        foreach (var exported in await store.ListExportedClaimsAsync(organisationId, belowBooked: false, null, 100_000, Cancel)) Line("exported", exported);
        Line("restore", await store.FindRestoreModeAsync(organisationId, Cancel));
        foreach (var secret in await store.ListSecretsAsync(organisationId, Cancel))
        {
            Line("secret", secret);
            Line("value", Convert.ToHexStringLower((await store.FindSecretAsync(organisationId, secret.Name, Cancel))!.Value.Span));
        }
        var access = (IAccessStore)store;
        foreach (var member in await access.ListMembersAsync(organisationId, Cancel)) Line("member", member);
        foreach (var invitation in await access.ListInvitationsAsync(organisationId, Cancel)) Line("invitation", invitation);
        foreach (var token in await access.ListTokensAsync(organisationId, Cancel)) Line("token", token);
        Line("sign-in provider", await access.FindSignInProviderAsync(organisationId, Cancel));
        foreach (var run in await store.ListRunsAsync(organisationId, null, 100_000, Cancel))
        {
            Line("run", run);
            foreach (var mark in await store.ListRunMarksAsync(organisationId, run.RunId, null, 100_000, Cancel))
            {
                Line("mark", mark);
                ids.Add(mark.ClaimId);
            }
            foreach (var rejection in await store.ListRunRejectionsAsync(organisationId, run.RunId, Cancel)) Line("rejection", rejection);
            foreach (var duplicate in await store.ListRunDuplicatesAsync(organisationId, run.RunId, null, 100_000, Cancel)) Line("duplicate", duplicate);
            foreach (var attempt in await store.ListAttemptsAsync(organisationId, run.RunId, Cancel)) Line("attempt", attempt);
            Line("file", await store.FindFileAsync(organisationId, run.RunId, Cancel));
            Line("bytes", Convert.ToHexStringLower(SHA256.HashData(await BytesAsync(store, organisationId, run.RunId))));
        }
        // Each is asked for by itself: of very many, which the lists above hold as well, one in so many.
        var every = 1 + (ids.Count / MostByThemselves);
        foreach (var id in ids.Where((_, index) => index % every == 0)) Line("claim", await store.FindClaimAsync(organisationId, id, Cancel));
        foreach (var held in await store.FindHeldAsync(organisationId, [.. ids], Cancel)) Line("held", held);
        await foreach (var audit in store.ReadAuditAsync(organisationId, 0, Cancel))
            Line("audit", times ? audit : audit with { Hash = "", PreviousHash = "" });
        var head = await store.GetAuditHeadAsync(organisationId, Cancel);
        Line("head", times ? head : head.Sequence);
        return text.ToString();
    }

    /// <summary>The state of what belongs to no organisation.</summary>
    public static async Task<string> OfInstallationAsync(IAccessStore store, bool times = true)
    {
        var text = new StringBuilder();
        void Line(string title, object? answer) => text.Append(CultureInfo.InvariantCulture, $"{title}: {Of(answer, times)}\n");

        foreach (var user in await store.ListUsersAsync(null, 100_000, Cancel))
        {
            Line("user", user);
            foreach (var session in await store.ListSessionsAsync(user.UserId, TimeSpan.FromDays(1000), Cancel)) Line("session", session);
            foreach (var membership in await store.ListMembershipsAsync(user.UserId, Cancel)) Line("membership", membership);
            foreach (var identity in await store.ListIdentitiesAsync(user.UserId, Cancel)) Line("identity", identity);
        }
        foreach (var link in A.Links) Line("link", await store.FindLinkAsync(link, Cancel));
        foreach (var xml in await store.ListDataProtectionKeysAsync(Cancel)) Line("key", xml);
        Line("setting", await store.FindInstallationSettingAsync("paused", Cancel));
        return text.ToString();
    }

    /// <summary>The frozen bytes of a run's batches, one after the other.</summary>
    public static async Task<byte[]> BytesAsync(IStore store, string organisationId, long runId)
    {
        using var bytes = new MemoryStream();
        await foreach (var piece in store.ReadBatchesAsync(organisationId, runId, Cancel))
        {
            Assert.True(piece.Length > 0, "A batch without bytes was given out.");
            bytes.Write(piece.Span);
        }
        return bytes.ToArray();
    }

    private sealed class NoTime : JsonConverter<DateTimeOffset>
    {
        // A claim's own time of approval is content and stays; what the store's clock gave is later than every claim's.
        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
        {
            if (value < A.Day(32)) writer.WriteStringValue(value);
            else writer.WriteStringValue("then");
        }

        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();
    }

    private sealed class NoOptionalTime : JsonConverter<DateTimeOffset?>
    {
        public override bool HandleNull => true;

        public override void Write(Utf8JsonWriter writer, DateTimeOffset? value, JsonSerializerOptions options)
        {
            if (value is null) writer.WriteNullValue();
            else if (value < A.Day(32)) writer.WriteStringValue(value.Value);
            else writer.WriteStringValue("then");
        }

        public override DateTimeOffset? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();
    }
}
