using Microsoft.Extensions.Time.Testing;
using PayOnce.Claims;
using PayOnce.Claims.Intake;

namespace PayOnce.Fuzz.Subjects;

/// <summary>
/// Files of claims. A file is read alike whole and in small pieces, to an end; what is taken in comes back the same from a file that we
/// write of it; what is refused is said in a sentence.
/// </summary>
internal sealed class ClaimFile(ClaimsFormat format) : Subject($"claims-{format.ToString().ToLowerInvariant()}", "a file of claims")
{
    private const string FileName = "claims";

    private static readonly Organisation Organisation = new("hlf", "HLF", "Europe/Oslo");
    private static readonly FakeTimeProvider Clock = new(new DateTimeOffset(2026, 11, 1, 11, 0, 0, TimeSpan.Zero));

    public override IReadOnlyList<byte[]> Samples { get; } =
    [
        Generated(format, 2, 7), Generated(format, 1, 11),
        .. format switch
        {
            ClaimsFormat.Csv => [Sample("bad/one-of-each.csv"), Sample("bad/decimal-comma.csv"), Sample("bad/latin-1.csv"), Sample("bad/missing-column.csv")],
            ClaimsFormat.JsonLines => [Sample("bad/broken-line.jsonl"), Sample("bad/two-of-one-id.jsonl")],
            _ => new[] { Sample("bad/strict.json"), Sample("bad/cut-off.json") },
        },
    ];

    public override void Feed(byte[] input)
    {
        var (whole, claims) = Read(new MemoryStream(input));
        var (pieces, _) = Read(new Pieces(input));
        Must(whole.SequenceEqual(pieces, StringComparer.Ordinal), "the file read in pieces is not the file read whole");
        if (claims.Count == 0) return;
        using var written = new MemoryStream();
        var dimensions = claims.SelectMany(claim => claim.Lines).SelectMany(line => line.Dimensions).Select(dimension => dimension.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        ClaimsWriter.WriteAsync(written, format, claims, dimensions, CancellationToken.None).GetAwaiter().GetResult();
        written.Position = 0;
        var (again, _) = Read(written);
        Must(again.SequenceEqual(claims.Select(claim => Content(claim)), StringComparer.Ordinal), "what was taken in does not come back from a file");
    }

    // What was read, in order: a claim by its content, a refusal by its sentences.
    private static (List<string> Read, List<Claim> Claims) Read(Stream content)
    {
        var reader = Now(ClaimReader.OpenAsync(FileName, content, new ClaimRules(Organisation, IntakeRules.None, Clock), CancellationToken.None));
        var (read, claims) = (new List<string>(), new List<Claim>());
        for (var steps = 0; steps <= Mutator.Longest * 64; steps++)
        {
            var reading = Now(reader.NextAsync(CancellationToken.None).AsTask());
            foreach (var problem in reading.Problems.Concat(reading.Warnings)) MustBeASentence(problem.ToString(), "a problem");
            Must(reading.Kind is not (ReadingKind.Refused or ReadingKind.Unreadable) || reading.Problems.Count > 0, "something is refused without a reason");
            if (reading.Kind == ReadingKind.End) return (read, claims);
            read.AddRange(reading.Problems.Select(problem => problem.ToString()));
            if (reading.Kind == ReadingKind.Unreadable) return (read, claims);
            // Of two claims of one id the import takes the first.
            if (reading.Claim is not { } claim || claims.Any(earlier => earlier.ClaimId.Equals(claim.ClaimId, StringComparison.OrdinalIgnoreCase))) continue;
            Must(claim.TotalMinor is > 0 and <= Claim.MaximumTotalMinor && claim.Lines.Sum(line => line.AmountMinor) == claim.TotalMinor, "a claim's total is not the sum of its lines");
            read.Add(Content(claim));
            claims.Add(claim);
        }
        throw new BrokenRuleException("the file has no end");
    }

    private static string Content(Claim claim) => $"{claim.ClaimId} {Convert.ToHexString(ClaimRecord.From(Organisation.OrganisationId, claim).PayloadHash.Span)}";

    private static byte[] Generated(ClaimsFormat format, int count, ulong seed)
    {
        using var file = new MemoryStream();
        ClaimsWriter.WriteAsync(file, format, ClaimsGenerator.Generate(count, seed), ClaimsGenerator.Dimensions, CancellationToken.None).GetAwaiter().GetResult();
        return file.ToArray();
    }

    // Nothing here waits for anything.
    internal static T Now<T>(Task<T> task) => task.IsCompleted ? task.GetAwaiter().GetResult() : throw new InvalidOperationException("A reader waits.");

    /// <summary>Gives out one to eleven bytes at a time, as a slow connection does.</summary>
    internal sealed class Pieces(byte[] content) : MemoryStream(content, writable: false)
    {
        private int turn;

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 1 + turn++ * 7 % 11));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var few = new byte[Math.Min(buffer.Length, 11)];
            var read = Read(few, 0, few.Length);
            few.AsSpan(0, read).CopyTo(buffer.Span);
            return ValueTask.FromResult(read);
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.FromResult(Read(buffer, offset, count));
    }
}
