using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace PayOnce.App.Tests.Support;

/// <summary>
/// An organisation's OpenID Connect provider: discovery, keys, a page that signs <see cref="Subject"/> in without asking, and a token
/// endpoint that insists on the code, the client, the redirect address and PKCE. A test may have it say anything else.
/// </summary>
internal sealed class StandInProvider : IAsyncDisposable
{
    public const string ClientId = "payonce";
    public const string ClientSecret = "a secret of both sides";

    private static readonly string[] ResponseTypes = ["code"];
    private static readonly string[] SubjectTypes = ["public"];
    private static readonly string[] Algorithms = ["RS256"];

    private readonly Dictionary<string, (string Challenge, string Nonce, string RedirectUri)> codes = [];
    private readonly WebApplication app;
    private RSA key = RSA.Create(2048);
    private int keyNumber = 1;

    private StandInProvider(WebApplication app) => this.app = app;

    /// <summary>As it stands in the settings of organisations.</summary>
    public string Issuer { get; private set; } = "";

    /// <summary>Who is signed in at the provider.</summary>
    public string Subject { get; set; } = "subject-1";

    /// <summary>What it says of itself in its metadata; null for the truth.</summary>
    public string? SaidIssuer { get; set; }

    /// <summary>Changes what it vouches for, as a faulty or hostile provider would.</summary>
    public Action<Dictionary<string, object>> Claims { get; set; } = _ => { };

    /// <summary>Changes the token when it is made.</summary>
    public Func<string, string> Token { get; set; } = token => token;

    /// <summary>Sends people back with this error.</summary>
    public string? Error { get; set; }

    /// <summary>Answers everything with this status.</summary>
    public int? Status { get; set; }

    /// <summary>Answers the metadata with this text.</summary>
    public string? Metadata { get; set; }

    public int KeysAsked { get; private set; }

    public static async Task<StandInProvider> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var provider = new StandInProvider(app);
        app.Use((http, next) =>
        {
            if (provider.Status is not { } status) return next(http);
            http.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        app.MapGet("/.well-known/openid-configuration", provider.Discovery);
        app.MapGet("/keys", provider.Keys);
        app.MapGet("/authorize", provider.Authorize);
        app.MapPost("/token", provider.RedeemAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        provider.Issuer = app.Urls.First();
        return provider;
    }

    /// <summary>From now on it signs with another key, and shows that one alone.</summary>
    public void ChangeKey()
    {
        key.Dispose();
        key = RSA.Create(2048);
        keyNumber++;
    }

    /// <summary>Signs with a key that it never showed.</summary>
    public static string SignedByAnother(string token)
    {
        using var other = RSA.Create(2048);
        var signed = token[..token.LastIndexOf('.')];
        return $"{signed}.{Base64Url.EncodeToString(other.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    /// <summary>The token without a signature, and saying so.</summary>
    public static string Unsigned(string token) => $"{Part(new { alg = "none", typ = "JWT" })}.{token.Split('.')[1]}.";

    /// <summary>The token signed with what both sides know and with what everybody knows.</summary>
    public static string SignedWithSecret(string token)
    {
        var signed = $"{Part(new { alg = "HS256", typ = "JWT" })}.{token.Split('.')[1]}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(ClientSecret.PadRight(32)), Encoding.ASCII.GetBytes(signed)))}";
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(CancellationToken.None);
        await app.DisposeAsync();
        key.Dispose();
    }

    private IResult Discovery() => Metadata is { } text ? Results.Text(text) : Results.Json(new
    {
        issuer = SaidIssuer ?? Issuer,
        authorization_endpoint = Issuer + "/authorize",
        token_endpoint = Issuer + "/token",
        jwks_uri = Issuer + "/keys",
        response_types_supported = ResponseTypes,
        subject_types_supported = SubjectTypes,
        id_token_signing_alg_values_supported = Algorithms,
    });

    private IResult Keys()
    {
        KeysAsked++;
        var shown = key.ExportParameters(includePrivateParameters: false);
        return Results.Json(new { keys = new[] { new { kty = "RSA", use = "sig", alg = "RS256", kid = $"key-{keyNumber}", n = Base64Url.EncodeToString(shown.Modulus), e = Base64Url.EncodeToString(shown.Exponent) } } });
    }

    private IResult Authorize(HttpRequest request)
    {
        string Asked(string name) => request.Query[name].ToString();
        if (Asked("response_type") != "code" || Asked("client_id") != ClientId || Asked("code_challenge_method") != "S256" || Asked("code_challenge").Length < 40 || Asked("state").Length == 0 || Asked("nonce").Length == 0
            || !Asked("scope").Split(' ').Contains("openid")) return Results.BadRequest($"Not asked as it must be: {request.QueryString}");
        if (Error is { } error) return Results.Redirect($"{Asked("redirect_uri")}?error={error}&error_description=no&state={Uri.EscapeDataString(Asked("state"))}");
        var code = Guid.NewGuid().ToString("N");
        codes[code] = (Asked("code_challenge"), Asked("nonce"), Asked("redirect_uri"));
        return Results.Redirect($"{Asked("redirect_uri")}?code={code}&state={Uri.EscapeDataString(Asked("state"))}");
    }

    private async Task<IResult> RedeemAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        if (form["client_id"] != ClientId || form["client_secret"] != ClientSecret || form["grant_type"] != "authorization_code") return Results.BadRequest(new { error = "invalid_client" });
        if (!codes.Remove(form["code"].ToString(), out var began) || form["redirect_uri"] != began.RedirectUri
            || Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))) != began.Challenge) return Results.BadRequest(new { error = "invalid_grant" });
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var claims = new Dictionary<string, object>
        {
            ["iss"] = Issuer, ["aud"] = ClientId, ["sub"] = Subject, ["nonce"] = began.Nonce, ["iat"] = now, ["nbf"] = now, ["exp"] = now + 300, ["preferred_username"] = "kari@bedrift.example", ["email"] = "user1@example.org",
        };
        Claims(claims);
        var signed = $"{Part(new { alg = "RS256", typ = "JWT", kid = $"key-{keyNumber}" })}.{Part(claims)}";
        var token = $"{signed}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
        return Results.Json(new { access_token = "at", token_type = "Bearer", expires_in = 300, id_token = Token(token) });
    }

    private static string Part<T>(T value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
}
