using Npgsql;
using PayOnce.Access;

namespace PayOnce.Stores.Postgres;

public sealed partial class PostgresStore
{
    public Task AddDataProtectionKeyAsync(string keyId, string xml, CancellationToken cancel) =>
        StepAsync(Installation, async work =>
        {
            var at = await work.LockInstallationAsync();
            if ((await work.ExecuteAsync(Sql.Of("insert into payonce.data_protection_keys (key_id, xml, created_at) values ($1, $2, $3) on conflict (key_id) do nothing", keyId, xml, at)))[0] == 0) return false;
            work.ProvedForInstallationBy(() => Sql.Of("select 1 from payonce.data_protection_keys where key_id = $1", keyId));
            return true;
        }, cancel);

    public async Task<IReadOnlyList<string>> ListDataProtectionKeysAsync(CancellationToken cancel) => await AskListAsync(Installation, reader => reader.GetString(0), cancel, Sql.Of(
        "select xml from payonce.data_protection_keys order by created_at, key_id"));

    public Task<InstallationSetting?> FindInstallationSettingAsync(string key, CancellationToken cancel) => AskFirstAsync(Installation, ReadSetting, cancel, SettingOf(key));

    private static NpgsqlBatchCommand SettingOf(string key) => Sql.Of("select key, value, version, changed_at, changed_by from payonce.installation_settings where key = $1", key);

    private static InstallationSetting ReadSetting(NpgsqlDataReader reader) => new(reader.GetString(0), reader.GetString(1), reader.GetInt32(2), reader.Time(3), reader.GetString(4));

    public Task<SaveAnswer> SaveInstallationSettingAsync(string key, string value, int? knownVersion, string actor, CancellationToken cancel) =>
        StepAsync<SaveAnswer>(Installation, async work =>
        {
            // Alone: a setting that is not there yet has no row to lock.
            var at = await work.LockInstallationAsync(alone: true);
            var standing = (await work.FirstAsync(ReadSetting, SettingOf(key)))?.Version ?? 0;
            if (knownVersion is not null && knownVersion != standing) return new SaveAnswer.Changed(standing);
            await work.ExecuteAsync(Sql.Of(
                """
                insert into payonce.installation_settings (key, value, version, changed_at, changed_by) values ($1, $2, $3, $4, $5)
                on conflict (key) do update set value = excluded.value, version = excluded.version, changed_at = excluded.changed_at, changed_by = excluded.changed_by
                """, key, value, standing + 1, at, actor));
            work.ProvedForInstallationBy(() => Sql.Of("select 1 from payonce.installation_settings where key = $1 and version = $2 and changed_at = $3", key, standing + 1, at));
            return new SaveAnswer.Saved(standing + 1);
        }, cancel);
}
