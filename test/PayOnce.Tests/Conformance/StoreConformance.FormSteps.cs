using PayOnce.Audit;
using PayOnce.Claims.Forms;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

public abstract partial class StoreConformance
{
    private protected IClaimFormStore Forms => (IClaimFormStore)Store;

    private protected FormScene Scene => new(Forms);

    private static Dictionary<string, WritingStep> FormSteps() => new()
    {
        ["SaveSettingAsync"] = FormStep(AuditActions.SettingChanged, _ => Task.CompletedTask, (store, cancel) => store.SaveSettingAsync(A.Org, SettingTopics.Limits, YearLimits.Standard.ToJson(), 0, "kari", cancel)),
        ["AcknowledgeAsync"] = FormStep(AuditActions.DeclarationAcknowledged, scene => scene.OpenAsync(), (store, cancel) => store.AcknowledgeAsync(A.Org, new(1, "D-1", "per", "Per", "Text"), "per", cancel)),
        ["WithdrawAcknowledgementAsync"] = FormStep(AuditActions.AcknowledgementWithdrawn, Acknowledged, (store, cancel) => store.WithdrawAcknowledgementAsync(A.Org, 1, "D-1", null, "per", cancel)),
        ["WithdrawAcknowledgementAsync with a claim that rests on it"] = FormStep(AuditActions.AcknowledgementWithdrawn, Approved, (store, cancel) => store.WithdrawAcknowledgementAsync(A.Org, 1, null, "why", "kari", cancel)),
        ["AddFormAsync"] = FormStep(AuditActions.FormBegun, scene => scene.OpenAsync(), (store, cancel) => store.AddFormAsync(A.Org, new NewForm("PO-1", FormKind.Travel, FormScene.Drive), FormScene.Per, cancel)),
        ["ChangeFormAsync"] = FormStep(AuditActions.FormChanged, async scene =>
        {
            await Acknowledged(scene);
            await scene.AddAsync();
        }, (store, cancel) => store.ChangeFormAsync(A.Org, FormScene.FormId, 1, FormChange.Submit.Instance, FormScene.Per, cancel)),
        ["ApproveFormAsync"] = FormStep(AuditActions.FormApproved, async scene =>
        {
            await Acknowledged(scene);
            await scene.SubmittedAsync();
        }, async (store, cancel) => await new FormScene(store).ApproveAsync((await store.FindFormAsync(A.Org, FormScene.FormId, cancel))!)),
        ["AddReceiptAsync"] = FormStep(AuditActions.FormChanged, async scene =>
        {
            await scene.OpenAsync();
            await scene.AddAsync();
        }, (store, cancel) => store.AddReceiptAsync(A.Org, FormScene.FormId, 1, new NewReceipt("bom.png", ReceiptType.Png, FormScene.Png), FormScene.Per, cancel)),
        ["RemoveReceiptAsync"] = FormStep(AuditActions.FormChanged, WithReceipt, (store, cancel) => store.RemoveReceiptAsync(A.Org, FormScene.FormId, 2, 1, FormScene.Per, cancel)),
    };

    private static Dictionary<string, Func<StoreConformance, string, long, string, Task<object?>>> FormQuestions() => new()
    {
        ["FindSettingAsync"] = async (suite, org, _, _) => await suite.Forms.FindSettingAsync(org, SettingTopics.Rates, Cancel),
        ["ListSettingsAsync"] = async (suite, org, _, _) => await suite.Forms.ListSettingsAsync(org, SettingTopics.Rates, 10, Cancel),
        ["FindAcknowledgementStateAsync"] = async (suite, org, _, _) => (await suite.Forms.FindAcknowledgementStateAsync(org, "D-1", Cancel)).Newest,
        ["ListAcknowledgementsAsync"] = async (suite, org, _, _) => await suite.Forms.ListAcknowledgementsAsync(org, null, null, 10, Cancel),
        ["FindAcknowledgementAsync"] = async (suite, org, _, _) => await suite.Forms.FindAcknowledgementAsync(org, 1, Cancel),
        ["FindAcknowledgementOfClaimAsync"] = async (suite, org, _, _) => await suite.Forms.FindAcknowledgementOfClaimAsync(org, FormScene.FormId, Cancel),
        ["FindFormAsync"] = async (suite, org, _, _) => await suite.Forms.FindFormAsync(org, FormScene.FormId, Cancel),
        ["ListFormsAsync"] = async (suite, org, _, _) => await suite.Forms.ListFormsAsync(org, new FormFilter(), 10, Cancel),
        ["ReadReceiptAsync"] = async (suite, org, _, _) => (await suite.Forms.ReadReceiptAsync(org, FormScene.FormId, 1, Cancel))?.ToArray(),
        ["ListYearClaimsAsync"] = async (suite, org, _, _) => await suite.Forms.ListYearClaimsAsync(org, ["D-1", "4711"], A.Day(1), A.Day(100), Cancel),
        ["ListWaitingClaimantsAsync"] = async (suite, org, _, _) => await suite.Forms.ListWaitingClaimantsAsync(org, 10, Cancel),
    };

    private static WritingStep FormStep<T>(string told, Func<FormScene, Task> prepare, Func<IClaimFormStore, CancellationToken, Task<T>> act) =>
        new(told, async suite =>
        {
            await prepare(suite.Scene);
            return async cancel => await act(suite.Forms, cancel);
        });

    private static async Task Acknowledged(FormScene scene)
    {
        await scene.OpenAsync();
        await scene.AcknowledgeAsync();
    }

    private static async Task Approved(FormScene scene)
    {
        await Acknowledged(scene);
        await scene.ApprovedAsync();
    }

    private static async Task WithReceipt(FormScene scene)
    {
        await scene.OpenAsync();
        await scene.AddAsync();
        await scene.ReceiptAsync(1);
    }
}
