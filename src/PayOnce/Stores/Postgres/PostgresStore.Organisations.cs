using System.Security.Cryptography;
using System.Text;
using PayOnce.Audit;

namespace PayOnce.Stores.Postgres;

public sealed partial class PostgresStore
{
    /// <summary>A transaction for this, which is no valid id, may read the organisations' names and nothing else (policy <c>names</c>).</summary>
    private const string EveryOrganisation = "*";

    public Task<bool> AddOrganisationAsync(Organisation organisation, string actor, CancellationToken cancel) =>
        StepAsync(organisation.OrganisationId, async work =>
        {
            var id = organisation.OrganisationId;
            var added = await work.ExecuteAsync(Sql.Of(
                "insert into payonce.organisations (organisation_id, name, time_zone, created_at) values ($1, $2, $3, clock_timestamp()) on conflict (organisation_id) do nothing",
                id, organisation.Name, organisation.TimeZone));
            if (added[0] == 0) return false;
            await work.AppendAsync(
                AuditEntries.OrganisationAdded(organisation, actor),
                Sql.Of("insert into payonce.run_leases (organisation_id, epoch, last_run_id, next_voucher) values ($1, 0, 0, 1)", id),
                Sql.Of("insert into payonce.audit_heads (organisation_id, sequence, hash) values ($1, $2, $3)", id, AuditHead.Start.Sequence, AuditHead.Start.Hash));
            return true;
        }, cancel);

    public async Task<IReadOnlyList<Organisation>> ListOrganisationsAsync(CancellationToken cancel) =>
        await AskListAsync(EveryOrganisation, reader => new Organisation(reader.GetString(0), reader.GetString(1), reader.GetString(2)), cancel,
            Sql.Of("select organisation_id, name, time_zone from payonce.organisations order by organisation_id"));

    public Task<Organisation?> FindOrganisationAsync(string organisationId, CancellationToken cancel) =>
        AskFirstAsync(organisationId, reader => new Organisation(reader.GetString(0), reader.GetString(1), reader.GetString(2)), cancel,
            Sql.Of("select organisation_id, name, time_zone from payonce.organisations where organisation_id = $1", organisationId));

    public async Task<int> SaveIntegrationAsync(string organisationId, string settingsJson, string actor, CancellationToken cancel) =>
        (int)((SaveAnswer.Saved)await SaveIntegrationAsync(organisationId, settingsJson, knownVersion: null, actor, cancel)).Version;

    public Task<SaveAnswer> SaveIntegrationAsync(string organisationId, string settingsJson, long? knownVersion, string actor, CancellationToken cancel) =>
        StepAsync<SaveAnswer>(organisationId, async work =>
        {
            // The head's lock makes versions come one after the other.
            var (head, at) = await work.LockHeadAsync();
            var newest = (await work.ListAsync(
                reader => new StoredIntegration(reader.GetInt32(0), reader.GetString(1)),
                Sql.Of("select version, settings from payonce.integrations where organisation_id = $1 order by version desc limit 1", organisationId))).FirstOrDefault();
            if (newest?.SettingsJson == settingsJson) return new SaveAnswer.Saved(newest.Version);
            if (knownVersion is { } known && known != (newest?.Version ?? 0)) return new SaveAnswer.Changed(newest?.Version ?? 0);
            var version = (newest?.Version ?? 0) + 1;
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(settingsJson)));
            await work.AppendAsync(head, at, AuditEntries.IntegrationChanged(version, hash, actor), Sql.Of(
                "insert into payonce.integrations (organisation_id, version, settings, created_at, created_by) values ($1, $2, $3, $4, $5)",
                organisationId, version, settingsJson, at, actor));
            return new SaveAnswer.Saved(version);
        }, cancel);

    public Task<StoredIntegration?> FindIntegrationAsync(string organisationId, CancellationToken cancel) =>
        AskFirstAsync(organisationId, reader => new StoredIntegration(reader.GetInt32(0), reader.GetString(1)), cancel,
            Sql.Of("select version, settings from payonce.integrations where organisation_id = $1 order by version desc limit 1", organisationId));

    public async Task<IReadOnlyList<IntegrationVersion>> ListIntegrationVersionsAsync(string organisationId, int? before, int size, CancellationToken cancel) =>
        await AskListAsync(organisationId, reader => new IntegrationVersion(reader.GetInt32(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetString(2)), cancel, Sql.Of(
            "select version, created_at, created_by from payonce.integrations where organisation_id = $1 and version < $2 order by version desc limit $3",
            organisationId, before ?? int.MaxValue, size));

    public Task<KeptIntegration?> FindIntegrationVersionAsync(string organisationId, int version, CancellationToken cancel) =>
        AskFirstAsync(organisationId, reader => new KeptIntegration(new(reader.GetInt32(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetString(2)), reader.GetString(3)), cancel, Sql.Of(
            "select version, created_at, created_by, settings from payonce.integrations where organisation_id = $1 and version = $2", organisationId, version));

    public async Task<IReadOnlyList<StoredIntegration>> ListIntegrationsInUseAsync(string organisationId, DateTimeOffset before, CancellationToken cancel) =>
        await AskListAsync(organisationId, reader => new StoredIntegration(reader.GetInt32(0), reader.GetString(1)), cancel, Sql.Of(
            """
            select version, settings from payonce.integrations where organisation_id = $1
            and version >= coalesce((
                select integration_version from payonce.runs where organisation_id = $1 and started_at < $2 and reserved > 0 and integration_version > 0 order by run_id desc limit 1), 0)
            order by version
            """, organisationId, before));
}
