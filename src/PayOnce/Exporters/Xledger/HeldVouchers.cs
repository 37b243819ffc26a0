using System.Globalization;
using System.Text.Json;
using PayOnce.Exporters.Api;
using PayOnce.Guard;

namespace PayOnce.Exporters.Xledger;

/// <summary>A line that Xledger holds.</summary>
/// <param name="Voucher">Staged: the import's voucher number; posted: the ledger's.</param>
/// <param name="Item">Number of the line within the voucher, where the list has it.</param>
/// <param name="CreatedAt">Local time of Xledger, as it was told; sorts as text.</param>
internal sealed record HeldLine(string Key, string Id, string? Voucher, long? Item, long? AmountMinor, string? Account, string? CreatedAt)
{
    /// <summary>Null if it bears no export key.</summary>
    public static HeldLine? Read(XledgerQuery list, JsonElement node)
    {
        var key = KeyIn(node, "invoiceNumber") ?? KeyIn(node, "extIdentifier");
        if (key is null) return null;
        var header = XledgerJson.Object(node, "transactionHeader");
        return new HeldLine(
            key,
            XledgerJson.Id(node, "dbId") ?? "",
            list == XledgerQuery.Staged ? XledgerJson.Id(node, "trRegNumber") : header is { } told ? XledgerJson.Id(told, "transactionNumber") : null,
            XledgerJson.Number(node, "trItemNumber"),
            XledgerJson.Amount(node, "amount"),
            XledgerJson.Object(node, "account") is { } account ? XledgerJson.Id(account, "code") : null,
            header is { } with ? AnswerJson.Text(with, "createdAt") : AnswerJson.Text(node, "createdAt"));
    }

    private static string? KeyIn(JsonElement node, string field) => AnswerJson.Text(node, field) is { } text && ExportKey.HasForm(text) ? text : null;
}

/// <summary>What Xledger holds of a set of claims, and what that means for each.</summary>
/// <param name="creditAccount">The account that totals are owed on: by it a posted voucher's total is known.</param>
internal sealed class HeldVouchers(string creditAccount)
{
    private readonly Dictionary<string, List<HeldLine>> staged = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<HeldLine>> posted = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<HeldLine>> payable = new(StringComparer.Ordinal);

    public void Add(XledgerQuery list, HeldLine line)
    {
        var lines = list == XledgerQuery.Staged ? staged : list == XledgerQuery.Posted ? posted : payable;
        if (!lines.TryGetValue(line.Key, out var ofKey)) lines.Add(line.Key, ofKey = []);
        // A page that overlaps the one before is no second voucher.
        if (line.Id.Length == 0 || !ofKey.Exists(other => other.Id == line.Id)) ofKey.Add(line);
    }

    public bool Holds(string exportKey) => staged.ContainsKey(exportKey) || posted.ContainsKey(exportKey);

    public ReadBackFinding Find(ExpectedClaim claim)
    {
        var imports = Vouchers(staged, claim);
        var booked = Vouchers(posted, claim);
        var owed = booked.Count == 0 ? Vouchers(payable, claim) : [];
        if (imports.Count + booked.Count + owed.Count == 0) return new ReadBackFinding.Absent(claim.ClaimId);
        if (imports.Count > 1) return Conflict(claim, $"It was imported {imports.Count.ToString(CultureInfo.InvariantCulture)} times: as {Names(imports)}.");
        if (booked.Count > 1) return Conflict(claim, $"It stands in the ledger {booked.Count.ToString(CultureInfo.InvariantCulture)} times: as {Names(booked)}.");
        if (owed.Count > 1) return Conflict(claim, $"It stands in the supplier ledger {owed.Count.ToString(CultureInfo.InvariantCulture)} times: as {Names(owed)}.");
        // Posted lines may still be shown in the import; lines that came after the posting are others.
        if (imports.Count == 1 && booked.Count + owed.Count == 1 && CameAfter(imports[0], booked.Count == 1 ? booked[0] : owed[0]))
            return Conflict(claim, $"It stands in the ledger as {Names([.. booked, .. owed])} and was imported again as {Names(imports)}.");
        if (booked.Count == 1) return Check(claim, booked[0], Booked(booked[0]), Evidence.Booked, booked[0].Number);
        if (owed.Count == 1) return Check(claim, owed[0], Owed(owed[0]), Evidence.Booked, owed[0].Number);
        return Check(claim, imports[0], Staged(imports[0]), Evidence.Received, imports[0].Lines.MinBy(line => line.Item ?? long.MaxValue)!.Id);
    }

