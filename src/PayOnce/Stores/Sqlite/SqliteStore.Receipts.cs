using System.Security.Cryptography;
using PayOnce.Audit;
using PayOnce.Claims.Forms;

namespace PayOnce.Stores.Sqlite;

// The receipts of forms.
public sealed partial class SqliteStore
{
    private static List<ReceiptInfo> ReceiptsOf(SqliteSession db, string organisationId, string formId) => db.All(
        "select number, name, content_type, bytes, sha256, added_at from receipts where organisation_id = ?1 and form_id = ?2 order by number",
        row => new ReceiptInfo(row.Int(0), row.Text(1), ReceiptTypes.Parse(row.Text(2)), row.Long(3), row.Text(4), row.Time(5)), organisationId, formId);

    /// <inheritdoc/>
    public Task<FormAnswer> AddReceiptAsync(string organisationId, string formId, int revision, NewReceipt receipt, FormPerson who, CancellationToken cancel) => WriteAsync<FormAnswer>(db =>
    {
        var now = Now();
        var (next, refused) = FormSteps.Touch(OneForm(db, organisationId, formId), revision, who, now);
        if (next is null) return refused!;
        if (next.Receipts.Count >= NewReceipt.MostReceipts) return FormAnswer.TooManyReceipts.Instance;
        var number = (int)db.Number("select next_receipt from claim_forms where organisation_id = ?1 and form_id = ?2", organisationId, formId);
        db.Run("insert into receipts (organisation_id, form_id, number, name, content_type, bytes, sha256, added_at) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            organisationId, formId, number, receipt.Name, receipt.Type.ContentType(), receipt.Content.Length, Convert.ToHexStringLower(SHA256.HashData(receipt.Content.Span)), now);
        var chunk = 0;
        foreach (var data in receipt.Chunks())
            db.Run("insert into receipt_chunks (organisation_id, form_id, number, chunk, data) values (?1, ?2, ?3, ?4, ?5)", organisationId, formId, number, chunk++, data);
        db.Run("update claim_forms set next_receipt = ?3 where organisation_id = ?1 and form_id = ?2", organisationId, formId, number + 1);
        WriteForm(db, organisationId, next, revision);
        Tell(db, organisationId, now, AuditEntries.FormChanged(next, "receipt_added", who.Name));
        return new FormAnswer.Done(OneForm(db, organisationId, formId)!);
    }, cancel);

    /// <inheritdoc/>
    public Task<FormAnswer> RemoveReceiptAsync(string organisationId, string formId, int revision, int number, FormPerson who, CancellationToken cancel) => WriteAsync<FormAnswer>(db =>
    {
        var now = Now();
        var form = OneForm(db, organisationId, formId);
        var (next, refused) = FormSteps.Touch(form, revision, who, now);
        if (next is null) return refused!;
        // Its chunks go with it.
        if (db.Run("delete from receipts where organisation_id = ?1 and form_id = ?2 and number = ?3", organisationId, formId, number) == 0) return new FormAnswer.Done(form!);
        WriteForm(db, organisationId, next, revision);
        Tell(db, organisationId, now, AuditEntries.FormChanged(next, "receipt_removed", who.Name));
        return new FormAnswer.Done(OneForm(db, organisationId, formId)!);
    }, cancel);

    /// <inheritdoc/>
    public Task<ReadOnlyMemory<byte>?> ReadReceiptAsync(string organisationId, string formId, int number, CancellationToken cancel) => ReadAsync<ReadOnlyMemory<byte>?>(db =>
    {
        var chunks = db.All("select data from receipt_chunks where organisation_id = ?1 and form_id = ?2 and number = ?3 order by chunk", row => row.Bytes(0), organisationId, formId, number);
        return chunks.Count == 0 ? default(ReadOnlyMemory<byte>?) : FormSteps.Joined(chunks);
    }, cancel);
}
