using PayOnce.Claims;
using PayOnce.Claims.Forms;
using PayOnce.Declarations;
using PayOnce.Stores;

namespace PayOnce.Tests.Support;

/// <summary>An organisation whose drivers claim honoraria: <c>per</c> drives, <c>kari</c> coordinates.</summary>
internal sealed class FormScene(IClaimFormStore store, string organisation = A.Org)
{
    public const string FormId = "PO-AAAA1111";

    public static FormPerson Per { get; } = new("per", "D-1", "Per Sjåfør");

    public static FormPerson Kari { get; } = new("kari", null, "Kari Nordmann");

    public static RateTable Rates { get; } = RateTable.Of([.. RateTable.StartingPoint.Rates, new(RateKind.HonorariumHour, new DateOnly(2025, 1, 1), 20_000), new(RateKind.HonorariumFixed, new DateOnly(2025, 1, 1), 50_000)], passengersEach: true);

    public static FormContent Drive { get; } = new() { Date = new DateOnly(2026, 1, 5), Reference = "Rute 7", Pay = HonorariumPay.Hours, Hours = 2.5m, Kilometres = 120, Passengers = 1, TollsMinor = 4_500 };

    /// <summary>A 1×1 picture.</summary>
    public static byte[] Png { get; } = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Flag, declaration and rates; the driver has acknowledged nothing yet.</summary>
    public async Task OpenAsync()
    {
        await store.SaveSettingAsync(organisation, SettingTopics.Flags, new OrganisationFlags([OrganisationFlags.ClaimForms, OrganisationFlags.DriverHonorarium]).ToJson(), 0, "kari", Cancel);
        await store.SaveSettingAsync(organisation, SettingTopics.Rates, Rates.ToJson(), 0, "kari", Cancel);
        await PublishAsync("Jeg, {{driver}}, holder tett.");
    }

    public Task<SaveAnswer> PublishAsync(string text) => store.SaveSettingAsync(organisation, SettingTopics.Declaration, new DeclarationTemplate("nb", text).ToJson(), null, "kari", Cancel);

    public Task<AcknowledgeAnswer> AcknowledgeAsync(int version = 1, FormPerson? who = null) =>
        store.AcknowledgeAsync(organisation, new NewAcknowledgement(version, (who ?? Per).ClaimantId!, (who ?? Per).UserId, "Per S.", $"Jeg, Per Sjåfør, holder tett. {version}"), (who ?? Per).Name, Cancel);

    /// <summary>A submitted form.</summary>
    public async Task<ClaimForm> SubmittedAsync(string formId = FormId, FormKind kind = FormKind.DriverHonorarium, FormContent? content = null, FormPerson? who = null)
    {
        await AddAsync(formId, kind, content, who);
        return Done(await store.ChangeFormAsync(organisation, formId, 1, FormChange.Submit.Instance, who ?? Per, Cancel));
    }

    public async Task<ClaimForm> AddAsync(string formId = FormId, FormKind kind = FormKind.DriverHonorarium, FormContent? content = null, FormPerson? who = null) =>
        Done(await store.AddFormAsync(organisation, new NewForm(formId, kind, content ?? Drive), who ?? Per, Cancel));

    public Task<FormAnswer> ReceiptAsync(int revision, string formId = FormId, byte[]? content = null) =>
        store.AddReceiptAsync(organisation, formId, revision, new NewReceipt("bom.png", ReceiptType.Png, content ?? Png), Per, Cancel);

    public Task<FormAnswer> ApproveAsync(ClaimForm form, FormPerson? who = null, int rates = 1, IClaimFormStore? by = null) =>
        (by ?? store).ApproveFormAsync(organisation, new FormApproval(form.FormId, form.Revision, rates, Record(form)), who ?? Kari, Cancel);

    /// <summary>Acknowledged, submitted and approved.</summary>
    public async Task<ClaimForm> ApprovedAsync(string formId = FormId) => Done(await ApproveAsync(await SubmittedAsync(formId)));

    public ClaimRecord Record(ClaimForm form)
    {
        var lines = FormLines.Of(form.Kind, form.Content, Rates).Lines;
        return ClaimRecord.From(organisation, new Claim(form.FormId, new Claimant(form.ClaimantId, form.ClaimantName), form.Kind.Text(), "NOK", A.Day(6), Kari.Name, FormLines.TotalMinor(lines), lines));
    }

    public static ClaimForm Done(FormAnswer answer) => Assert.IsType<FormAnswer.Done>(answer).Now;
}
