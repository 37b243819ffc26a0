using Npgsql;
using PayOnce.Audit;

namespace PayOnce.Stores.Postgres;

// What an organisation settles for itself beside its integration.
public sealed partial class PostgresStore
{
    private static OrganisationSetting ReadOrganisationSetting(NpgsqlDataReader reader) => new(reader.GetString(0), reader.GetInt32(1), reader.GetString(2), reader.GetString(3), reader.Time(4));

    public Task<OrganisationSetting?> FindSettingAsync(string organisationId, string topic, CancellationToken cancel) =>
        AskFirstAsync(organisationId, ReadOrganisationSetting, cancel, FormStatements.NewestSetting(organisationId, topic));

    public async Task<IReadOnlyList<OrganisationSetting>> ListSettingsAsync(string organisationId, string topic, int size, CancellationToken cancel) => await AskListAsync(organisationId, ReadOrganisationSetting, cancel, Sql.Of(
        "select topic, version, value, changed_by, changed_at from payonce.organisation_settings where organisation_id = $1 and topic = $2 order by version desc limit $3", organisationId, topic, size));

    public Task<SaveAnswer> SaveSettingAsync(string organisationId, string topic, string value, long? knownVersion, string actor, CancellationToken cancel) => StepAsync<SaveAnswer>(organisationId, async work =>
    {
        await work.AnyAsync(FormStatements.Alone(organisationId));
        var newest = await work.FirstAsync(ReadOrganisationSetting, FormStatements.NewestSetting(organisationId, topic));
        if (newest is not null && string.Equals(newest.Value, value, StringComparison.Ordinal)) return new SaveAnswer.Saved(newest.Version);
        if (knownVersion is { } known && known != (newest?.Version ?? 0)) return new SaveAnswer.Changed(newest?.Version ?? 0);
        var version = (newest?.Version ?? 0) + 1;
        var (head, at) = await work.LockHeadAsync();
        await work.AppendAsync(head, at, AuditEntries.SettingChanged(topic, version, newest?.Value, value, actor), Sql.Of(
            "insert into payonce.organisation_settings (organisation_id, topic, version, value, changed_by, changed_at) values ($1, $2, $3, $4, $5, $6)", organisationId, topic, version, value, actor, at));
        return new SaveAnswer.Saved(version);
    }, cancel);
}