    /// <summary>Every key with what it is worth, in the order of the lines; null where lines do not say.</summary>
    public static IReadOnlyList<HeldKey> Summarise(XledgerQuery list, IReadOnlyList<HeldLine> lines, string creditAccount, string currency)
    {
        var vouchers = new HeldVouchers(creditAccount);
        return [.. lines.GroupBy(line => (line.Key, line.Voucher)).Select(group =>
        {
            var voucher = new Voucher(group.Key.Voucher ?? "", [.. group]);
            var total = list == XledgerQuery.Staged ? Staged(voucher).Total : vouchers.Booked(voucher).Total;
            return new HeldKey(group.Key.Key, total is null ? null : currency, total, list == XledgerQuery.Staged ? voucher.Lines[0].Id : voucher.Number);
        })];
    }

    private static ReadBackFinding Check(ExpectedClaim claim, Voucher voucher, (long? Total, string? Trouble) seen, Evidence evidence, string reference)
    {
        if (seen.Trouble is not null) return Conflict(claim, $"It stands there as {Names([voucher])}, but {seen.Trouble}.");
        if (seen.Total != claim.TotalMinor) return Conflict(claim, $"It stands there as {Names([voucher])} with {Amount(seen.Total!.Value)} instead of {Amount(claim.TotalMinor)} {claim.Currency}.");
        return reference.Length > 0 ? new ReadBackFinding.Present(claim.ClaimId, evidence, reference) : Conflict(claim, "It stands there without a number to know it by.");
    }

    // The balancing row is the last one that we sent; a line that stands twice was taken twice.
    private static (long? Total, string? Trouble) Staged(Voucher voucher)
    {
        if (Unbalanced(voucher) is { } trouble) return (null, trouble);
        if (voucher.Lines.Any(line => line.Item is null)) return (null, "its lines have no numbers");
        if (voucher.Lines.GroupBy(line => line.Item).Any(item => item.Count() > 1)) return (null, "its lines stand there twice");
        return (-voucher.Lines.MaxBy(line => line.Item)!.AmountMinor!.Value, null);
    }

    private (long? Total, string? Trouble) Booked(Voucher voucher)
    {
        if (Unbalanced(voucher) is { } trouble) return (null, trouble);
        var credit = voucher.Lines.Where(line => line.Account == creditAccount).ToList();
        return credit.Count switch
        {
            0 => (null, $"nothing of it stands on account {creditAccount}"),
            1 => (-credit[0].AmountMinor!.Value, null),
            _ => (null, $"it stands on account {creditAccount} {credit.Count.ToString(CultureInfo.InvariantCulture)} times"),
        };
    }

    private static (long? Total, string? Trouble) Owed(Voucher voucher) =>
        voucher.Lines is [{ AmountMinor: { } amount }] ? (-amount, null) : (null, "its amount cannot be read");

    private static string? Unbalanced(Voucher voucher)
    {
        if (voucher.Lines.Any(line => line.AmountMinor is null)) return "its amounts cannot be read";
        return voucher.Lines.Sum(line => line.AmountMinor!.Value) == 0 ? null : "its lines do not sum to zero";
    }

    private static bool CameAfter(Voucher import, Voucher posted)
    {
        var postedAt = posted.Lines.Select(line => line.CreatedAt).FirstOrDefault(at => at is not null);
        return postedAt is not null && import.Lines.Any(line => string.CompareOrdinal(line.CreatedAt, postedAt) > 0);
    }

    private static List<Voucher> Vouchers(Dictionary<string, List<HeldLine>> lines, ExpectedClaim claim) =>
        lines.TryGetValue(claim.ExportKey, out var found) ? [.. found.GroupBy(line => line.Voucher ?? "", StringComparer.Ordinal).Select(group => new Voucher(group.Key, [.. group]))] : [];

    private static ReadBackFinding.Conflict Conflict(ExpectedClaim claim, string what) => new(claim.ClaimId, what);

    private static string Names(IReadOnlyList<Voucher> vouchers) => $"voucher {string.Join(" and ", vouchers.Select(voucher => voucher.Number.Length > 0 ? voucher.Number : "without a number"))}";

    private static string Amount(long minor) => (minor / 100m).ToString("0.00", CultureInfo.InvariantCulture);

    private sealed record Voucher(string Number, IReadOnlyList<HeldLine> Lines);
}
