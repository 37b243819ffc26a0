using System.Security.Cryptography;
using System.Text;
using PayOnce.Access;
using PayOnce.Claims;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.Tests.Support;

/// <summary>Builders for what most tests need and few care about: <c>A.Claim("A-1")</c>.</summary>
public static class A
{
    /// <summary>The organisation of most tests.</summary>
    public const string Org = "hlf";

    /// <summary>The one that must never notice.</summary>
    public const string OtherOrg = "blind";

    /// <summary>Midnight (UTC) of a day of January 2026; the 32nd is the first of February.</summary>
    public static DateTimeOffset Day(int day, int hour = 0) => new DateTimeOffset(2026, 1, 1, hour, 0, 0, TimeSpan.Zero).AddDays(day - 1);

    public static Organisation Organisation(string organisationId) => new(organisationId, $"Organisation {organisationId}", PayOnce.Organisation.DefaultTimeZone);

    /// <summary>An approved claim of one line over its total.</summary>
    public static Claim Claim(string claimId, long totalMinor = 12_300, DateTimeOffset? approvedAt = null, string currency = "NOK", string type = "travel") =>
        new(claimId, new Claimant("4711", "Kari Nordmann"), type, currency, approvedAt ?? Day(5), "leder@example.org", totalMinor,
            [new ClaimLine(new DateOnly(2026, 1, 2), "mileage", "Møte på Årnes", totalMinor, 12.5m, "km", [new Dimension("department", "oslo")])]);

    /// <summary>The same as the store takes it in.</summary>
    public static ClaimRecord Record(string claimId, long totalMinor = 12_300, DateTimeOffset? approvedAt = null, string currency = "NOK", string organisationId = Org) =>
        ClaimRecord.From(organisationId, Claim(claimId, totalMinor, approvedAt, currency));

    /// <summary>Claims A-0001, A-0002, …: each approved a minute after the one before, with totals 101, 102, … minor units.</summary>
    public static ClaimRecord[] Records(int count, string prefix = "A-", string organisationId = Org) =>
        [.. Enumerable.Range(1, count).Select(n => Record(FormattableString.Invariant($"{prefix}{n:0000}"), 100 + n, Day(5).AddMinutes(n), organisationId: organisationId))];

    /// <summary>A claim as it was found at the accounting system.</summary>
    public static FoundClaim Found(string claimId, int generation = 0) =>
        new(claimId, generation, ExportKey.Derive(Org, claimId, generation), Evidence.Booked, "V-" + claimId);

    /// <summary>What a process says when it asks for the lease; holds for an hour.</summary>
    public static LeaseRequest LeaseRequest(string organisationId = Org, ClaimScope? scope = null, TimeSpan? duration = null, string holder = "node-1", RunTrigger trigger = RunTrigger.Manual) =>
        new(organisationId, trigger, "kari", holder, scope ?? ClaimScope.Everything, "generic", "csv", 1, duration ?? TimeSpan.FromHours(1), FormattableString.Invariant($"{holder} {Guid.NewGuid():n}"));

    /// <summary>A user named after their id, with a password whose hash is <c>hash of ID</c>.</summary>
    public static NewUser NewUser(string userId) => new(userId, $"{userId}@example.org", userId, "nb", $"hash of {userId}", $"stamp of {userId}");

    /// <summary>The SHA-256 of a secret that a test names.</summary>
    public static string Sha256(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>Secrets of links that tests give out, as the store knows them.</summary>
    public static IReadOnlyList<string> Links { get; } = [Sha256("link"), Sha256("link 2")];

    /// <summary>An invitation of kari@example.org by the secret "link".</summary>
    public static Invitation Invitation(Role role = Role.Coordinator, string? claimantId = null, string userId = "kari", string secret = "link", TimeSpan? lifetime = null) =>
        new(Sha256(secret), $"{userId}@example.org", role, claimantId, lifetime ?? TimeSpan.FromDays(7));

    /// <summary>A token of the id "t1" and the secret "secret".</summary>
    public static NewApiToken NewToken(string tokenId = "t1", string name = "payroll", TimeSpan? lifetime = null, string secret = "secret") =>
        new(tokenId, name, Sha256(secret), Permission.Read | Permission.Sync, lifetime ?? TimeSpan.FromDays(90));

    public static SignInProvider Provider(string clientId = "payonce") => new("Entra", new Uri("https://id.example.org"), clientId, "openid email", "client-secret");
}
