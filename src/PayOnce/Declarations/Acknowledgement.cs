using System.Security.Cryptography;
using System.Text;

namespace PayOnce.Declarations;

/// <summary>A driver acknowledged one version of the declaration. Append-only, and so is its withdrawal.</summary>
/// <param name="Number">From 1 in the organisation.</param>
/// <param name="Version">Of the declaration.</param>
/// <param name="ClaimantId">Whose claims rest on it.</param>
/// <param name="Name">As the driver typed it.</param>
/// <param name="Text">The exact text they read: Markdown with its fields filled in. Empty in lists.</param>
/// <param name="Sha256">Of the text in UTF-8, lower-case hexadecimal.</param>
public sealed record Acknowledgement(
    long Number, int Version, string ClaimantId, string UserId, string Name, string Text, string Sha256, DateTimeOffset At, AcknowledgementWithdrawal? Withdrawn);

/// <param name="Reason">Always there where it was not the driver's own decision.</param>
public sealed record AcknowledgementWithdrawal(string Actor, string? Reason, DateTimeOffset At);

/// <summary>An acknowledgement to be kept.</summary>
/// <param name="Version">The version that was read; if another is current by now, nothing is kept.</param>
public sealed record NewAcknowledgement(int Version, string ClaimantId, string UserId, string Name, string Text)
{
    public const int LongestName = 100;

    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));
}

/// <summary>Why a driver's claims cannot go on.</summary>
public enum AcknowledgementGap
{
    /// <summary>The organisation has no declaration yet.</summary>
    NoDeclaration,

    /// <summary>The driver has acknowledged none.</summary>
    Never,

    /// <summary>There is a newer version than the one they acknowledged.</summary>
    Outdated,

    /// <summary>It was withdrawn.</summary>
    Withdrawn,
}

/// <summary>How a claimant stands to the current declaration.</summary>
/// <param name="Current">The current version; null without a declaration.</param>
/// <param name="Newest">Their newest acknowledgement, without its text.</param>
public sealed record AcknowledgementState(int? Current, Acknowledgement? Newest)
{
    /// <summary>Why claims cannot go on; null if nothing stands in the way. The newest acknowledgement decides, whichever came before.</summary>
    public AcknowledgementGap? Gap => (Current, Newest) switch
    {
        (null, _) => AcknowledgementGap.NoDeclaration,
        (_, null) => AcknowledgementGap.Never,
        (_, { Withdrawn: not null }) => AcknowledgementGap.Withdrawn,
        var (current, newest) when newest.Version != current => AcknowledgementGap.Outdated,
        _ => null,
    };

    /// <summary>What claims rest on; null if nothing counts.</summary>
    public Acknowledgement? Valid => Gap is null ? Newest : null;
}

/// <summary>What became of an acknowledgement.</summary>
public abstract record AcknowledgeAnswer
{
    private AcknowledgeAnswer() { }

    public sealed record Acknowledged(Acknowledgement Now) : AcknowledgeAnswer;

    /// <summary>They had acknowledged this version already: nothing was added.</summary>
    public sealed record Already(Acknowledgement Now) : AcknowledgeAnswer;

    /// <summary>A newer version was published since they began to read, or there is none. Nothing was kept.</summary>
    public sealed record Outdated(int? Current) : AcknowledgeAnswer;
}

/// <summary>What became of a withdrawal.</summary>
public abstract record WithdrawAnswer
{
    private WithdrawAnswer() { }

    /// <param name="Claims">Claims that rested on it, were waiting, and were withdrawn with it, by id.</param>
    public sealed record Done(Acknowledgement Now, IReadOnlyList<string> Claims) : WithdrawAnswer;

    /// <summary>There is none of this number, or it is another's.</summary>
    public sealed record NotFound : WithdrawAnswer;

    /// <summary>It was withdrawn before.</summary>
    public sealed record Already(Acknowledgement Now) : WithdrawAnswer;
}

/// <summary>In words, for those who send claims.</summary>
public static class AcknowledgementGaps
{
    /// <summary>As the end of a sentence about a claim.</summary>
    public static string Rule(this AcknowledgementGap gap) => gap switch
    {
        AcknowledgementGap.NoDeclaration => "needs the driver's acknowledgement of the organisation's declaration, and the organisation has published none",
        AcknowledgementGap.Never => "needs the driver's acknowledgement of the organisation's declaration, and this claimant has given none",
        AcknowledgementGap.Outdated => "needs the driver's acknowledgement of the current declaration, and this claimant has acknowledged an earlier version only",
        AcknowledgementGap.Withdrawn => "needs the driver's acknowledgement of the organisation's declaration, and this claimant's was withdrawn",
        _ => throw new ArgumentOutOfRangeException(nameof(gap), gap, null),
    };
}
