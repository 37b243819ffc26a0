namespace PayOnce.Guards;

/// <summary>Every guard that must be missed if it is gone.</summary>
internal static class Catalogue
{
    private const string Store = "src/PayOnce/Stores/Sqlite/";
    private const string Schema = Store + "Migrations/001_schema.sql";
    private const string Delivery = "src/PayOnce/Runs/ApiDelivery.cs";
    private const string Watch = "src/PayOnce/Runs/LeaseWatch.cs";

    private const string Conformance = "PayOnce.Tests.Conformance.SqliteStoreConformance";
    private const string FileCrash = "PayOnce.Tests.Crash.SqliteEngineCrash";
    private const string ApiCrash = "PayOnce.Tests.Crash.SqliteApiEngineCrash";
    private const string StoreTests = "PayOnce.Tests.Stores.SqliteStoreTests";

    public static IReadOnlyList<Guard> All { get; } =
    [
        new("unique-key", "a claim is reserved again whoever has it",
            [new(Store + "SqliteStore.Reserve.cs", "on conflict (organisation_id, claim_id, generation) do nothing",
                "on conflict (organisation_id, claim_id, generation) do update set state = 'reserved', attempt = attempt + 1, epoch = excluded.epoch, run_id = excluded.run_id, batch = excluded.batch, payload_hash = excluded.payload_hash")],
            [Conformance]),
        new("epoch", "a run that was taken over goes on writing",
            [new(Store + "SqliteStore.Lease.cs", "\"select 1 from run_leases where organisation_id = ?1 and epoch = ?2 and run_id = ?3\", lease.OrganisationId, lease.Epoch, lease.RunId);", "\"select 1 from run_leases where organisation_id = ?1\", lease.OrganisationId);")],
            [Conformance, FileCrash]),
        new("intent-before-send", "bytes leave before it is durable that they may have left",
            [new(Delivery, "if (!await durable) FenceOff();", "_ = durable;")],
            [ApiCrash]),
        new("quiet-time", "what was sent counts as absent at once",
            [new("src/PayOnce/Reconciliation/Reconciler.cs", " && now >= claim.InDoubtSince + api.QuietTime", ""),
             new("src/PayOnce/Reconciliation/Reconciler.cs", "claim.AbsentSince is { } since && now >= since + api.QuietTime", "claim.AbsentSince is not null")],
            [ApiCrash]),
        new("frozen-bytes", "the reserved bytes of a batch may be changed",
            [new(Store + "Migrations/011_privacy.sql", "begin select raise(abort, 'batches are frozen'); end;", "begin select 1; end;")],
            [StoreTests, Conformance]),
        new("frozen-hash", "a file is given out though its bytes are not those that were reserved",
            [new("src/PayOnce/Runs/RunFileContent.cs", "if (Convert.ToHexStringLower(sha.GetHashAndReset()) != file.Sha256)", "if (sha.GetHashAndReset().Length == 0)")],
            [StoreTests, Conformance, "PayOnce.Tests.App.RunFileCommandTests"]),
        new("deadline-before-send", "a process that stood still past its lease sends all the same",
            [new(Watch, "public async Task<bool> MaySendAsync() => await RenewAsync() && HasTime;", "public async Task<bool> MaySendAsync() => await Task.FromResult(true);"),
             new(Watch, "while (!HasTime)", "for (var looked = HasTime; looked != HasTime;)")],
            [FileCrash, ApiCrash]),
        new("append-only", "an audit event may be changed afterwards",
            [new(Schema, "create trigger audit_events_are_not_changed before update on audit_events begin select raise(abort, 'audit_events are append-only'); end;", "")],
            [StoreTests, Conformance]),
        new("hash-link", "an audit trail verifies though an event was removed and the rest renumbered",
            [new("src/PayOnce/Audit/AuditVerification.cs", "if (happened.PreviousHash != head.Hash) Found(", "if (happened.PreviousHash.Length == 0) Found(")],
            ["PayOnce.Tests.Stores.SqliteAuditTests"]),
    ];
}
