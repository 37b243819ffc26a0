using System.Net.Mail;
using System.Text.Json;
using PayOnce.Exporters.Api;

namespace PayOnce.Scheduling;

/// <summary>Where an organisation wants to be told when a run needs a person.</summary>
public sealed record NotificationSettings
{
    public static NotificationSettings None { get; } = new();

    /// <summary>Where webhooks are posted to, https; null for none.</summary>
    public string? WebhookUrl { get; init; }

    /// <summary>The name of the signing secret (<c>whsec_…</c>) among the organisation's secrets; null for none.</summary>
    public string? WebhookSecret { get; init; }

    /// <summary>Who gets e-mail; empty for nobody.</summary>
    public IReadOnlyList<string> Emails { get; init; } = [];

    /// <summary>The language of e-mail: <c>nb</c> or <c>en</c>.</summary>
    public string Language { get; init; } = "nb";

    /// <summary>More addresses than this are a mailing list's work.</summary>
    public const int MostEmails = 20;

    /// <summary>What is wrong with the settings; empty if they can be used.</summary>
    public IReadOnlyList<Problem> Check()
    {
        var problems = new List<Problem>();
        if (WebhookUrl is { } url)
        {
            // Plain http only to this machine itself: what is signed is not secret, but whoever listens may drop it.
            if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || !(parsed.Scheme == "https" || (parsed.Scheme == "http" && EndpointRules.NamesThisMachine(parsed.Host))) || parsed.UserInfo.Length > 0)
                problems.Add(new Problem("must be an https address without a user name in it") { Field = "webhookUrl", Value = Problem.Printable(url) });
            if (string.IsNullOrEmpty(WebhookSecret)) problems.Add(new Problem("must name the secret that webhooks are signed with") { Field = "webhookSecret" });
        }
        if (Emails.Count > MostEmails) problems.Add(new Problem(FormattableString.Invariant($"must be at most {MostEmails} addresses")) { Field = "emails" });
        foreach (var email in Emails)
        {
            if (!MailAddress.TryCreate(email, out var address) || address.Address != email || email.Any(char.IsControl))
                problems.Add(new Problem("must be an e-mail address") { Field = "emails", Value = Problem.Printable(email) });
        }
        if (Language is not ("nb" or "en")) problems.Add(new Problem("must be nb or en") { Field = "language", Value = Problem.Printable(Language) });
        return problems;
    }

    public string ToJson() => JsonSerializer.Serialize(this, RequestJson.Default.NotificationSettings);

    public static NotificationSettings FromStored(string json) => JsonSerializer.Deserialize(json, RequestJson.Default.NotificationSettings)!;
}

/// <summary>The newest version of an organisation's notification settings.</summary>
/// <param name="Version">Counted from 1 with each change.</param>
public sealed record StoredNotificationSettings(int Version, NotificationSettings Settings, string ChangedBy, DateTimeOffset ChangedAt);

/// <summary>Something people have to be told, over one channel.</summary>
/// <param name="PayloadJson">What happened; the webhook's body, byte for byte at every try.</param>
public sealed record NotificationDraft(NotificationKind Kind, NotificationChannel Channel, string PayloadJson);

/// <summary>A notification in the outbox.</summary>
/// <param name="NotificationId">Counted from 1 within the organisation; the same at each try, so that a receiver can tell repeats.</param>
/// <param name="Tries">How often it was tried, the present try with it.</param>
/// <param name="NextTryAt">When it is due; null once it was sent or given up.</param>
/// <param name="Failure">Why the last try failed, for people; null if none did.</param>
public sealed record Notification(
    string OrganisationId,
    long NotificationId,
    NotificationKind Kind,
    NotificationChannel Channel,
    string PayloadJson,
    NotificationState State,
    int Tries,
    DateTimeOffset? NextTryAt,
    string? Failure,
    DateTimeOffset CreatedAt,
    DateTimeOffset? SentAt);

/// <summary>How a try to deliver a notification ended.</summary>
public abstract record NotificationTry
{
    private NotificationTry() { }

    /// <summary>The receiver has it.</summary>
    public sealed record Sent : NotificationTry { public static Sent Instance { get; } = new(); }

    /// <summary>To be tried again after this time, by the store's clock.</summary>
    public sealed record Again(TimeSpan After, string Why) : NotificationTry;

    /// <summary>Not tried any more.</summary>
    public sealed record GivenUp(string Why) : NotificationTry;
}

/// <summary>Why people are told.</summary>
public enum NotificationKind
{
    /// <summary>A run could not do its work.</summary>
    RunFailed,

    /// <summary>A run ended, and claims of it were rejected.</summary>
    RunRejections,

    /// <summary>A run ended, and claims of it are in doubt.</summary>
    RunInDoubt,

    /// <summary>A run that was asked for was not started.</summary>
    RunNotStarted,
}

/// <summary>How people are told.</summary>
public enum NotificationChannel
{
    Webhook,
    Email,
}

/// <summary>Where a notification is.</summary>
public enum NotificationState
{
    Waiting,
    Sent,
    GivenUp,
}

/// <summary>The one text constant of each kind, channel and state.</summary>
public static class NotificationTexts
{
    public static string Text(this NotificationKind kind) => kind switch
    {
        NotificationKind.RunFailed => "run.failed",
        NotificationKind.RunRejections => "run.rejections",
        NotificationKind.RunInDoubt => "run.in_doubt",
        NotificationKind.RunNotStarted => "run.not_started",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    public static NotificationKind Kind(string text) => text switch
    {
        "run.failed" => NotificationKind.RunFailed,
        "run.rejections" => NotificationKind.RunRejections,
        "run.in_doubt" => NotificationKind.RunInDoubt,
        "run.not_started" => NotificationKind.RunNotStarted,
        _ => throw new ArgumentOutOfRangeException(nameof(text), text, null),
    };

    public static string Text(this NotificationChannel channel) => channel switch
    {
        NotificationChannel.Webhook => "webhook",
        NotificationChannel.Email => "email",
        _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, null),
    };

    public static NotificationChannel Channel(string text) => text switch
    {
        "webhook" => NotificationChannel.Webhook,
        "email" => NotificationChannel.Email,
        _ => throw new ArgumentOutOfRangeException(nameof(text), text, null),
    };

    public static string Text(this NotificationState state) => state switch
    {
        NotificationState.Waiting => "waiting",
        NotificationState.Sent => "sent",
        NotificationState.GivenUp => "given_up",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    public static NotificationState State(string text) => text switch
    {
        "waiting" => NotificationState.Waiting,
        "sent" => NotificationState.Sent,
        "given_up" => NotificationState.GivenUp,
        _ => throw new ArgumentOutOfRangeException(nameof(text), text, null),
    };
}
