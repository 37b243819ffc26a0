namespace PayOnce.Stores;

/// <summary>What an erasure takes, in this order: a run's bytes go when the claims in them have gone.</summary>
internal enum ErasurePhase
{
    Claims,
    Forms,
    Acknowledgements,
    Runs,
}

/// <summary>How far an erasure came.</summary>
/// <param name="At">The approval of the last claim that was taken, in microseconds; a new erasure is before all of them.</param>
/// <param name="Id">That claim's id.</param>
internal sealed record ErasurePlace(ErasurePhase Phase, long At, string Id, byte[] Salt);

/// <summary>A claim that is past its time.</summary>
/// <param name="Rejected">A run rejected it, and the next would try again.</param>
internal sealed record DueClaim(string ClaimId, string ClaimantId, string Currency, long TotalMinor, DateTimeOffset ApprovedAt, byte[] Lines, bool Rejected);

internal static class ErasurePhases
{
    public static string Text(this ErasurePhase phase) => phase switch
    {
        ErasurePhase.Claims => "claims",
        ErasurePhase.Forms => "forms",
        ErasurePhase.Acknowledgements => "acknowledgements",
        ErasurePhase.Runs => "runs",
        _ => throw new ArgumentOutOfRangeException(nameof(phase), phase, null),
    };

    public static ErasurePhase Parse(string text) => text switch
    {
        "claims" => ErasurePhase.Claims,
        "forms" => ErasurePhase.Forms,
        "acknowledgements" => ErasurePhase.Acknowledgements,
        "runs" => ErasurePhase.Runs,
        _ => throw new ArgumentOutOfRangeException(nameof(text), text, null),
    };
}
