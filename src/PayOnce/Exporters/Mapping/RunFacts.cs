using System.Collections.Frozen;
using System.Text;
using PayOnce.Exporters.Settings;

namespace PayOnce.Exporters.Mapping;

/// <summary>What is the same for every claim of a run, looked up once. Not changed afterwards, so batches share it.</summary>
internal sealed class RunFacts
{
    private readonly AccountSettings? accounts;
    private readonly Utf8Table categories;
    private readonly FrozenDictionary<string, byte[]> types;
    private readonly byte[]? defaultAccount;

    public RunFacts(IntegrationSettings settings, AccountSettings? accounts, RenderContext context)
    {
        (Settings, Context, this.accounts) = (settings, context, accounts);
        Zone = TimeZoneInfo.FindSystemTimeZoneById(context.Organisation.TimeZone);
        Currencies = settings.Currencies.ToFrozenSet(StringComparer.Ordinal);
        categories = new Utf8Table(accounts?.Categories ?? []);
        types = (accounts?.Types ?? []).ToFrozenDictionary(type => type.Key, type => Encoding.UTF8.GetBytes(type.Value), StringComparer.Ordinal);
        defaultAccount = accounts?.Default is { } account ? Encoding.UTF8.GetBytes(account) : null;
        CreditAccount = accounts?.Credit is { } credit ? Encoding.UTF8.GetBytes(credit) : [];
        Dimensions = settings.Dimensions.ToFrozenDictionary(dimension => dimension.Name, dimension => new DimensionTable(dimension), StringComparer.Ordinal);
    }

    public IntegrationSettings Settings { get; }

    public RenderContext Context { get; }

    public TimeZoneInfo Zone { get; }

    public FrozenSet<string> Currencies { get; }

    /// <summary>Empty where the claimant's own account is credited and needs no other.</summary>
    public byte[] CreditAccount { get; }

    public bool CreditsSupplier => accounts?.CreditTo != BalanceOn.Account;

    /// <summary>Whether a line without an account may go out: only where nothing was said about accounts at all.</summary>
    public bool HasAccounts => accounts is not null;

    public FrozenDictionary<string, DimensionTable> Dimensions { get; }

    /// <summary>The debit account: by the line's category, else by the claim's type, else the default. Null if there is none.</summary>
    public byte[]? FindAccount(ReadOnlySpan<byte> category, string type) =>
        categories.Find(category) ?? (types.TryGetValue(type, out var byType) ? byType : defaultAccount);
}

/// <summary>One dimension's look-up.</summary>
internal sealed class DimensionTable(DimensionSettings settings)
{
    private readonly Utf8Table values = new(settings.Values);

    public DimensionSettings Settings => settings;

    public byte[] Name { get; } = Encoding.UTF8.GetBytes(settings.Name);

    public byte[] Target { get; } = Encoding.UTF8.GetBytes(settings.Target);

    /// <summary>The accounting system's value; what came in if it may pass; null if neither.</summary>
    public bool TryFind(ReadOnlySpan<byte> value, out ReadOnlySpan<byte> target)
    {
        target = values.Find(value) is { } found ? found : settings.PassThrough ? value : default;
        return !target.IsEmpty;
    }
}
