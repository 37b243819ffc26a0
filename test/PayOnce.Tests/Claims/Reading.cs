using System.Text;
using PayOnce.Claims;
using PayOnce.Claims.Intake;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Claims;

/// <summary>Claims as files have them, and what the readers make of them.</summary>
internal static class Reading
{
    public const string CsvHeader = "claim_id,claimant_id,claimant_name,type,currency,approved_at,approved_by,line_date,category,description,amount,quantity,unit,dim_department";

    public static readonly Organisation Hlf = new("hlf", "HLF", "Europe/Oslo");

    /// <summary>Sunday, the first of November 2026, at noon in Oslo.</summary>
    public static ManualTime Clock() => new(new DateTimeOffset(2026, 11, 1, 11, 0, 0, TimeSpan.Zero));

    /// <summary>A claim of one line over 123.00, on one line.</summary>
    public static string Json(string claimId) =>
        $$$"""{"claimId":"{{{claimId}}}","claimant":{"id":"4711","name":"Kari Nordmann"},"type":"travel","currency":"NOK","approvedAt":"2026-10-01T12:00:00Z","approvedBy":"Ola Leder","totalMinor":12300,"lines":[{"date":"2026-09-30","category":"mileage","description":"Kjøring","amountMinor":12300,"quantity":12.5,"unit":"km","dimensions":{"department":"oslo"}}]}""";

    /// <summary>The same as a row.</summary>
    public static string Csv(string claimId) => $"{claimId},4711,Kari Nordmann,travel,NOK,2026-10-01T12:00:00Z,Ola Leder,2026-09-30,mileage,Kjøring,123.00,12.5,km,oslo";

    public static string CsvFile(params string[] rows) => string.Join('\n', [CsvHeader, .. rows]) + "\n";

    public static Task<Outcome> ReadAsync(string name, string content, IntakeRules? rules = null) => ReadAsync(name, new MemoryStream(Encoding.UTF8.GetBytes(content)), rules);

    public static Task<Outcome> ReadAsync(string name, byte[] content, IntakeRules? rules = null) => ReadAsync(name, new MemoryStream(content), rules);

    /// <summary>Reads a file to its end. Never more than so many steps: a reader that does not come to an end is a fault too.</summary>
    public static async Task<Outcome> ReadAsync(string name, Stream content, IntakeRules? rules = null)
    {
        var cancel = TestContext.Current.CancellationToken;
        var reader = await ClaimReader.OpenAsync(name, content, new ClaimRules(Hlf, rules ?? IntakeRules.None, Clock()), cancel);
        var outcome = new Outcome();
        for (var steps = 0; steps < 5_000_000; steps++)
        {
            var reading = await reader.NextAsync(cancel);
            outcome.Problems.AddRange(reading.Problems.Select(problem => problem.ToString()));
            outcome.Warnings.AddRange(reading.Warnings.Select(warning => warning.ToString()));
            switch (reading.Kind)
            {
                case ReadingKind.Whole: outcome.Claims.Add(reading.Claim!); break;
                case ReadingKind.Refused: outcome.Refused++; break;
                case ReadingKind.Unreadable: outcome.Unreadable = true; return outcome;
                default: return outcome;
            }
        }
        throw new InvalidOperationException($"{name} was not read to an end.");
    }

    /// <summary>What a claim says, to be compared: lists within a record compare by reference.</summary>
    public static string Content(Claim claim) => Convert.ToHexString(ClaimRecord.From("hlf", claim).PayloadHash.Span);
}

/// <summary>What a file came to.</summary>
internal sealed class Outcome
{
    public List<Claim> Claims { get; } = [];

    public List<string> Problems { get; } = [];

    public List<string> Warnings { get; } = [];

    public int Refused { get; set; }

    public bool Unreadable { get; set; }

    public IEnumerable<string> Ids => Claims.Select(claim => claim.ClaimId);
}
