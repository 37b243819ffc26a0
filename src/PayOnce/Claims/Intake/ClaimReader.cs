using System.Text;

namespace PayOnce.Claims.Intake;

/// <summary>What became of one place of a file.</summary>
internal enum ReadingKind
{
    /// <summary>The file is read to its end.</summary>
    End,

    /// <summary>A claim that keeps every rule.</summary>
    Whole,

    /// <summary>A claim that does not; reading goes on behind it.</summary>
    Refused,

    /// <summary>The file is at fault: nothing behind this place can be read.</summary>
    Unreadable,
}

/// <summary>One step of reading a file of claims.</summary>
/// <param name="ClaimId">The id, also of a refused claim, as far as it is known.</param>
/// <param name="Line">Where the claim begins in the file.</param>
internal readonly record struct ClaimReading(ReadingKind Kind, Claim? Claim, string? ClaimId, long Line, IReadOnlyList<Problem> Problems, IReadOnlyList<Problem> Warnings)
{
    public static ClaimReading End { get; } = new(ReadingKind.End, null, null, 0, [], []);

    public static ClaimReading Whole(Claim claim, long line, IReadOnlyList<Problem> warnings) => new(ReadingKind.Whole, claim, claim.ClaimId, line, [], warnings);

    public static ClaimReading Refused(string? claimId, long line, params IReadOnlyList<Problem> problems) => new(ReadingKind.Refused, null, claimId, line, problems, []);

    public static ClaimReading Unreadable(params IReadOnlyList<Problem> problems) => new(ReadingKind.Unreadable, null, null, problems[0].Line ?? 0, problems, []);
}

/// <summary>Reads claims from a file, one at a time, at flat memory. Never throws because of what the file holds.</summary>
internal abstract class ClaimReader
{
    /// <summary>Bytes taken from the file so far.</summary>
    public abstract long BytesRead { get; }

    /// <summary>What to add when an id comes a second time.</summary>
    public virtual string SecondHint => "";

    /// <summary>The next claim, refused claim or fault. Not to be asked again after an end or an unreadable file.</summary>
    public abstract ValueTask<ClaimReading> NextAsync(CancellationToken cancel);

    /// <summary>Looks at the first bytes and picks the reader for them.</summary>
    public static async Task<ClaimReader> OpenAsync(string file, Stream content, ClaimRules rules, CancellationToken cancel)
    {
        var input = new InputBuffer(content, capacity: 1 << 17, limit: JsonValues.LargestValue + 1);
        return await InputStart.FindAsync(input, cancel) switch
        {
            { Broken: { } broken } => new UnreadableFile(new Problem(broken) { File = file }),
            { IsJson: true } => new JsonClaimReader(file, input, rules),
            _ => new CsvClaimReader(file, input, rules),
        };
    }

    private sealed class UnreadableFile(Problem problem) : ClaimReader
    {
        public override long BytesRead => 0;

        public override ValueTask<ClaimReading> NextAsync(CancellationToken cancel) => new(ClaimReading.Unreadable(problem));
    }
}

/// <summary>What the first bytes of a file say about the rest.</summary>
/// <param name="Broken">Why the file cannot be read at all, or null.</param>
internal readonly record struct InputStart(bool IsJson, string? Broken)
{
    /// <summary>Steps over a byte order mark and white space, and leaves the first byte that counts as the first unread one.</summary>
    public static async ValueTask<InputStart> FindAsync(InputBuffer input, CancellationToken cancel)
    {
        await input.FillAsync(cancel);
        if (IsUtf16(input.Unread)) return new InputStart(false, "must be UTF-8, but is UTF-16; save the file as UTF-8");
        if (input.Unread.StartsWith(Encoding.UTF8.Preamble)) input.Advance(Encoding.UTF8.Preamble.Length);
        while (true)
        {
            var space = input.Unread.IndexOfAnyExcept(" \t\r\n"u8);
            input.Advance(space < 0 ? input.Unread.Length : space);
            if (space >= 0) return new InputStart(input.Unread[0] is (byte)'[' or (byte)'{', null);
            if (!await input.FillAsync(cancel)) return new InputStart(false, "is empty");
        }
    }

    // Without a byte order mark it shows in the zero half of the first characters, which are ASCII in every format read here.
    private static bool IsUtf16(ReadOnlySpan<byte> start) =>
        start is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [0, not 0, ..] or [not 0, 0, not 0, 0, ..];
}
