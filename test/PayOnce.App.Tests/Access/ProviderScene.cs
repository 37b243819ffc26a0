using System.Net;
using PayOnce.Access;
using PayOnce.App.Tests.Dashboard;
using PayOnce.App.Tests.Support;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Access;

/// <summary>An organisation with a sign-in of its own, and the way through it as a browser goes it.</summary>
internal static class ProviderScene
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Sets the provider up by the page, as an administrator does, who is returned signed in with a password: <c>user1</c>.</summary>
    public static async Task<HttpClient> SetUpAsync(this ServerWorld world, StandInProvider provider)
    {
        var administrator = await world.SignedInAsync(Role.Administrator);
        await administrator.SetProviderAsync(world, provider.Issuer);
        return administrator;
    }

    public static async Task SetProviderAsync(this HttpClient administrator, ServerWorld world, string issuer)
    {
        using var saved = await administrator.SendFormAsync(
            "/o/hlf/settings/sign-in/change", ("name", "Bedriften"), ("issuer", issuer), ("client", StandInProvider.ClientId), ("secret", StandInProvider.ClientSecret), ("scopes", "openid profile"));
        Assert.Equal("/o/hlf/settings/sign-in", world.Here(saved));
    }

    /// <summary>Links the provider's account with whoever is signed in, by the pages.</summary>
    public static async Task LinkAsync(this HttpClient client, ServerWorld world, string organisation = "hlf")
    {
        using var back = await client.ThroughAsync($"/account/link/{organisation}");
        var page = world.Here(back);
        Assert.StartsWith($"/account/link/{organisation}?with=", page, StringComparison.Ordinal);
        using var linked = await client.SendFormAsync(page, ("_handler", "link"));
        Assert.Equal("/account?Saved=1", world.Here(linked));
    }

    /// <summary>From our page to the provider and back; the answer of our callback.</summary>
    public static async Task<HttpResponseMessage> ThroughAsync(this HttpClient client, string start, Action<Uri>? seen = null)
    {
        var callback = await client.ToCallbackAsync(start);
        seen?.Invoke(callback);
        return await client.GetAsync(callback, Cancel);
    }

    /// <summary>From our page to the provider; where it sends the browser then.</summary>
    public static async Task<Uri> ToCallbackAsync(this HttpClient client, string start)
    {
        using var sent = await client.GetAsync(start, Cancel);
        Assert.True(sent.StatusCode is HttpStatusCode.Redirect, $"{start}: {sent.StatusCode} {Pages.Words(await sent.Content.ReadAsStringAsync(Cancel))}");
        using var elsewhere = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var back = await elsewhere.GetAsync(sent.Headers.Location, Cancel);
        Assert.True(back.StatusCode is HttpStatusCode.Redirect, await back.Content.ReadAsStringAsync(Cancel));
        return back.Headers.Location!;
    }

    /// <summary>Nobody was signed in, and a page says why with this status.</summary>
    public static async Task<string> RefusedAsync(this HttpResponseMessage answer, HttpStatusCode status)
    {
        var page = Pages.Words(await answer.ReadAsync(status));
        Assert.DoesNotContain("   at ", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", page, StringComparison.Ordinal);
        Assert.False(answer.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(cookie => cookie.StartsWith("payonce-session=", StringComparison.Ordinal)));
        return page;
    }

    /// <summary>The audit trail's actions about who reaches the organisation, oldest first.</summary>
    public static async Task<IReadOnlyList<string>> ToldAsync(this ServerWorld world)
    {
        var told = new List<string>();
        await foreach (var audit in world.Store.ReadAuditAsync("hlf", 0, Cancel)) told.Add(audit.Action);
        return told;
    }
}
