using PayOnce.Access;

namespace PayOnce.Stores.Sqlite;

public sealed partial class SqliteStore
{
    /// <inheritdoc/>
    public Task AddDataProtectionKeyAsync(string keyId, string xml, CancellationToken cancel) => WriteAsync(db =>
    {
        if (db.Run("insert into data_protection_keys (key_id, xml, created_at) values (?1, ?2, ?3) on conflict (key_id) do nothing", keyId, xml, Now()) == 0) return false;
        db.Proof = later => later.Any("select 1 from data_protection_keys where key_id = ?1", keyId);
        return true;
    }, cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListDataProtectionKeysAsync(CancellationToken cancel) => ReadAsync<IReadOnlyList<string>>(db =>
        db.All("select xml from data_protection_keys order by created_at, key_id", row => row.Text(0)), cancel);

    /// <inheritdoc/>
    public Task<InstallationSetting?> FindInstallationSettingAsync(string key, CancellationToken cancel) => ReadAsync(db => ReadSetting(db, key), cancel);

    private static InstallationSetting? ReadSetting(SqliteSession db, string key) => db.First(
        "select key, value, version, changed_at, changed_by from installation_settings where key = ?1",
        row => new InstallationSetting(row.Text(0), row.Text(1), row.Int(2), row.Time(3), row.Text(4)), key);

    /// <inheritdoc/>
    public Task<SaveAnswer> SaveInstallationSettingAsync(string key, string value, int? knownVersion, string actor, CancellationToken cancel) => WriteAsync<SaveAnswer>(db =>
    {
        var standing = ReadSetting(db, key)?.Version ?? 0;
        if (knownVersion is not null && knownVersion != standing) return new SaveAnswer.Changed(standing);
        db.Run("""
            insert into installation_settings (key, value, version, changed_at, changed_by) values (?1, ?2, ?3, ?4, ?5)
            on conflict (key) do update set value = excluded.value, version = excluded.version, changed_at = excluded.changed_at, changed_by = excluded.changed_by
            """, key, value, standing + 1, Now(), actor);
        var now = ReadSetting(db, key);
        db.Proof = later => ReadSetting(later, key) == now;
        return new SaveAnswer.Saved(standing + 1);
    }, cancel);
}
