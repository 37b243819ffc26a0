using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PayOnce.Exporters.Api;

namespace PayOnce.Tests.Exporters.Api;

/// <summary>A secret that comes back in a body, a URL or an exception goes no further, however it is spelt there.</summary>
public sealed class ScrubberTests
{
    private const string Letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
    private const string Odd = "~!@#$%^&*()+=/\\:;<>?,.|\"' æøåé€-_";

    /// <summary>The spellings that a secret is met in, by what makes them.</summary>
    private static readonly (string Name, Func<string, string> Spell)[] Spellings =
    [
        ("raw", secret => secret),
        ("capitals", secret => secret.ToUpperInvariant()),
        ("percent", Uri.EscapeDataString),
        ("percent, small letters", secret => Lower(Uri.EscapeDataString(secret))),
        ("every byte in percent", secret => string.Concat(Encoding.UTF8.GetBytes(secret).Select(b => "%" + b.ToString("X2", CultureInfo.InvariantCulture)))),
        ("form", secret => WebUtility.UrlEncode(secret)),
        ("percent twice", secret => Uri.EscapeDataString(Uri.EscapeDataString(secret))),
        ("JSON", secret => JsonEncodedText.Encode(secret).ToString()),
        ("JSON, relaxed", secret => JsonEncodedText.Encode(secret, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString()),
        ("JSON, all escaped", secret => string.Concat(secret.Select(c => "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture)))),
        ("JSON in JSON", secret => JsonEncodedText.Encode(JsonEncodedText.Encode(secret).ToString()).ToString()),
        ("JSON with escaped slashes", secret => JsonEncodedText.Encode(secret, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString().Replace("/", "\\/", StringComparison.Ordinal)),
        ("HTML", secret => WebUtility.HtmlEncode(secret)),
        ("HTML, numbered", secret => string.Concat(secret.Select(c => $"&#x{(int)c:x};"))),
        ("JSON in percent", secret => Uri.EscapeDataString(JsonEncodedText.Encode(secret).ToString())),
        ("Base64", secret => Convert.ToBase64String(Encoding.UTF8.GetBytes(secret))),
        ("Base64 with a user", secret => Convert.ToBase64String(Encoding.UTF8.GetBytes("api:" + secret))),
        ("Base64 with a longer user", secret => Convert.ToBase64String(Encoding.UTF8.GetBytes("payonce:" + secret + "@no"))),
        ("Base64 for URLs", secret => Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)).Replace('+', '-').Replace('/', '_').TrimEnd('=')),
        ("Base64 in percent", secret => Uri.EscapeDataString(Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)))),
    ];

    private static readonly string[] Places =
    [
        "{{\"error\":{{\"code\":\"Authentication_InvalidCredentials\",\"message\":\"rejected {0} of tenant\"}}}}",
        "<html><body><pre>GET /v2.0/items?key={0}&page=2\nHost: api.example.no</pre></body></html>",
        "The SSL connection could not be established. (https://api.example.no/{0}/claims)",
        "X-Echo: {0}\r\nContent-Type: text/plain",
        "{0}",
        "{{\"request\":\"{{\\\"auth\\\":\\\"{0}\\\"}}\"}}",
        "bad format for api token ({0}), try again",
        "a=1;b={0};c=3",
    ];

    public static TheoryData<string> EverySpelling => [.. Spellings.Select(spelling => spelling.Name)];

    [Theory]
    [MemberData(nameof(EverySpelling))]
    public void A_known_secret_survives_in_no_spelling_and_no_place(string name)
    {
        var spell = Spellings.Single(spelling => spelling.Name == name).Spell;
        var random = new Random(20260302);
        for (var round = 0; round < 150; round++)
        {
            var secrets = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Secret(random)).ToList();
            var scrubber = new Scrubber(secrets.Skip(1));
            scrubber.Learn(secrets[0]);
            var place = Places[round % Places.Length];
            foreach (var secret in secrets)
            {
                var spelt = spell(secret);
                var text = string.Format(CultureInfo.InvariantCulture, place, spelt);
                var clean = scrubber.Scrub(text);
                Assert.True(Remains(clean, spelt) < 12, $"Seed 20260302, round {round}: {spelt} in {clean}");
                Assert.Equal(clean, scrubber.Scrub(clean));
                Assert.DoesNotContain(spelt, scrubber.Excerpt(text, 60), StringComparison.Ordinal);
                Assert.DoesNotContain(spelt, scrubber.Excerpt(Encoding.UTF8.GetBytes(text), 60), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void What_stands_round_a_secret_stays()
    {
        var scrubber = new Scrubber(["s3cr3t/with+odd&signs"]);
        Assert.Equal(
            "Vendor V00042 \"Kari Nordmann\" is not known at https://api.example.no/v2.0?key=[removed]&page=2 (100 % sure)",
            scrubber.Scrub("Vendor V00042 \"Kari Nordmann\" is not known at https://api.example.no/v2.0?key=s3cr3t%2Fwith%2bodd%26signs&page=2 (100 % sure)"));
    }

    [Fact]
    public void A_part_of_a_long_secret_is_removed_like_the_whole()
    {
        const string secret = "kJ8vQ2mZx7Lw9RtYb4Nc6HdP";
        Assert.Equal("rejected [removed]…", new Scrubber([secret]).Scrub($"rejected {secret[..14]}…"));
    }

    [Theory]
    [InlineData("Authorization: token 8c1f0e\r\nHost: x", "Authorization: [removed]\r\nHost: x")]
    [InlineData("authorization=Bearer abc.def", "authorization=[removed]")]
    [InlineData("{\"Authorization\":\"Bearer abc\",\"page\":2}", "{\"Authorization\":\"[removed]\",\"page\":2}")]
    [InlineData("Headers: { Authorization: [Basic YXBpOng=] }", "Headers: { Authorization: [removed]")]
    [InlineData("Set-Cookie: session=abc; Path=/", "Set-Cookie: [removed]")]
    [InlineData("sent Bearer 5f4dcc3b5aa7 to x", "sent Bearer [removed] to x")]
    [InlineData("sent token 5f4dcc3b5aa7 to x", "sent token [removed] to x")]
    [InlineData("Bearer%205f4dcc3b5aa7", "Bearer%20[removed]")]
    [InlineData("grant_type=client_credentials&client_secret=abc~def&scope=x", "grant_type=client_credentials&client_secret=[removed]&scope=x")]
    [InlineData("client_secret%3Dabc&x=1", "client_secret%3D[removed]&x=1")]
    [InlineData("Server=db;Password=hunter;Database=x", "Server=db;Password=[removed];Database=x")]
    [InlineData("password: hunter2", "password: [removed]")]
    [InlineData("{\"token_type\":\"Bearer\",\"access_token\":\"abc\",\"expires_in\":3599}", "{\"token_type\":\"Bearer\",\"access_token\":\"[removed]\",\"expires_in\":3599}")]
    [InlineData("{\"password\":\"a\\\"b\",\"user\":\"kari\"}", "{\"password\":\"[removed]\",\"user\":\"kari\"}")]
    [InlineData("{\"password\":\"cut o", "{\"password\":\"[removed]")]
    [InlineData("{\"inner\":\"{\\\"clientSecret\\\":\\\"abc\\\",\\\"a\\\":1}\"}", "{\"inner\":\"{\\\"clientSecret\\\":\\\"[removed]\\\",\\\"a\\\":1}\"}")]
    [InlineData("<apiKey>abc</apiKey>", "<apiKey>[removed]</apiKey>")]
    [InlineData("https://kari:hunter@example.no/in", "https://[removed]@example.no/in")]
    [InlineData("id eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln end", "id [removed] end")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----\nend", "[removed]\nend")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "[removed]")]
    [InlineData("https://x.blob.example.net/f?sv=1&sig=abc%3D&se=2", "https://x.blob.example.net/f?sv=1&sig=[removed]&se=2")]
    public void What_stands_where_a_secret_stands_is_removed_even_if_nobody_told_of_it(string text, string expected)
    {
        var scrubber = new Scrubber([]);
        Assert.Equal(expected, scrubber.Scrub(text));
        Assert.Equal(expected, scrubber.Scrub(expected));
    }

    [Theory]
    [InlineData("bad format for api token")]
    [InlineData("The token has expired: sign in again")]
    [InlineData("Account 7140 is not known; claim A-1, key RZKGGMLRKPTFMZGB, amount 636.00")]
    [InlineData("Internal_EntityWithSameKeyExists: The record already exists. Vendor No.='V00042'")]
    [InlineData("No answer came within 100 seconds.")]
    [InlineData("Connection refused (127.0.0.1:5001)")]
    public void A_sentence_without_a_secret_stays_as_it_is(string text) => Assert.Equal(text, new Scrubber(["kJ8vQ2mZx7Lw9RtYb4Nc6HdP"]).Scrub(text));

    [Theory]
    [InlineData("a\r\nb\tc\u001b[31m", 100, "a  b c [31m")]
    [InlineData("0123456789", 10, "0123456789")]
    [InlineData("0123456789x", 10, "012345678…")]
    [InlineData("01234567😀x", 10, "01234567…")]
    public void An_excerpt_is_one_short_line(string text, int longest, string expected) => Assert.Equal(expected, new Scrubber([]).Excerpt(text, longest));

    [Fact]
    public void A_hostile_text_costs_no_more_than_its_length()
    {
        var scrubber = new Scrubber(["kJ8vQ2mZx7Lw9RtYb4Nc6HdP"]);
        foreach (var part in new[] { "%", "\\", "&", "\\\"", "token", "token:", "\"token\":\"", "bearer ", "-----BEGIN PRIVATE KEY-----", "://", "eyJ", "-eyJ", "eyJabcdef.", "<token>", "%25", "&amp;", "sig\\" })
        {
            var text = string.Concat(Enumerable.Repeat(part, 60_000 / part.Length));
            Assert.True(scrubber.Scrub(text).Length <= text.Length * 3);
        }
    }

    /// <summary>The longest part of <paramref name="secret"/> that is still in the text.</summary>
    private static int Remains(string text, string secret)
    {
        var longest = 0;
        for (var i = 0; i < secret.Length; i++)
        {
            while (i + longest < secret.Length && text.Contains(secret.AsSpan(i, longest + 1), StringComparison.OrdinalIgnoreCase)) longest++;
        }
        return longest;
    }

    private static string Secret(Random random)
    {
        var odd = random.Next(0, 3);
        return string.Concat(Enumerable.Range(0, random.Next(16, 60)).Select(_ => random.Next(0, 4) < odd ? Odd[random.Next(Odd.Length)] : Letters[random.Next(Letters.Length)]));
    }

    private static string Lower(string percent)
    {
        var text = percent.ToCharArray();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%') continue;
            text[i + 1] = char.ToLowerInvariant(text[i + 1]);
            text[i + 2] = char.ToLowerInvariant(text[i + 2]);
        }
        return new string(text);
    }
}
