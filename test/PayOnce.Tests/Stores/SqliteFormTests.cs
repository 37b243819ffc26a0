using Microsoft.Data.Sqlite;
using PayOnce.Claims.Forms;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Stores;

/// <summary>What the database itself refuses to whoever writes to the file: what was acknowledged, settled and decided stays.</summary>
public sealed class SqliteFormTests : IAsyncDisposable
{
    private readonly SqliteDatabase database = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Theory]
    [InlineData("update declaration_acknowledgements set name = 'x'"), InlineData("delete from declaration_acknowledgements"), InlineData("insert or replace into declaration_acknowledgements select * from declaration_acknowledgements")]
    [InlineData("update declaration_withdrawals set actor = 'x'"), InlineData("delete from declaration_withdrawals"), InlineData("insert or replace into declaration_withdrawals select * from declaration_withdrawals")]
    [InlineData("update organisation_settings set value = 'x'"), InlineData("delete from organisation_settings"), InlineData("insert or replace into organisation_settings select * from organisation_settings")]
    [InlineData("update claim_acknowledgements set number = 2"), InlineData("delete from claim_acknowledgements"), InlineData("delete from claim_forms"), InlineData("update claim_forms set content = '{}'"), InlineData("update claim_forms set claimant_id = 'x'"), InlineData("update claim_forms set state = 'draft', submitted_at = null")]
    [InlineData("update declaration_acknowledgements set name = 'erased', text = '', user_id = ''"), InlineData("update declaration_withdrawals set actor = 'erased', reason = null"), InlineData("update receipts set name = 'erased'")]
    [InlineData("insert into erased_runs values ('hlf', 1, 0); update batches set content = x'00'"), InlineData("insert into erased_runs values ('hlf', 1, 0); update attempts set claim_ids = '[]'"), InlineData("delete from erasures; delete from erased_runs; update batches set content = x''")]
    [InlineData("update claims set erased_at = 0, total_minor = 1"), InlineData("update claims set erased_at = 0; update claims set claimant_name = 'Kari'")]
    [InlineData("delete from receipts"), InlineData("update receipts set name = 'x'"), InlineData("update receipt_chunks set data = x'00'")]
    public async Task Nothing_that_was_told_or_decided_can_be_changed_or_removed(string sql)
    {
        await using var store = database.Open();
        await store.MigrateAsync(Cancel);
        await store.AddOrganisationAsync(A.Organisation(A.Org), "set-up", Cancel);
        var forms = (IClaimFormStore)store;
        var scene = new FormScene(forms);
        await scene.OpenAsync();
        await scene.AcknowledgeAsync();
        await scene.AddAsync();
        await scene.ReceiptAsync(1);
        var form = FormScene.Done(await forms.ChangeFormAsync(A.Org, FormScene.FormId, 2, FormChange.Submit.Instance, FormScene.Per, Cancel));
        // The claim leaves before the withdrawal, so that the form stays approved.
        FormScene.Done(await scene.ApproveAsync(form));
        await TestRun.ExportEverythingAsync(store);
        await forms.WithdrawAcknowledgementAsync(A.Org, 1, "D-1", null, "Per", Cancel);

        var refused = await Assert.ThrowsAsync<SqliteException>(() => database.ExecuteAsync(sql));

        Assert.Matches("append-only|never deleted|not changed|stay|frozen|keeps", refused.Message);
    }
}
