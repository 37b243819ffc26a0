using System.Globalization;
using System.Text;
using PayOnce.Exporters;
using PayOnce.Runs;

namespace PayOnce.Tests.Support;

/// <summary>
/// The smallest honest format: a line for each claim with voucher number, export key, claim id, generation and amount.
/// Claims whose id starts with BAD, and those a test names, cannot be rendered.
/// </summary>
public sealed class TextRenderer(Func<string, bool>? refuses = null) : IBatchRenderer
{
    /// <summary>The rule a refused claim breaks.</summary>
    public const string Rule = "must not start with BAD";

    private readonly Func<string, bool> refuses = refuses ?? (claimId => claimId.StartsWith("BAD", StringComparison.Ordinal));

    public string FileExtension => "txt";

    public string ContentType => "text/plain; charset=utf-8";

    public ReadOnlyMemory<byte> Prologue { get; } = "voucher key claim generation amount currency\n"u8.ToArray();

    public ReadOnlyMemory<byte> Separator { get; } = "--\n"u8.ToArray();

    public ReadOnlyMemory<byte> Epilogue { get; } = "end\n"u8.ToArray();

    public RenderedBatch Render(IReadOnlyList<ReservedClaim> claims, long firstVoucher)
    {
        var text = new StringBuilder();
        var rejections = new List<ClaimRejection>();
        var totals = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var rendered = 0;
        for (var i = 0; i < claims.Count; i++)
        {
            var claim = claims[i].Claim;
            if (refuses(claim.ClaimId))
            {
                rejections.Add(new ClaimRejection(claim.ClaimId, new Problem(Rule) { ClaimId = claim.ClaimId, Field = "claimId" }));
                continue;
            }
            text.Append(CultureInfo.InvariantCulture, $"{firstVoucher + i} {claims[i].ExportKey} {claim.ClaimId} {claims[i].Generation} {claim.TotalMinor} {claim.Currency}\n");
            totals[claim.Currency] = totals.GetValueOrDefault(claim.Currency) + claim.TotalMinor;
            rendered++;
        }
        return new RenderedBatch(Encoding.UTF8.GetBytes(text.ToString()), rendered, rendered, [.. totals.Select(total => new ControlTotal(total.Key, total.Value))], rejections);
    }
}
