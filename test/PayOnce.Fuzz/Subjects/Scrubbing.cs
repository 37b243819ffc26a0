using System.Text;
using PayOnce.Exporters.Api;

namespace PayOnce.Fuzz.Subjects;

/// <summary>What another system says goes into errors, rows and screens without our secrets, however it is dressed up.</summary>
internal sealed class Scrubbing() : Subject("secrets", "texts that hold a secret")
{
    public const string Secret = "kJ8vQ2mZx7Lw9RtYb4Nc6HdP";

    private const int Longest = 300;

    public override IReadOnlyList<byte[]> Samples { get; } =
        [.. new[]
        {
            $"bad token {Secret}", $$$"""{"error":{"access_token":"{{{Secret}}}"}}""", $"Authorization: Bearer {Secret}", $"https://user:{Secret}@books.example/?client_secret={Secret}&x=1", $"<password>{Secret}</password>",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", $"{{\\\"client_secret\\\": \\\"{Secret}\\\"}}", "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----",
        }.Select(Encoding.UTF8.GetBytes)];

    public override void Feed(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        var scrubber = new Scrubber([Secret]);
        var clean = scrubber.Scrub(text);
        Must(!clean.Contains(Secret, StringComparison.OrdinalIgnoreCase), "the secret is still there");
        Must(scrubber.Scrub(clean) == clean, "doing it twice changes more");
        var excerpt = scrubber.Excerpt(input, Longest);
        Must(excerpt.Length <= Longest && !excerpt.Contains(Secret[..12], StringComparison.Ordinal), "the beginning of a text holds the beginning of the secret");
    }
}
