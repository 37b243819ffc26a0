using System.Security.Cryptography;
using Npgsql;
using PayOnce.Audit;
using PayOnce.Claims.Forms;

namespace PayOnce.Stores.Postgres;

// The receipts of forms.
public sealed partial class PostgresStore
{
    private static ReceiptInfo ReadReceipt(NpgsqlDataReader reader) => new(reader.GetInt32(0), reader.GetString(1), ReceiptTypes.Parse(reader.GetString(2)), reader.GetInt64(3), reader.GetString(4), reader.Time(5));

    public Task<FormAnswer> AddReceiptAsync(string organisationId, string formId, int revision, NewReceipt receipt, FormPerson who, CancellationToken cancel) => StepAsync<FormAnswer>(organisationId, async work =>
    {
        var at = await TakeTurnAsync(work);
        var (next, refused) = FormSteps.Touch(await OneFormAsync(work, formId), revision, who, at);
        if (next is null) return refused!;
        if (next.Receipts.Count >= NewReceipt.MostReceipts) return FormAnswer.TooManyReceipts.Instance;
        await WriteFormAsync(work, next, revision);
        var number = (await work.ListAsync(reader => reader.GetInt32(0), Sql.Of(
            "update payonce.claim_forms set next_receipt = next_receipt + 1 where organisation_id = $1 and form_id = $2 returning next_receipt - 1", organisationId, formId)))[0];
        await work.ExecuteAsync(
        [
            Sql.Of("insert into payonce.receipts (organisation_id, form_id, number, name, content_type, bytes, sha256, added_at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
                organisationId, formId, number, receipt.Name, receipt.Type.ContentType(), (long)receipt.Content.Length, Convert.ToHexStringLower(SHA256.HashData(receipt.Content.Span)), at),
            .. receipt.Chunks().Select((data, chunk) => Sql.Of(
                "insert into payonce.receipt_chunks (organisation_id, form_id, number, chunk, data) values ($1, $2, $3, $4, $5)", organisationId, formId, number, chunk, data)),
        ]);
        await work.AppendAsync(AuditEntries.FormChanged(next, "receipt_added", who.Name));
        return new FormAnswer.Done((await OneFormAsync(work, formId))!);
    }, cancel);

    public Task<FormAnswer> RemoveReceiptAsync(string organisationId, string formId, int revision, int number, FormPerson who, CancellationToken cancel) => StepAsync<FormAnswer>(organisationId, async work =>
    {
        var at = await TakeTurnAsync(work);
        var form = await OneFormAsync(work, formId);
        var (next, refused) = FormSteps.Touch(form, revision, who, at);
        if (next is null) return refused!;
        var removed = await work.ExecuteAsync(
            Sql.Of("delete from payonce.receipt_chunks where organisation_id = $1 and form_id = $2 and number = $3", organisationId, formId, number),
            Sql.Of("delete from payonce.receipts where organisation_id = $1 and form_id = $2 and number = $3", organisationId, formId, number));
        if (removed[1] == 0) return new FormAnswer.Done(form!);
        await WriteFormAsync(work, next, revision);
        await work.AppendAsync(AuditEntries.FormChanged(next, "receipt_removed", who.Name));
        return new FormAnswer.Done((await OneFormAsync(work, formId))!);
    }, cancel);

    public async Task<ReadOnlyMemory<byte>?> ReadReceiptAsync(string organisationId, string formId, int number, CancellationToken cancel)
    {
        var chunks = await AskListAsync(organisationId, reader => reader.GetFieldValue<byte[]>(0), cancel, Sql.Of(
            "select data from payonce.receipt_chunks where organisation_id = $1 and form_id = $2 and number = $3 order by chunk", organisationId, formId, number));
        return chunks.Count == 0 ? default(ReadOnlyMemory<byte>?) : FormSteps.Joined(chunks);
    }
}
