using PayOnce.Audit;
using PayOnce.Privacy;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

public abstract partial class StoreConformance
{
    /// <summary>After everything that happens in a test.</summary>
    private static readonly DateTimeOffset Later = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private protected IPrivacyStore Privacy => (IPrivacyStore)Store;

    private static NewErasure NewErasure(DateTimeOffset? before = null) => new(before ?? Later, "five years are over", "kari", new byte[PayOnce.Privacy.NewErasure.SaltBytes]);

    private static Dictionary<string, WritingStep> PrivacySteps() => new()
    {
        ["BeginErasureAsync"] = PrivacyStep(AuditActions.ErasureBegun, _ => Task.CompletedTask, (store, cancel) => store.BeginErasureAsync(A.Org, NewErasure(), cancel)),
        ["EraseNextAsync of claims"] = PrivacyStep(AuditActions.DocumentsErased, BegunWithEverything, (store, cancel) => store.EraseNextAsync(A.Org, 1, 100, "kari", cancel)),
        ["EraseNextAsync of acknowledgements"] = PrivacyStep(AuditActions.DocumentsErased, suite => Stepped(suite, 1), (store, cancel) => store.EraseNextAsync(A.Org, 1, 100, "kari", cancel)),
        ["EraseNextAsync of runs"] = PrivacyStep(AuditActions.DocumentsErased, suite => Stepped(suite, 2), (store, cancel) => store.EraseNextAsync(A.Org, 1, 100, "kari", cancel)),
        ["EraseNextAsync ending"] = PrivacyStep(AuditActions.ErasureEnded, suite => Stepped(suite, 3), (store, cancel) => store.EraseNextAsync(A.Org, 1, 100, "kari", cancel)),
        ["NoteViewAsync"] = PrivacyStep(AuditActions.PersonalDataViewed, _ => Task.CompletedTask, async (store, cancel) =>
        {
            await store.NoteViewAsync(A.Org, AuditEntries.PersonalDataViewed("claim", "claim A-1", "page", "kari"), cancel);
            return true;
        }),
    };

    private static Dictionary<string, Func<StoreConformance, string, long, string, Task<object?>>> PrivacyQuestions() => new()
    {
        ["FindOldestApprovalAsync"] = async (suite, org, _, _) => await suite.Privacy.FindOldestApprovalAsync(org, Cancel),
        ["CountDueClaimsAsync"] = async (suite, org, _, _) => await suite.Privacy.CountDueClaimsAsync(org, A.Day(1), Later, Later, Cancel),
        ["CountDueDocumentsAsync"] = async (suite, org, _, _) => await suite.Privacy.CountDueDocumentsAsync(org, Later, Cancel),
        ["ListErasuresAsync"] = async (suite, org, _, _) => await suite.Privacy.ListErasuresAsync(org, 10, Cancel),
    };

    private static WritingStep PrivacyStep<T>(string told, Func<StoreConformance, Task> prepare, Func<IPrivacyStore, CancellationToken, Task<T>> act) =>
        new(told, async suite =>
        {
            await prepare(suite);
            return async cancel => await act(suite.Privacy, cancel);
        });

    /// <summary>A driver's claim with its form, receipt and withdrawn acknowledgement, and three others of which one was rejected; all exported but that one. An erasure of all of it is begun.</summary>
    private static async Task BegunWithEverything(StoreConformance suite)
    {
        await suite.HonorariumWithReceiptAsync();
        await suite.ExportAsync(A.Record("A-1"), A.Record("A-2"), A.Record("BAD-1"));
        await suite.Forms.WithdrawAcknowledgementAsync(A.Org, 1, null, "Per Sjåfør har sluttet", "kari", Cancel);
        Assert.IsType<BeginErasureAnswer.Begun>(await suite.Privacy.BeginErasureAsync(A.Org, NewErasure(), Cancel));
    }

    private static async Task Stepped(StoreConformance suite, int steps)
    {
        await BegunWithEverything(suite);
        for (var i = 0; i < steps; i++) Assert.Null((await suite.Privacy.EraseNextAsync(A.Org, 1, 100, "kari", Cancel)).EndedAt);
    }

    /// <summary>A form with a receipt, approved on an acknowledgement; its claim waits.</summary>
    private protected async Task HonorariumWithReceiptAsync()
    {
        await Scene.OpenAsync();
        await Scene.AcknowledgeAsync();
        await Scene.AddAsync();
        await Scene.ReceiptAsync(1);
        FormScene.Done(await Scene.ApproveAsync(FormScene.Done(await Forms.ChangeFormAsync(A.Org, FormScene.FormId, 2, PayOnce.Claims.Forms.FormChange.Submit.Instance, FormScene.Per, Cancel))));
    }

    /// <summary>An erasure from its beginning to its end.</summary>
    private protected async Task<Erasure> EraseAsync(DateTimeOffset? before = null, int size = 100)
    {
        var erasure = Assert.IsType<BeginErasureAnswer.Begun>(await Privacy.BeginErasureAsync(A.Org, NewErasure(before), Cancel)).Erasure;
        while (erasure.EndedAt is null) erasure = await Privacy.EraseNextAsync(A.Org, erasure.Number, size, "kari", Cancel);
        return erasure;
    }
}
