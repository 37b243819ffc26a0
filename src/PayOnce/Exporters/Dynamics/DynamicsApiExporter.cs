using PayOnce.Exporters.Api;
using PayOnce.Exporters.Mapping;
using PayOnce.Exporters.Settings;

namespace PayOnce.Exporters.Dynamics;

/// <summary>Business Central over its API v2.0, behind the integration's flag <see cref="Flag"/>.</summary>
public sealed class DynamicsApiExporter : IApiExporter
{
    public const string Flag = "dynamics-api";

    public const string ClientSecret = "client-secret";

    public IReadOnlyList<string> Secrets { get; } = [ClientSecret];

    public IReadOnlyList<Problem> Check(IntegrationSettings settings)
    {
        List<Problem> problems = [];
        if (!settings.Flags.Contains(Flag, StringComparer.Ordinal)) problems.Add(new Problem($"must have \"{Flag}\": the API of Business Central is switched on for each integration by itself") { Field = "flags" });
        problems.AddRange(SettingsCheck.Unused("Xledger", ("voucher.voucherType", settings.Voucher.VoucherType), ("voucher.entity", settings.Voucher.Entity)));
        problems.AddRange(SettingsCheck.Balanced(settings.Accounts, supplierNeedsCredit: false));
        if (settings.Api?.ClaimsPerRequest is { } claims and not 1)
            problems.Add(new Problem("must be 1: each claim is a document of its own in Business Central") { Field = "api.claimsPerRequest", Value = claims.ToString(System.Globalization.CultureInfo.InvariantCulture) });
        if (settings.Api?.Dynamics is { } dynamics) problems.AddRange(dynamics.Booking == DynamicsBooking.Journal ? CheckJournal(settings, dynamics) : CheckInvoice(settings));
        return problems;
    }

    public IAccountingApi Open(IntegrationSettings settings, RenderContext context, IReadOnlyDictionary<string, string> secrets, AccountingClient client)
    {
        var api = settings.Api ?? throw new ArgumentException("Settings for transport api have an api object.", nameof(settings));
        var dynamics = api.Dynamics ?? throw new ArgumentException("Settings for Business Central's API say where.", nameof(settings));
        var facts = new RunFacts(settings, settings.Accounts ?? AccountSettings.Norwegian with { Credit = null }, context);
        var company = BcClient.Create(client, dynamics, api.Endpoint, secrets[ClientSecret], api.Timeout);
        return dynamics.Booking switch
        {
            DynamicsBooking.PurchaseInvoice => new PurchaseInvoiceApi(settings, new InvoiceJson(facts, dynamics.CreateVendors), company),
            DynamicsBooking.Journal => new JournalApi(settings, new JournalJson(facts), company),
            _ => throw new ArgumentException($"There is no booking {dynamics.Booking}.", nameof(settings)),
        };
    }

    private static IEnumerable<Problem> CheckInvoice(IntegrationSettings settings)
    {
        if (settings.Accounts?.CreditTo == BalanceOn.Account)
            yield return new Problem("must be \"supplier\": a purchase invoice is owed to a vendor; booking \"journal\" can credit an account") { Field = "accounts.creditTo", Value = "account" };
        foreach (var problem in VoucherJsonCheck.Run(settings, InvoiceJson.Target, InvoiceJson.Fields, CodeRule)) yield return problem;
    }

    private static IEnumerable<Problem> CheckJournal(IntegrationSettings settings, DynamicsApiSettings dynamics)
    {
        if (dynamics.CreateVendors) yield return new Problem("has no use with booking \"journal\"") { Field = "api.dynamics.createVendors", Value = "true" };
        foreach (var problem in JournalLinesJson.Check(settings)) yield return problem;
    }

    private static string? CodeRule(DimensionSettings dimension) => dimension.Target.Length <= 20 ? null : "must be a dimension code of at most 20 characters";
}
