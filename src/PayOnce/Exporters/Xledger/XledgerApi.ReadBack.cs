using PayOnce.Exporters.Api;

namespace PayOnce.Exporters.Xledger;

/// <content>
/// Read-back. The import is asked before the ledger: a line that is posted in between is then seen in both or in the ledger, never
/// in neither.
/// </content>
internal sealed partial class XledgerApi
{
    /// <summary>Keys in one question: a document of ten kilobytes.</summary>
    private const int KeysPerQuestion = 500;

    public async Task<ReadBackAnswer> ReadBackAsync(IReadOnlyList<ExpectedClaim> claims, CancellationToken cancel)
    {
        var held = new HeldVouchers(CreditAccount);
        foreach (var list in new[] { XledgerQuery.Staged, XledgerQuery.Posted })
        {
            if (await LookUpAsync(list, claims, held, cancel) is { } failure) return failure;
        }
        // The supplier ledger has the last word before a claim is called absent, where claims are owed to suppliers at all.
        List<ExpectedClaim> missing = accounts.CreditTo == Settings.BalanceOn.Supplier ? [.. claims.Where(claim => !held.Holds(claim.ExportKey))] : [];
        if (missing.Count > 0 && await LookUpAsync(XledgerQuery.Payable, missing, held, cancel) is { } trouble) return trouble;
        return new ReadBackAnswer.Answered([.. claims.Select(held.Find)]);
    }

    private async Task<ReadBackAnswer.Failed?> LookUpAsync(XledgerQuery list, IReadOnlyList<ExpectedClaim> claims, HeldVouchers held, CancellationToken cancel)
    {
        foreach (var some in claims.Chunk(KeysPerQuestion))
        {
            switch (await CollectAsync(list, XledgerQuery.ByKeys(some.Select(claim => claim.ExportKey)), line => held.Add(list, line), cancel))
            {
                case null:
                    break;
                case Asked.NotPossible:
                    return await SearchAsync(list, claims, held, cancel);
                case Asked.Failed failed:
                    return new ReadBackAnswer.Failed(failed.Why, failed.HttpStatus);
                case var other:
                    throw new InvalidOperationException($"A question came to {other}, which is no trouble.");
            }
        }
        return null;
    }

    // Where the filter by invoice number is not available: everything since the first of them can have been sent, matched here.
    private async Task<ReadBackAnswer.Failed?> SearchAsync(XledgerQuery list, IReadOnlyList<ExpectedClaim> claims, HeldVouchers held, CancellationToken cancel)
    {
        var wanted = claims.Select(claim => claim.ExportKey).ToHashSet(StringComparer.Ordinal);
        var since = claims.All(claim => claim.SentSince is not null) ? claims.Min(claim => claim.SentSince) : null;
        return await CollectAsync(list, since is { } time ? list.Since(time) : null, line => TakeWanted(line), cancel) switch
        {
            null => null,
            Asked.NotPossible impossible => new ReadBackAnswer.Failed($"{list.Field} can be asked neither by invoice number nor by time: {impossible.Why}", 200),
            Asked.Failed failed => new ReadBackAnswer.Failed(failed.Why, failed.HttpStatus),
            var other => throw new InvalidOperationException($"A question came to {other}, which is no trouble."),
        };

        void TakeWanted(HeldLine line)
        {
            if (wanted.Contains(line.Key)) held.Add(list, line);
        }
    }

    public async Task<KeyPageAnswer> ListKeysAsync(string? after, CancellationToken cancel)
    {
        // The cursor says which list, and where in it: "posted:…" is the ledger, which comes first since it is older.
        var staged = after is not null && after.StartsWith(StagedCursor, StringComparison.Ordinal);
        var list = staged ? XledgerQuery.Staged : XledgerQuery.Posted;
        var at = after is null || after == StagedCursor ? null : after[(after.IndexOf(':', StringComparison.Ordinal) + 1)..];
        var (page, trouble) = await PageAsync(list, filter: null, at, cancel);
        if (page is null) return new KeyPageAnswer.Failed(trouble is Asked.Failed failed ? failed.Why : ((Asked.NotPossible)trouble!).Why);
        if (page.More && page.Last == at) return new KeyPageAnswer.Failed($"The pages of {list.Field} do not come to an end.");
        var lines = WholeVouchers(page);
        var next = page.More ? $"{(staged ? StagedCursor : PostedCursor)}{page.Lines[lines - 1].Cursor}" : staged ? null : StagedCursor;
        List<HeldLine> ours = [.. page.Lines.Take(lines).Select(line => line.Line).OfType<HeldLine>()];
        return new KeyPageAnswer.Page(HeldVouchers.Summarise(list, ours, CreditAccount, settings.LocalCurrency), next);
    }

    private const string StagedCursor = "staged:";
    private const string PostedCursor = "posted:";

    // A voucher at a page's end may go on in the next page: it is left to that one, unless the page is nothing else.
    private static int WholeVouchers(ListPage page)
    {
        if (!page.More || page.Lines[^1].Line is not { } last) return page.Lines.Count;
        var count = page.Lines.Count;
        while (count > 0 && page.Lines[count - 1].Line?.Key == last.Key) count--;
        return count > 0 ? count : page.Lines.Count;
    }
}
