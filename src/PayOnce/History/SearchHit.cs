using PayOnce.Guard;

namespace PayOnce.History;

/// <summary>Something that a search for an id found.</summary>
public abstract record SearchHit
{
    private SearchHit() { }

    /// <param name="By">What of the claim the text was.</param>
    /// <param name="State">Of its newest mark; null if no run has had it.</param>
    /// <param name="Withdrawn">It is approved no longer.</param>
    public sealed record Claim(string ClaimId, ClaimName By, MarkState? State, bool Withdrawn = false) : SearchHit;

    /// <param name="By">What of the run the text was.</param>
    public sealed record OfRun(long RunId, RunName By, string Status) : SearchHit;

    /// <summary>Somebody who is paid.</summary>
    public sealed record Claimant(string ClaimantId) : SearchHit;
}

/// <summary>By which of its names a claim was found.</summary>
public enum ClaimName
{
    Id,
    ExportKey,

    /// <summary>The accounting system's own id for it, or its voucher number, the present one or an earlier.</summary>
    Acknowledgement,
}

/// <summary>By which of its names a run was found.</summary>
public enum RunName
{
    Number,
    FileName,

    /// <summary>What a person recorded the file's import as.</summary>
    Voucher,
}
