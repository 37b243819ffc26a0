using System.Net.Mail;
using PayOnce.App.Background;
using PayOnce.App.Dashboard.Parts;
using PayOnce.Scheduling;

namespace PayOnce.App.Dashboard.Pages.Settings;

/// <summary>Notification settings as their form has them.</summary>
/// <param name="Key">A new signing key; empty keeps the old one. Never shown again, not even where the form is sent back.</param>
internal sealed record NotificationsForm(string Url, string Key, string Emails, string Language)
{
    public static NotificationsForm Of(NotificationSettings settings) => new(settings.WebhookUrl ?? "", "", string.Join('\n', settings.Emails), settings.Language);

    public static NotificationsForm Read(HttpContext http)
    {
        string Typed(string name) => (FormText.Typed(http, name) ?? "").Trim();
        return new(Typed("url"), Typed("key"), Typed("emails"), Typed("language"));
    }

    /// <summary>The settings that are meant, and what has to be corrected, in the order of the fields.</summary>
    /// <param name="hasKey">There is a signing key already.</param>
    public (NotificationSettings Settings, IReadOnlyList<FieldError> Errors) Check(Words words, bool hasKey)
    {
        var emails = Emails.Split(['\r', '\n', ',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var settings = new NotificationSettings
        {
            WebhookUrl = Url.Length == 0 ? null : Url,
            WebhookSecret = Url.Length > 0 && (hasKey || Key.Length > 0) ? SecretRules.Webhook : null,
            Emails = emails,
            Language = Language,
        };
        var found = settings.Check().Select(problem => problem.Field).ToHashSet();
        var errors = new List<FieldError>();
        if (found.Contains("webhookUrl")) errors.Add(new("url", words.WebhookAddressWrong));
        if (found.Contains("webhookSecret")) errors.Add(new("key", words.WebhookKeyMissing));
        if (Key.Length > 0 && !WebhookSender.IsKey(Key)) errors.Add(new("key", words.WebhookKeyWrong));
        if (emails.Length > NotificationSettings.MostEmails) errors.Add(new("emails", words.EmailAddressesMany));
        else if (found.Contains("emails")) errors.Add(new("emails", words.EmailAddressesWrong(Problem.Printable(emails.First(IsNoAddress)))));
        if (found.Contains("language")) errors.Add(new("language", words.EmailLanguageWrong));
        return (settings, errors);
    }

    private static bool IsNoAddress(string text) => !MailAddress.TryCreate(text, out var address) || address.Address != text || text.Any(char.IsControl);
}
