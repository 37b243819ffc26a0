using PayOnce.Audit;

namespace PayOnce.Stores.Sqlite;

// What an organisation settles for itself beside its integration.
public sealed partial class SqliteStore
{
    private const string SettingColumns = "topic, version, value, changed_by, changed_at";

    private static OrganisationSetting ReadSetting(SqliteStatement row) => new(row.Text(0), row.Int(1), row.Text(2), row.Text(3), row.Time(4));

    /// <inheritdoc/>
    public Task<OrganisationSetting?> FindSettingAsync(string organisationId, string topic, CancellationToken cancel) => ReadAsync(db => NewestSetting(db, organisationId, topic), cancel);

    private static OrganisationSetting? NewestSetting(SqliteSession db, string organisationId, string topic) => db.First(
        $"select {SettingColumns} from organisation_settings where organisation_id = ?1 and topic = ?2 order by version desc limit 1", ReadSetting, organisationId, topic);

    /// <inheritdoc/>
    public Task<IReadOnlyList<OrganisationSetting>> ListSettingsAsync(string organisationId, string topic, int size, CancellationToken cancel) => ReadAsync<IReadOnlyList<OrganisationSetting>>(db => db.All(
        $"select {SettingColumns} from organisation_settings where organisation_id = ?1 and topic = ?2 order by version desc limit ?3", ReadSetting, organisationId, topic, size), cancel);

    /// <inheritdoc/>
    public Task<SaveAnswer> SaveSettingAsync(string organisationId, string topic, string value, long? knownVersion, string actor, CancellationToken cancel) => WriteAsync<SaveAnswer>(db =>
    {
        var newest = NewestSetting(db, organisationId, topic);
        if (newest is not null && string.Equals(newest.Value, value, StringComparison.Ordinal)) return new SaveAnswer.Saved(newest.Version);
        if (knownVersion is { } known && known != (newest?.Version ?? 0)) return new SaveAnswer.Changed(newest?.Version ?? 0);
        var now = Now();
        var version = (newest?.Version ?? 0) + 1;
        db.Run("insert into organisation_settings (organisation_id, topic, version, value, changed_by, changed_at) values (?1, ?2, ?3, ?4, ?5, ?6)", organisationId, topic, version, value, actor, now);
        Tell(db, organisationId, now, AuditEntries.SettingChanged(topic, version, newest?.Value, value, actor));
        return new SaveAnswer.Saved(version);
    }, cancel);
}
