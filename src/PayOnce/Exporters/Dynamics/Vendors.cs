using System.Text.Json;
using PayOnce.Exporters.Api;

namespace PayOnce.Exporters.Dynamics;

/// <summary>
/// The claimants as vendors, looked up once for as long as the API is open. A vendor's number is its key, so a creation whose answer
/// was lost is looked up and not repeated blindly.
/// </summary>
/// <param name="creates">Whether an unknown claimant becomes a vendor.</param>
internal sealed class Vendors(BcClient client, bool creates)
{
    private readonly Dictionary<string, Finding> known = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="body">That creates the vendor; empty where none is created.</param>
    public async Task<Finding> FindAsync(string number, ReadOnlyMemory<byte> body, TryTime time, CancellationToken cancel)
    {
        if (known.TryGetValue(number, out var kept)) return kept;
        var found = await LookUpAsync(number, time, cancel);
        if (found is null && creates && body.Length > 0)
        {
            var reply = await client.PostAsync("vendors", body, time, cancel);
            found = reply switch
            {
                { IsOk: true } => new Finding.Usable(),
                // Somebody else was quicker: another sender of this run, or an earlier try whose answer was lost.
                { IsSameKey: true } => await LookUpAsync(number, time, cancel),
                { IsRefusal: true } => new Finding.Unusable($"Business Central does not take claimant {Problem.Printable(number)} as a vendor: {reply.Message}"),
                _ => new Finding.Unclear(reply),
            };
        }
        found ??= new Finding.Unusable($"Business Central has no vendor \"{Problem.Printable(number)}\", which is the claimant's number.");
        // What is missing or blocked may be put right while a run goes on; what can be used is kept.
        if (found is Finding.Usable) known[number] = found;
        return found;
    }

    private async Task<Finding?> LookUpAsync(string number, TryTime time, CancellationToken cancel)
    {
        var (vendors, failed) = await client.ListAsync($"vendors?$filter=number eq {OData.Code(number)}&$select=number,blocked", time, cancel);
        if (vendors is null) return new Finding.Unclear(failed!);
        foreach (var vendor in vendors)
        {
            if (!string.Equals(AnswerJson.Text(vendor, "number"), number, StringComparison.OrdinalIgnoreCase)) return new Finding.Unclear(BcReply.Unreadable);
            return AnswerJson.Text(vendor, "blocked") is "All"
                ? new Finding.Unusable($"Vendor {Problem.Printable(number)} is blocked in Business Central: nothing can be posted to it.")
                : new Finding.Usable();
        }
        return null;
    }

    /// <summary>Whether an invoice can be made out to the claimant.</summary>
    public abstract record Finding
    {
        private Finding() { }

        public sealed record Usable : Finding;

        /// <summary>Provably nothing was sent, and sending is no use before somebody acts.</summary>
        public sealed record Unusable(string Reason) : Finding;

        /// <summary>It could not be found out. Nothing of a claim has been sent.</summary>
        public sealed record Unclear(BcReply Reply) : Finding;
    }
}

/// <summary>Constants in a <c>$filter</c>.</summary>
internal static class OData
{
    /// <summary>In single quotes, one within doubled, and safe to stand in an address.</summary>
    public static string Text(string text) => Uri.EscapeDataString($"'{text.Replace("'", "''", StringComparison.Ordinal)}'");

    /// <summary>A code: Business Central keeps them in upper case, and is asked for them so.</summary>
    public static string Code(string code) => Text(code.ToUpperInvariant());

    /// <summary>A field that equals one of the values: <c>or</c> is taken on one and the same field.</summary>
    public static string AnyOf(string field, IEnumerable<string> values) => string.Join(" or ", values.Select(value => $"{field} eq {Text(value)}"));
}
