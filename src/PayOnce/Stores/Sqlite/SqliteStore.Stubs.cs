namespace PayOnce.Stores.Sqlite;

public sealed partial class SqliteStore
{
    public Task<DoubtfulPage> ListDoubtfulClaimsAsync(string organisationId, string? afterClaimId, int size, CancellationToken cancel) => throw new NotImplementedException();
    public Task<int?> SettleDoubtsAsync(Runs.Lease lease, IReadOnlyList<DoubtSettlement> settlements, CancellationToken cancel) => throw new NotImplementedException();
    public Task<IReadOnlyList<ExportedClaim>> ListExportedClaimsAsync(string organisationId, bool belowBooked, ExportedCursor? after, int size, CancellationToken cancel) => throw new NotImplementedException();
    public Task<int?> RaiseEvidenceAsync(Runs.Lease lease, IReadOnlyList<EvidenceRise> rises, CancellationToken cancel) => throw new NotImplementedException();
    public Task<IReadOnlyList<KnownKey>> FindKeysAsync(string organisationId, IReadOnlyList<string> exportKeys, CancellationToken cancel) => throw new NotImplementedException();
    public Task<RestorePage> ListRestoreCandidatesAsync(string organisationId, string? afterClaimId, int size, CancellationToken cancel) => throw new NotImplementedException();
    public Task<int?> AdoptFoundAsync(Runs.Lease lease, IReadOnlyList<FoundClaim> found, CancellationToken cancel) => throw new NotImplementedException();
    public Task SetSecretAsync(string organisationId, string name, ReadOnlyMemory<byte> protectedValue, string actor, CancellationToken cancel) => throw new NotImplementedException();
    public Task<ReadOnlyMemory<byte>?> FindSecretAsync(string organisationId, string name, CancellationToken cancel) => throw new NotImplementedException();
    public Task<IReadOnlyList<SecretInfo>> ListSecretsAsync(string organisationId, CancellationToken cancel) => throw new NotImplementedException();
}
