using PayOnce.Claims;

namespace PayOnce.Fuzz.Subjects;

/// <summary>The list of claims that left before PayOnce came: all of it or nothing, read alike whole and in pieces.</summary>
internal sealed class Cutover() : Subject("adopt-list", "a list of claims that left before")
{
    public override IReadOnlyList<byte[]> Samples { get; } =
    [
        "claim_id,reference\nA-1,V-1001\n\"A-2\",\"V,2\"\n"u8.ToArray(), "reference;claim_id\r\nx;B-1\r\n"u8.ToArray(),
        """[{"claimId":"A-1","reference":"V-1001"},{"reference":"ø","claimId":"B-2"}]"""u8.ToArray(), "{\"claimId\":\"A-1\",\"reference\":\"1\"}\n{\"claimId\":\"A-2\",\"reference\":\"2\"}\n"u8.ToArray(),
    ];

    public override void Feed(byte[] input)
    {
        var (whole, pieces) = (Read(new MemoryStream(input)), Read(new ClaimFile.Pieces(input)));
        Must(whole.Claims.SequenceEqual(pieces.Claims) && whole.ProblemCount == pieces.ProblemCount, "the list read in pieces is not the list read whole");
        Must(whole.ProblemCount == 0 || whole.Claims.Count == 0, "half a list is taken");
        foreach (var problem in whole.Problems) MustBeASentence(problem.ToString(), "a problem");
        Must(whole.Claims.Select(claim => claim.ClaimId.ToUpperInvariant()).Distinct().Count() == whole.Claims.Count, "a claim is adopted twice");
    }

    private static AdoptListReading Read(Stream content) => ClaimFile.Now(AdoptList.ReadAsync("list.csv", content, CancellationToken.None));
}
