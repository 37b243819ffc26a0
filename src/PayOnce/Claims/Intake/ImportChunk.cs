using System.Globalization;
using PayOnce.Declarations;
using PayOnce.Guard;
using PayOnce.Stores;

namespace PayOnce.Claims.Intake;

/// <summary>Claims that are taken in by one commit. Used again for a later one.</summary>
internal sealed class ImportChunk(int size)
{
    /// <summary>Bytes of lines: 10,000 claims of ordinary length have some six million.</summary>
    private const int MostBytes = 1 << 24;

    private readonly List<ClaimRecord> claims = [];
    private readonly List<long> lines = [];
    private readonly ByteRoom room = new();
    private long bytes;
    private Task<IReadOnlyList<IntakeOutcome>>? storing;

    /// <summary>As many claims as the store likes best, or fewer where each has hundreds of lines: a chunk must fit into memory.</summary>
    public bool IsFull => claims.Count >= size || bytes >= MostBytes;

    /// <summary>Keeps a claim, its lines and hash copied: the record's own are valid no longer than until the next.</summary>
    public void Add(ClaimRecord claim, long line)
    {
        bytes += claim.Lines.Length;
        claims.Add(claim with { Lines = room.Copy(claim.Lines.Span), PayloadHash = room.Copy(claim.PayloadHash.Span) });
        lines.Add(line);
    }

    /// <summary>Starts the commit.</summary>
    public void Store(IStore store, string organisationId, string source, string actor, string? onlyLifts, CancellationToken cancel)
    {
        if (claims.Count > 0) storing = store.TakeInAsync(organisationId, claims, source, actor, cancel, onlyLifts);
    }

    /// <summary>Waits for the commit, notes what became of each claim, and is empty again.</summary>
    public async Task SettleAsync(ImportTally tally)
    {
        if (storing is null) return;
        var outcomes = await storing;
        storing = null;
        for (var i = 0; i < outcomes.Count; i++) Note(tally, outcomes[i], claims[i], lines[i]);
        claims.Clear();
        room.Clear();
        bytes = 0;
        lines.Clear();
    }

    /// <summary>Waits until no commit is under way, whatever became of it.</summary>
    public async Task EndedAsync()
    {
        if (storing is not null) await Task.WhenAny(storing);
    }

    private static void Note(ImportTally tally, IntakeOutcome outcome, ClaimRecord claim, long line)
    {
        switch (outcome)
        {
            case IntakeOutcome.Added: tally.Take(ClaimTaken.Added, line, claim.ClaimId); break;
            case IntakeOutcome.Updated: tally.Take(ClaimTaken.Updated, line, claim.ClaimId); break;
            case IntakeOutcome.Unchanged: tally.Take(ClaimTaken.Unchanged, line, claim.ClaimId); break;
            case IntakeOutcome.Left left: tally.Refuse(line, claim.ClaimId, Left(left)); break;
            case IntakeOutcome.SameIdButCase other: tally.Refuse(line, claim.ClaimId, SameIdButCase(other.StoredClaimId)); break;
            case IntakeOutcome.Erased erased: tally.Refuse(line, claim.ClaimId, Erased(erased)); break;
            case IntakeOutcome.NotAcknowledged missing: tally.Refuse(line, claim.ClaimId, missing.Gap.Rule()); break;
            default: throw new InvalidOperationException($"No words for {outcome}.");
        }
    }

    private static string Erased(IntakeOutcome.Erased erased) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"was exported or withdrawn for good, and its personal data was erased on {erased.At:yyyy-MM-dd}: it is not taken in again");

    private static string Left(IntakeOutcome.Left left) => left.State switch
    {
        MarkState.Exported => string.Create(CultureInfo.InvariantCulture, $"has left in run {left.RunId} with other content; what has left cannot be changed"),
        MarkState.InDoubt => string.Create(CultureInfo.InvariantCulture, $"may have left in run {left.RunId} with other content, and is in doubt; it cannot be changed until that is settled"),
        MarkState.Reserved => string.Create(CultureInfo.InvariantCulture, $"is being exported by run {left.RunId} with other content; it cannot be changed now"),
        _ => throw new InvalidOperationException($"A claim that is {left.State.Text()} can be changed."),
    };

    private static string SameIdButCase(string stored) =>
        $"differs only in upper and lower case from claim {RecordProblems.Shown(stored)}, which is stored already; Business Central upper-cases ids, so both would be one";
}
