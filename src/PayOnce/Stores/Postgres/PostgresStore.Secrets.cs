using PayOnce.Audit;

namespace PayOnce.Stores.Postgres;

public sealed partial class PostgresStore
{
    public Task SetSecretAsync(string organisationId, string name, ReadOnlyMemory<byte> protectedValue, string actor, CancellationToken cancel) =>
        StepAsync(organisationId, async work =>
        {
            var (head, at) = await work.LockHeadAsync();
            await work.AppendAsync(head, at, AuditEntries.SecretSet(name, actor), Sql.Of(
                """
                insert into payonce.secrets (organisation_id, name, value, set_at, set_by) values ($1, $2, $3, $4, $5)
                on conflict (organisation_id, name) do update set value = excluded.value, set_at = excluded.set_at, set_by = excluded.set_by
                """, organisationId, name, protectedValue, at, actor));
            return true;
        }, cancel);

    public async Task<ReadOnlyMemory<byte>?> FindSecretAsync(string organisationId, string name, CancellationToken cancel) =>
        await AskFirstAsync(organisationId, reader => reader.GetFieldValue<byte[]>(0), cancel, Sql.Of(
            "select value from payonce.secrets where organisation_id = $1 and name = $2", organisationId, name)) is { } value ? value : default(ReadOnlyMemory<byte>?);

    public async Task<IReadOnlyList<SecretInfo>> ListSecretsAsync(string organisationId, CancellationToken cancel) =>
        await AskListAsync(organisationId, reader => new SecretInfo(reader.GetString(0), reader.Time(1), reader.GetString(2)), cancel, Sql.Of(
            "select name, set_at, set_by from payonce.secrets where organisation_id = $1 order by name", organisationId));
}
