using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using PayOnce.App.Host;
using PayOnce.Exporters.Api;
using PayOnce.Scheduling;
using PayOnce.Stores;

namespace PayOnce.App.Background;

/// <summary>
/// Posts notifications, signed by the rules of Standard Webhooks 1.0.0 (standardwebhooks.com): HMAC-SHA256 over
/// <c>id.timestamp.body</c>, the id the same at each try. Goes only where requests to accounting systems may go, and follows no redirect.
/// </summary>
/// <param name="vault">What opens the signing secret; null if nobody said where the keys are.</param>
internal sealed class WebhookSender(IStore store, SecretVault? vault, EndpointRules rules, TimeProvider clock) : IDisposable
{
    /// <summary>How long a receiver may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private const string SecretPrefix = "whsec_";

    private readonly HttpMessageInvoker http = new(AccountingHandler.Create(rules));

    public void Dispose() => http.Dispose();

    /// <summary>One try. Null if the receiver has it; otherwise why not, and whether it can be of use to try again.</summary>
    public async Task<DeliveryFailure?> SendAsync(Notification notification, NotificationSettings settings, CancellationToken cancel)
    {
        if (!Uri.TryCreate(settings.WebhookUrl, UriKind.Absolute, out var url)) return DeliveryFailure.ForGood("No webhook is set any more.");
        var (key, missing) = await KeyAsync(notification.OrganisationId, settings.WebhookSecret, cancel);
        if (key is null) return DeliveryFailure.ForNow(missing);

        var id = Id(notification);
        var timestamp = clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(notification.PayloadJson));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = content };
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp);
        request.Headers.Add("webhook-signature", Sign(key, id, timestamp, notification.PayloadJson));
        using var late = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        try
        {
            using var answer = await http.SendAsync(request, either.Token);
            return answer.StatusCode switch
            {
                >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices => null,
                // The rules' own word for "never again".
                HttpStatusCode.Gone => DeliveryFailure.ForGood("The receiver answered 410: it wants no more."),
                var status => DeliveryFailure.ForNow(FormattableString.Invariant($"The receiver answered {(int)status}.")),
            };
        }
        catch (HttpRequestException fault) when (fault.GetBaseException() is EndpointRefusedException refused)
        {
            return DeliveryFailure.ForGood(refused.Message);
        }
        catch (HttpRequestException fault)
        {
            return DeliveryFailure.ForNow($"No connection: {fault.HttpRequestError}.");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return DeliveryFailure.ForNow(FormattableString.Invariant($"No answer within {Patience.TotalSeconds} seconds."));
        }
    }

    /// <summary>The same at each try, so that a receiver which got it twice can tell.</summary>
    internal static string Id(Notification notification) => FormattableString.Invariant($"msg_{notification.OrganisationId}_{notification.NotificationId}");

    internal static string Sign(byte[] key, string id, string timestamp, string body) =>
        "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{id}.{timestamp}.{body}")));

    /// <summary>The bytes of a secret <c>whsec_…</c>, or null if it is none.</summary>
    internal static byte[]? ReadKey(string secret)
    {
        if (!secret.StartsWith(SecretPrefix, StringComparison.Ordinal)) return null;
        var key = new byte[secret.Length];
        return Convert.TryFromBase64String(secret[SecretPrefix.Length..], key, out var length) && length > 0 ? key[..length] : null;
    }

    /// <summary>Whether a secret can be kept as a signing key: Standard Webhooks asks for 24 to 64 bytes.</summary>
    internal static bool IsKey(string secret) => ReadKey(secret) is { Length: >= 24 and <= 64 };

    private async Task<(byte[]? Key, string Missing)> KeyAsync(string organisationId, string? name, CancellationToken cancel)
    {
        if (name is null || await store.FindSecretAsync(organisationId, name, cancel) is not { } closed) return (null, "The webhook's signing secret was never set.");
        if (vault?.Unprotect(organisationId, name, closed.Span) is not { } secret) return (null, "The webhook's signing secret cannot be opened with the keys of this installation.");
        return ReadKey(secret) is { } key ? (key, "") : (null, "The webhook's signing secret must be whsec_ and base64 behind it.");
    }
}

/// <summary>Why a notification was not delivered.</summary>
/// <param name="Final">It is of no use to try again.</param>
internal sealed record DeliveryFailure(string Why, bool Final)
{
    public static DeliveryFailure ForNow(string why) => new(why, false);

    public static DeliveryFailure ForGood(string why) => new(why, true);
}
