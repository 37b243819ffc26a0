namespace PayOnce.Exporters.Xledger;

/// <summary>A list that Xledger can be asked for lines of claims.</summary>
/// <param name="Field">Its name in the document.</param>
/// <param name="Node">What is read of each line: fields that a public client reads too (grasp-labs/ds-provider-xledger-py-lib).</param>
/// <param name="ChangedSince">The filter by time.</param>
internal sealed record XledgerQuery(string Field, string Node, string ChangedSince)
{
    /// <summary>Lines in a page: half of what Xledger's own sample asks for.</summary>
    private const int Page = 5000;

    /// <summary>Lines that were imported and are not in the ledger yet.</summary>
    public static XledgerQuery Staged { get; } = new("glImportItems", "dbId invoiceNumber extIdentifier amount trRegNumber trItemNumber createdAt", "modifiedAt_gte");

    /// <summary>Lines of the ledger.</summary>
    public static XledgerQuery Posted { get; } = new("journalEntries", "dbId invoiceNumber extIdentifier amount account{code} transactionHeader{transactionNumber createdAt}", "modifiedAt_gte");

    /// <summary>Lines of the supplier ledger: what is owed to claimants.</summary>
    public static XledgerQuery Payable { get; } = new("apTransactions", "dbId invoiceNumber extIdentifier amount transactionHeader{transactionNumber createdAt}", "headerModifiedAt_gte");

    /// <summary>Filter for lines of these keys.</summary>
    public static string ByKeys(IEnumerable<string> exportKeys) => $"invoiceNumber_in:{XledgerJson.Literals(exportKeys)}";

    /// <summary>
    /// Filter for lines that were written at this time or later. Xledger keeps Central European local time without a zone. Standard
    /// time, an hour ahead of UTC, is never ahead of what its clock shows, so it is right on both sides of a change of clocks; the
    /// 15 minutes for clocks that differ are those of Xledger's own sample.
    /// </summary>
    public string Since(DateTimeOffset time) =>
        $"{ChangedSince}:{XledgerJson.Literal(time.ToUniversalTime().AddMinutes(-15).AddHours(1).ToString("yyyy-MM-dd'T'HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture))}";

    /// <summary>The document that asks for a page.</summary>
    /// <param name="filter">Null: everything.</param>
    public string Document(string? filter, string? after)
    {
        var arguments = $"first:{Page.ToString(System.Globalization.CultureInfo.InvariantCulture)}";
        if (after is not null) arguments += $",after:{XledgerJson.Literal(after)}";
        if (filter is not null) arguments += $",filter:{{{filter}}}";
        return $"{{{Field}({arguments}){{pageInfo{{hasNextPage}} edges{{cursor node{{{Node}}}}}}}}}";
    }
}
