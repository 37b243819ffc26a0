namespace PayOnce.Stores;

/// <summary>How many claims and what they come to, by currency. Counted in memory where the claims pass anyway, so that the store writes one row a commit.</summary>
internal sealed class CurrencySums
{
    private readonly SortedDictionary<string, (long Claims, long AmountMinor)> sums = new(StringComparer.Ordinal);

    /// <summary>In the order of the currencies, in which rows are written, so that two commits lock alike.</summary>
    public IEnumerable<(string Currency, long Claims, long AmountMinor)> All =>
        sums.Where(each => each.Value != default).Select(each => (each.Key, each.Value.Claims, each.Value.AmountMinor));

    public void Clear() => sums.Clear();

    public void Add(string currency, long amountMinor, int sign = 1)
    {
        var (claims, sum) = sums.GetValueOrDefault(currency);
        sums[currency] = (claims + sign, sum + (sign * amountMinor));
    }

    public void Add(CurrencySums other, int sign = 1)
    {
        foreach (var (currency, claims, amountMinor) in other.All)
        {
            var (mine, sum) = sums.GetValueOrDefault(currency);
            sums[currency] = (mine + (sign * claims), sum + (sign * amountMinor));
        }
    }
}
