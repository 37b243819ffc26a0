using System.Globalization;
using System.Text;
using PayOnce.Exporters.Mapping;
using PayOnce.Runs;

namespace PayOnce.Exporters.Xledger;

/// <summary>
/// The complete body of a request that imports a batch: <c>{"variables":{"m1":[…]},"query":"mutation…"}</c>. A mass mutation takes 500
/// nodes (Xledger's general tips on GraphQL) and a claim must not be split over two, so that a batch of long claims is several
/// mutations in one document, which GraphQL runs one after the other. Most batches need only one.
/// </summary>
internal sealed class ImportRequest(RunFacts facts) : IBatchRenderer
{
    /// <summary>Lines of claims, their balancing rows included, in one mutation.</summary>
    public const int NodesPerMutation = 500;

    private readonly ImportItemsJson items = new(facts);

    public string FileExtension => "json";

    public string ContentType => "application/json";

    public ReadOnlyMemory<byte> Prologue => default;

    public ReadOnlyMemory<byte> Separator => default;

    public ReadOnlyMemory<byte> Epilogue => default;

    public RenderedBatch Render(IReadOnlyList<ReservedClaim> claims, long firstVoucher)
    {
        var output = new OutputBuffer(64 * 1024);
        var lines = new LineScanner();
        var totals = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var rejections = new List<ClaimRejection>();
        var (mutations, nodes, count, rows) = (0, NodesPerMutation, 0, 0L);
        for (var i = 0; i < claims.Count; i++)
        {
            lines.Read(claims[i].Claim.Lines);
            if (lines.Count >= NodesPerMutation)
            {
                rejections.Add(new ClaimRejection(claims[i].Claim.ClaimId, TooLong(claims[i].Claim.ClaimId, lines.Count)));
                continue;
            }
            using var rendered = items.Render([claims[i]], firstVoucher + i);
            rejections.AddRange(rendered.Rejections);
            if (rendered.Claims == 0) continue;
            if (nodes + rendered.Lines > NodesPerMutation)
            {
                output.Append(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{(mutations == 0 ? "{\"variables\":{" : "\n],")}\"{Name(++mutations)}\":[\n")));
                nodes = 0;
            }
            else
            {
                output.Append(items.Separator.Span);
            }
            output.Append(rendered.Bytes.Span);
            nodes += (int)rendered.Lines;
            rows += rendered.Lines;
            count++;
            foreach (var total in rendered.ControlTotals) totals[total.Currency] = totals.GetValueOrDefault(total.Currency) + total.AmountMinor;
        }
        if (count > 0) output.Append(Encoding.ASCII.GetBytes($"\n]}},\"query\":\"{Document(mutations)}\"}}\n"));
        return new RenderedBatch(output.Memory, count, rows, [.. totals.Select(total => new ControlTotal(total.Key, total.Value))], rejections);
    }

    /// <summary>Variable and alias of the n-th mutation.</summary>
    private static string Name(int mutation) => string.Create(CultureInfo.InvariantCulture, $"m{mutation}");

    // The input type's name and the answer's shape are those of a public client (grasp-labs/ds-provider-xledger-py-lib).
    private static string Document(int mutations)
    {
        var names = Enumerable.Range(1, mutations).Select(Name).ToList();
        return $"mutation({string.Join(',', names.Select(name => $"${name}:[AddGLImportItemsInput!]!"))}){{{string.Join(' ', names.Select(name => $"{name}:addGLImportItems(inputs:${name}){{edges{{clientId node{{dbId}}}}}}"))}}}";
    }

    private static Problem TooLong(string claimId, int lines) =>
        new($"are more than the {NodesPerMutation - 1} that Xledger can take in one piece beside the balancing line") { ClaimId = claimId, Field = "lines", Value = lines.ToString(CultureInfo.InvariantCulture) };
}
