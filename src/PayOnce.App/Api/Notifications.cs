using Microsoft.AspNetCore.Http.HttpResults;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Background;
using PayOnce.App.Server;
using PayOnce.History;
using PayOnce.Scheduling;
using PayOnce.Stores;

namespace PayOnce.App.Api;

/// <param name="WebhookUrl">Where webhooks are posted to, https; null for none.</param>
/// <param name="WebhookKey">A new signing key: <c>whsec_</c> and 24 to 64 bytes in base64 (Standard Webhooks). Null keeps the one there is. It is kept encrypted and never shown.</param>
/// <param name="Emails">Who gets e-mail, at most 20; empty for nobody.</param>
/// <param name="Language">Of e-mail: <c>nb</c> or <c>en</c>.</param>
internal sealed record NotificationSettingsBody(string? WebhookUrl, IReadOnlyList<string> Emails, string? WebhookKey = null, string Language = "nb");

/// <summary>Where people are told when a run needs them.</summary>
/// <param name="HasWebhookKey">A signing key is kept.</param>
internal sealed record NotificationSettingsDocument(string OrganisationId, long Version, string? WebhookUrl, bool HasWebhookKey, IReadOnlyList<string> Emails, string Language, string ChangedBy, DateTimeOffset ChangedAt);

/// <summary>Something people had to be told, over one channel.</summary>
/// <param name="Tries">How often it was tried.</param>
/// <param name="NextTryAt">When it is tried again; null once it was sent or given up.</param>
internal sealed record NotificationDocument(long NotificationId, string Kind, string Channel, string State, int Tries, DateTimeOffset? NextTryAt, string? Failure, DateTimeOffset CreatedAt, DateTimeOffset? SentAt)
{
    public static NotificationDocument Of(Notification told) => new(
        told.NotificationId, told.Kind.Text(), told.Channel.Text(), told.State.Text(), told.Tries, told.NextTryAt, told.Failure, told.CreatedAt, told.SentAt);
}

/// <summary>Who is told when a run needs a person, and what became of it.</summary>
internal static class Notifications
{
    public static void Map(IEndpointRouteBuilder organisation)
    {
        var notifications = organisation.MapGroup("/notifications").WithTags("Notifications");
        notifications.MapGet("", ListAsync).WithName("listNotifications").Needs(Permission.Read).Refuses(Problems.BadInput);
        notifications.MapGet("/settings", FindAsync).WithName("getNotificationSettings").Needs(Permission.Read).Refuses(Problems.NotFound);
        notifications.MapPut("/settings", SaveAsync).WithName("saveNotificationSettings").Needs(Permission.Configure).Refuses(Problems.BadInput, Problems.ChangedMeanwhile, Problems.VersionNeeded).Conditional();
    }

    /// <summary>What people were told, newest first</summary>
    /// <param name="cursor">Where to go on, as an earlier answer said.</param>
    /// <param name="limit">At most this many, 1 to 500; 50 if nothing is said.</param>
    public static async Task<Results<Ok<Part<NotificationDocument>>, ProblemHttpResult>> ListAsync(string? cursor, int? limit, Visit visit, IRequestStore requests, CancellationToken cancel)
    {
        var faults = new Faults();
        var (size, before) = faults.PartBefore(cursor, limit);
        if (faults.Problem is { } problem) return problem;
        var found = await requests.ListNotificationsAsync(visit.Organisation.OrganisationId, before, size, cancel);
        return TypedResults.Ok(Parts.Before([.. found.Select(NotificationDocument.Of)], size, told => told.NotificationId));
    }

    /// <summary>Where people are told</summary>
    public static async Task<Results<Ok<NotificationSettingsDocument>, ProblemHttpResult>> FindAsync(HttpContext http, Visit visit, IStore store, IRequestStore requests, CancellationToken cancel)
    {
        var id = visit.Organisation.OrganisationId;
        if (await requests.FindNotificationSettingsAsync(id, cancel) is not { } found) return Problems.NotFound.Because("The organisation has no notifications yet.");
        Versions.Show(http, found.Version);
        return TypedResults.Ok(Document(id, found, await HasKeyAsync(store, id, cancel)));
    }

    /// <summary>Change where people are told</summary>
    /// <remarks>With If-Match the version that is changed, with <c>If-None-Match: *</c> the first.</remarks>
    public static async Task<Results<Ok<NotificationSettingsDocument>, ProblemHttpResult>> SaveAsync(
        NotificationSettingsBody body, HttpContext http, Visit visit, IStore store, IRequestStore requests, ServerParts parts, CancellationToken cancel)
    {
        var (known, version) = Versions.Asked(http.Request);
        if (version is not null) return version;
        if (body.Emails.Contains(null!)) return Problems.Refuse("emails", null, "must be a list of texts");
        var id = visit.Organisation.OrganisationId;
        var hasKey = await HasKeyAsync(store, id, cancel) || body.WebhookKey is not null;
        var settings = new NotificationSettings { WebhookUrl = body.WebhookUrl, WebhookSecret = body.WebhookUrl is not null && hasKey ? SecretRules.Webhook : null, Emails = body.Emails, Language = body.Language };
        var faults = new Faults();
        foreach (var problem in settings.Check()) faults.Add(problem.Field == "webhookSecret" ? "webhookKey" : problem.Field!, problem.Value, problem.Rule);
        // The rule alone: what was sent may be a key, or another secret.
        if (body.WebhookKey is { } key && !WebhookSender.IsKey(key)) faults.Add("webhookKey", null, "must be whsec_ and 24 to 64 bytes in base64");
        if (faults.Problem is { } wrong) return wrong;
        var asked = known ?? (await requests.FindNotificationSettingsAsync(id, cancel))?.Version ?? 0;
        switch (await requests.SaveNotificationSettingsAsync(id, settings, (int)Math.Min(asked, int.MaxValue), visit.Actor, cancel))
        {
            case SaveAnswer<StoredNotificationSettings>.Saved { Now: var saved }:
                // Behind the settings: whoever is told that somebody was quicker has changed no key. A webhook without its key waits for it.
                if (body.WebhookKey is not null) await store.SetSecretAsync(id, SecretRules.Webhook, parts.Vault.Protect(id, SecretRules.Webhook, body.WebhookKey), visit.Actor, CancellationToken.None);
                Versions.Show(http, saved.Version);
                return TypedResults.Ok(Document(id, saved, hasKey));
            case SaveAnswer<StoredNotificationSettings>.Changed { Now: var other }:
                return Versions.Changed(http, other?.Version ?? 0);
            default:
                throw new InvalidOperationException("Unknown answer to a change.");
        }
    }

    private static async Task<bool> HasKeyAsync(IStore store, string organisationId, CancellationToken cancel) =>
        (await store.ListSecretsAsync(organisationId, cancel)).Any(secret => secret.Name == SecretRules.Webhook);

    private static NotificationSettingsDocument Document(string organisationId, StoredNotificationSettings stored, bool hasKey) => new(
        organisationId, stored.Version, stored.Settings.WebhookUrl, hasKey, stored.Settings.Emails, stored.Settings.Language, stored.ChangedBy, stored.ChangedAt);
}
