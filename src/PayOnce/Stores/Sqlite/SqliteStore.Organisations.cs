using System.Security.Cryptography;
using System.Text;
using PayOnce.Audit;

namespace PayOnce.Stores.Sqlite;

public sealed partial class SqliteStore
{
    /// <inheritdoc/>
    public Task<bool> AddOrganisationAsync(Organisation organisation, string actor, CancellationToken cancel) => WriteAsync(db =>
    {
        var now = Now();
        var id = organisation.OrganisationId;
        var added = db.Run("insert into organisations (organisation_id, name, time_zone, created_at) values (?1, ?2, ?3, ?4) on conflict (organisation_id) do nothing",
            id, organisation.Name, organisation.TimeZone, now);
        if (added == 0) return false;
        db.Run("insert into run_leases (organisation_id, epoch, last_run_id, next_voucher) values (?1, 0, 0, 1)", id);
        db.Run("insert into audit_heads (organisation_id, sequence, hash) values (?1, ?2, ?3)", id, AuditHead.Start.Sequence, AuditHead.Start.Hash);
        Tell(db, id, now, AuditEntries.OrganisationAdded(organisation, actor));
        return true;
    }, cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Organisation>> ListOrganisationsAsync(CancellationToken cancel) => ReadAsync<IReadOnlyList<Organisation>>(db =>
        db.All("select organisation_id, name, time_zone from organisations order by organisation_id", ReadOrganisation), cancel);

    /// <inheritdoc/>
    public Task<Organisation?> FindOrganisationAsync(string organisationId, CancellationToken cancel) => ReadAsync(db =>
        db.First("select organisation_id, name, time_zone from organisations where organisation_id = ?1", ReadOrganisation, organisationId), cancel);

    /// <inheritdoc/>
    public async Task<int> SaveIntegrationAsync(string organisationId, string settingsJson, string actor, CancellationToken cancel) =>
        (int)((SaveAnswer.Saved)await SaveIntegrationAsync(organisationId, settingsJson, knownVersion: null, actor, cancel)).Version;

    /// <inheritdoc/>
    public Task<SaveAnswer> SaveIntegrationAsync(string organisationId, string settingsJson, long? knownVersion, string actor, CancellationToken cancel) => WriteAsync<SaveAnswer>(db =>
    {
        var newest = NewestIntegration(db, organisationId);
        if (newest is not null && string.Equals(newest.SettingsJson, settingsJson, StringComparison.Ordinal)) return new SaveAnswer.Saved(newest.Version);
        if (knownVersion is { } known && known != (newest?.Version ?? 0)) return new SaveAnswer.Changed(newest?.Version ?? 0);
        var now = Now();
        var version = (newest?.Version ?? 0) + 1;
        db.Run("insert into integrations (organisation_id, version, settings, created_at, created_by) values (?1, ?2, ?3, ?4, ?5)",
            organisationId, version, settingsJson, now, actor);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(settingsJson)));
        Tell(db, organisationId, now, AuditEntries.IntegrationChanged(version, sha256, actor));
        return new SaveAnswer.Saved(version);
    }, cancel);

    /// <inheritdoc/>
    public Task<StoredIntegration?> FindIntegrationAsync(string organisationId, CancellationToken cancel) =>
        ReadAsync(db => NewestIntegration(db, organisationId), cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<IntegrationVersion>> ListIntegrationVersionsAsync(string organisationId, int? before, int size, CancellationToken cancel) => ReadAsync<IReadOnlyList<IntegrationVersion>>(db => db.All(
        "select version, created_at, created_by from integrations where organisation_id = ?1 and version < ?2 order by version desc limit ?3",
        row => new IntegrationVersion(row.Int(0), row.Time(1), row.Text(2)), organisationId, before ?? int.MaxValue, size), cancel);

    /// <inheritdoc/>
    public Task<KeptIntegration?> FindIntegrationVersionAsync(string organisationId, int version, CancellationToken cancel) => ReadAsync(db => db.First(
        "select version, created_at, created_by, settings from integrations where organisation_id = ?1 and version = ?2",
        row => new KeptIntegration(new(row.Int(0), row.Time(1), row.Text(2)), row.Text(3)), organisationId, version), cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredIntegration>> ListIntegrationsInUseAsync(string organisationId, DateTimeOffset before, CancellationToken cancel) => ReadAsync<IReadOnlyList<StoredIntegration>>(db =>
        db.All("""
            select version, settings from integrations where organisation_id = ?1
            and version >= coalesce((
                select integration_version from runs where organisation_id = ?1 and started_at < ?2 and reserved > 0 and integration_version > 0 order by run_id desc limit 1), 0)
            order by version
            """, row => new StoredIntegration(row.Int(0), row.Text(1)), organisationId, before), cancel);

    private static StoredIntegration? NewestIntegration(SqliteSession db, string organisationId) => db.First(
        "select version, settings from integrations where organisation_id = ?1 order by version desc limit 1",
        row => new StoredIntegration(row.Int(0), row.Text(1)), organisationId);

    private static Organisation ReadOrganisation(SqliteStatement row) => new(row.Text(0), row.Text(1), row.Text(2));
}
