using PayOnce.Audit;
using PayOnce.Claims;
using PayOnce.Exporters;
using PayOnce.Guard;
using PayOnce.Runs;

namespace PayOnce.Stores;

/// <summary>
/// The seam to storage. Each method is one protocol step and at most one transaction: after it returns, what it says is durable;
/// if it throws <see cref="StoreUnavailableException"/>, nothing of it happened or the next epoch's recovery finds what did.
/// The guard is the unique key (organisation, claim, generation) of <c>marks</c>, visible as SQL in each store.
/// Every method stays within the given organisation's rows. Fakes are not needed: the conformance suite runs on each real store.
/// </summary>
/// <remarks>
/// A store that loses the answer to a commit reads again by the step's own key (run and batch, nonce, state) and answers as if
/// the answer had come; the caller never sees the ambiguity.
/// </remarks>
public interface IStore : IAsyncDisposable
{
    /// <summary><c>sqlite</c> or <c>postgresql</c>.</summary>
    string Engine { get; }

    /// <summary>How many batches may be reserved at the same time to advantage: 1 where there is one writer.</summary>
    int ReserveConcurrency { get; }

    /// <summary>How many candidates are best reserved by one commit: as many as pay for it without holding up others or memory.</summary>
    int ReserveSize { get; }

    /// <summary>How many claims of a file are best taken in by one commit.</summary>
    int IntakeSize { get; }

    /// <summary>How many such commits may be under way at the same time to advantage: 1 where there is one writer.</summary>
    int IntakeConcurrency { get; }

    /// <summary>Brings the schema up to this program's number. Refuses a schema with a higher number.</summary>
    Task MigrateAsync(CancellationToken cancel);

    // ---- Organisations and integrations -------------------------------------------------------------------------------

    /// <summary>Adds an organisation with its empty lease and audit trail; false if the id is taken.</summary>
    Task<bool> AddOrganisationAsync(Organisation organisation, string actor, CancellationToken cancel);

    /// <summary>Every organisation, ordered by id. Names of organisations only; no rows of theirs.</summary>
    Task<IReadOnlyList<Organisation>> ListOrganisationsAsync(CancellationToken cancel);

    Task<Organisation?> FindOrganisationAsync(string organisationId, CancellationToken cancel);

    /// <summary>Keeps a new version of the settings with an audit event, and returns its number, from 1. The same text again keeps the version.</summary>
    Task<int> SaveIntegrationAsync(string organisationId, string settingsJson, string actor, CancellationToken cancel);

    /// <summary>
    /// The same, if the newest version is still the one that was edited: two people cannot overwrite each other unseen. What stands
    /// already is saved whichever version was edited (RFC 9110 §13.1.1: a change that was made by the same request before).
    /// </summary>
    /// <param name="knownVersion">The version that was edited; 0 for none; null: whatever stands.</param>
    Task<SaveAnswer> SaveIntegrationAsync(string organisationId, string settingsJson, long? knownVersion, string actor, CancellationToken cancel);

    /// <summary>The newest version of the settings, or null if there are none.</summary>
    Task<StoredIntegration?> FindIntegrationAsync(string organisationId, CancellationToken cancel);

    /// <summary>Who kept which version of the settings and when, newest first, without the settings themselves: those may be large.</summary>
    /// <param name="before">Only versions below this one; null: from the newest on.</param>
    Task<IReadOnlyList<IntegrationVersion>> ListIntegrationVersionsAsync(string organisationId, int? before, int size, CancellationToken cancel);

    /// <summary>One version of the settings, as it was kept; null if there is none of this number. A run used the version that its row names.</summary>
    Task<KeptIntegration?> FindIntegrationVersionAsync(string organisationId, int version, CancellationToken cancel);

    /// <summary>The version by which a run that began before this moment last reserved claims, and every later one, oldest first; all of them if no run did.</summary>
    Task<IReadOnlyList<StoredIntegration>> ListIntegrationsInUseAsync(string organisationId, DateTimeOffset before, CancellationToken cancel);

    // ---- Claims in ----------------------------------------------------------------------------------------------------

    /// <summary>
    /// Takes in claims, in one commit with one audit event if anything changed. New claims wait to be exported unless a mark
    /// already holds them (adopted earlier). A claim is updated only while it may still be reserved or has no mark; this
    /// excludes a reserve at the same moment by locking the organisation's lease row. A claim that was withdrawn is approved again
    /// by being taken in, with equal content or other; but not if an earlier generation of it stands exported.
    /// </summary>
    /// <param name="claims">Ids distinct, also without case.</param>
    /// <param name="source">Where they came from, for the audit trail: a file's name, <c>api</c>.</param>
    /// <param name="onlyLifts">
    /// Equal content approves again only what this actor has withdrawn; null: whoever has. For what is told again without being meant
    /// again, as by a source that is read with an overlap.
    /// </param>
    /// <returns>One outcome for each claim, in their order.</returns>
    Task<IReadOnlyList<IntakeOutcome>> TakeInAsync(string organisationId, IReadOnlyList<ClaimRecord> claims, string source, string actor, CancellationToken cancel, string? onlyLifts = null);

    /// <summary>
    /// Withdraws claims that no mark holds: they leave the work list and no run takes them until they are taken in again, in one
    /// commit with one audit event if any was withdrawn. A run that reserves one of them at the same moment either finds it gone,
    /// or has it and is named: both take the claim's row out of the work list.
    /// </summary>
    /// <param name="claimIds">Distinct; at most as many as one commit should take.</param>
    /// <returns>One outcome for each claim, in their order.</returns>
    Task<IReadOnlyList<WithdrawOutcome>> WithdrawAsync(string organisationId, IReadOnlyList<string> claimIds, string reason, string actor, CancellationToken cancel);

    /// <summary>
    /// Registers claims that left before PayOnce came, as a run of trigger adopt: each gets a mark <c>exported</c> of generation 0
    /// with its reference as acknowledgement, and no longer waits. Claims that a mark holds already are returned, untouched.
    /// The claims need not have been taken in; a withdrawn one has left all the same, and is withdrawn no longer. Takes part in the
    /// lease: refused while a run is going, and restore mode begins where <see cref="AdoptRequest.KnownOutside"/> shows a restored database.
    /// </summary>
    Task<AdoptAnswer> AdoptAsync(AdoptRequest request, CancellationToken cancel);

    // ---- The protocol, in its order ------------------------------------------------------------------------------------

    /// <summary>
    /// P0. Takes the organisation's lease if nobody holds it, its time has run out by the store's clock, or
    /// <paramref name="isGone"/> says for certain that its holder's process is gone. Raises the epoch, creates the run in state
    /// running; a request's row gets the run's id. In one commit. Refused while export is paused, and to a node whose request is no
    /// longer its own.
    /// </summary>
    Task<LeaseAnswer> TakeLeaseAsync(LeaseRequest request, Func<string, bool> isGone, CancellationToken cancel);

    /// <summary>Puts the lease's end at <paramref name="duration"/> from now by the store's clock; false if the epoch is no longer ours.</summary>
    Task<bool> RenewLeaseAsync(Lease lease, TimeSpan duration, CancellationToken cancel);

    /// <summary>
    /// Ends what older epochs left behind. Each older run still in state running is ended: its marks that are <c>reserved</c>
    /// become <c>in_doubt</c> if their attempt was started, and are released (and wait again) if it was not; a run whose marks
    /// are all settled is finished, any other failed. In one commit for each run.
    /// </summary>
    /// <returns>Null if we are fenced off; otherwise what was found, oldest run first.</returns>
    Task<IReadOnlyList<RecoveredRun>?> RecoverAsync(Lease lease, CancellationToken cancel);

    /// <summary>How many claims the runs of this request have taken and not given back, whatever became of them: what counts against the request's limit.</summary>
    Task<long> CountTakenForRequestAsync(string organisationId, long requestId, CancellationToken cancel);

    /// <summary>How many claims of the scope are free to go (after its limit), and how many an earlier run already has. Writes both to the run.</summary>
    Task<RunCounters?> CountScopeAsync(Lease lease, ClaimScope scope, CancellationToken cancel);

    /// <summary>
    /// The place of the <paramref name="size"/>-th candidate behind <paramref name="after"/>, so that two batches can be reserved
    /// at the same time; null if there are fewer than <paramref name="size"/>.
    /// </summary>
    Task<PageCursor?> FindPageEndAsync(string organisationId, ClaimScope scope, PageCursor? after, int size, CancellationToken cancel);

    /// <summary>
    /// P1. In one commit: takes the next candidates out of the work list, inserts their marks as <c>reserved</c> (or takes released
    /// and rejected ones again, attempt + 1), lets <paramref name="render"/> make the bytes from the same snapshot, keeps bytes,
    /// hash and the attempt's row of step reserved, marks the unrenderable ones <c>rejected</c> with the reason and puts them back
    /// into the work list, adds to the run's counters, and appends the audit event. Only rows that came back are rendered; a claim
    /// whose mark is held by another run is returned as duplicate and leaves the work list.
    /// </summary>
    /// <param name="render">
    /// Pure; called once a batch and commit with the batch's number, on the transaction's thread. The claims' lines are valid until
    /// it returns: the next batch is read into the same room.
    /// </param>
    Task<ReserveAnswer> ReserveAsync(Lease lease, ReserveRequest request, Func<int, IReadOnlyList<ReservedClaim>, RenderedBatch> render, CancellationToken cancel);

    /// <summary>
    /// P1b and P2 over an API, as many as are due in one commit: a row of step finished for each ended try with what becomes of its
    /// claims (compare-and-set on reserved, attempt, run and epoch; rejected and released ones wait again), a row of step started
    /// for each try that may be sent once this has returned, the run's counters, and an audit event for each settled batch.
    /// </summary>
    /// <returns>False if we are fenced off: nothing changed, and nothing may be sent.</returns>
    Task<bool> RecordTriesAsync(Lease lease, IReadOnlyList<TryEnd> ended, IReadOnlyList<TryStart> starting, CancellationToken cancel);

    /// <summary>
    /// P1b for a file that is published to an outside folder: keeps the file's row in state publishing with its manifest, and
    /// a row of step started for each batch of the run. From here on a crash puts its claims in doubt.
    /// </summary>
    /// <param name="manifest">Makes the manifest from the trail's head as it is in this transaction.</param>
    /// <returns>Null if we are fenced off.</returns>
    Task<RunFile?> StartFileAsync(Lease lease, FileDraft draft, Func<AuditHead, ReadOnlyMemory<byte>> manifest, CancellationToken cancel);

    /// <summary>
    /// P2, accepted. Compare-and-set of this run's marks from <c>reserved</c> of our epoch to <c>exported</c> (in file), with the
    /// file's row made available, the attempts' rows of step finished, the run's counters, the next free voucher number, and the
    /// audit event: one commit. For a file that only PayOnce gives out this is the commit that lets it leave.
    /// </summary>
    /// <returns>Null if we are fenced off: nothing changed.</returns>
    Task<RunFile?> ConfirmFileAsync(Lease lease, FileDraft draft, Func<AuditHead, ReadOnlyMemory<byte>> manifest, CancellationToken cancel);

    /// <summary>P2, provably nothing left: this run's reserved marks are released and wait again; the file, if started, is withdrawn. False if fenced off.</summary>
    Task<bool> ReleaseFileAsync(Lease lease, string reason, CancellationToken cancel);

    /// <summary>P2, no proof: this run's reserved marks become <c>in_doubt</c>. False if fenced off.</summary>
    Task<bool> DoubtFileAsync(Lease lease, string reason, CancellationToken cancel);

    /// <summary>Settles an earlier run whose file was found in its folder with our checksum: its marks in doubt become <c>exported</c>. False if fenced off.</summary>
    Task<bool> ProveFileAsync(Lease lease, long runId, string evidence, CancellationToken cancel);

    /// <summary>
    /// Ends the run and gives the lease back. False if fenced off, or while claims are reserved by it that nobody has settled: the run does not know of them
    /// any more, because the database was put back under it from a backup of its middle. It stays in state running, so that the next one recovers them.
    /// </summary>
    Task<bool> FinishRunAsync(Lease lease, RunState state, string? failure, CancellationToken cancel);

    // ---- Reconciliation and restore ------------------------------------------------------------------------------------

    /// <summary>Claims in doubt, ordered by claim id.</summary>
    Task<DoubtfulPage> ListDoubtfulClaimsAsync(string organisationId, string? afterClaimId, int size, CancellationToken cancel);

    /// <summary>
    /// Settles claims in doubt by what a read-back found, each by compare-and-set on (in doubt, attempt, in doubt since), with
    /// counters of the runs that had them, a finished run's failure taken back where none of its claims is of unknown fate any
    /// more, and one audit event. A claim that was settled otherwise meanwhile stays as it is.
    /// </summary>
    /// <returns>How many changed their state; null if we are fenced off.</returns>
    Task<int?> SettleDoubtsAsync(Lease lease, IReadOnlyList<DoubtSettlement> settlements, CancellationToken cancel);

    /// <summary>Exported marks, ordered by (claim id, generation).</summary>
    /// <param name="belowBooked">Only those whose evidence can still rise by asking: received, not yet booked.</param>
    Task<IReadOnlyList<ExportedClaim>> ListExportedClaimsAsync(string organisationId, bool belowBooked, ExportedCursor? after, int size, CancellationToken cancel);

    /// <summary>Raises evidence, with one audit event if any rose. How many; null if we are fenced off.</summary>
    Task<int?> RaiseEvidenceAsync(Lease lease, IReadOnlyList<EvidenceRise> rises, CancellationToken cancel);

    /// <summary>Of these export keys, those that belong to a mark or to a claim taken in (of whatever generation a mark has, or 0).</summary>
    Task<IReadOnlyList<KnownKey>> FindKeysAsync(string organisationId, IReadOnlyList<string> exportKeys, CancellationToken cancel);

    /// <summary>Null unless the organisation is in restore mode.</summary>
    Task<RestoreMode?> FindRestoreModeAsync(string organisationId, CancellationToken cancel);

    /// <summary>The nonces of the adoptions that this database knows of, in their order; empty ones of a time before they had any.</summary>
    Task<IReadOnlyList<string>> ListAdoptionsAsync(string organisationId, CancellationToken cancel);

    /// <summary>
    /// Switches restore mode on, with an audit event, and raises the epoch beyond any that was given out since the backup, so that
    /// whoever still runs is fenced off. If it is on already it begins anew, with this reason: the backup may have been made in
    /// restore mode, and then neither its epoch nor its quiet time says anything of what left since.
    /// </summary>
    Task BeginRestoreAsync(string organisationId, string reason, string actor, CancellationToken cancel);

    /// <summary>A person switches restore mode off, with an audit event; false if it is off already.</summary>
    Task<bool> EndRestoreAsync(string organisationId, string reason, string actor, CancellationToken cancel);

    /// <summary>A run that asked about every claim switches restore mode off, with an audit event; false if it is off already, or the run was fenced off: then it asked for another database than this one.</summary>
    Task<bool> EndRestoreAsync(Lease lease, string reason, CancellationToken cancel);

    /// <summary>
    /// Every claim taken in, ordered by id, with the generation that could leave next: the one after its newest exported mark,
    /// its newest mark's own if that may still leave or is in doubt, 0 where it has none.
    /// </summary>
    Task<RestorePage> ListRestoreCandidatesAsync(string organisationId, string? afterClaimId, int size, CancellationToken cancel);

    /// <summary>
    /// Writes marks <c>exported</c> under this run for claims that were found at the accounting system, takes them out of the work
    /// list, and tells the audit trail, in one commit. A mark that exists already becomes exported unless it is. What was withdrawn
    /// is so no longer: it has left. A later generation without a mark is left out where the one before it is not exported: that was asked of another
    /// database, which was put back since (a model check found that).
    /// </summary>
    /// <returns>How many were written; null if we are fenced off.</returns>
    Task<int?> AdoptFoundAsync(Lease lease, IReadOnlyList<FoundClaim> found, CancellationToken cancel);

    // ---- Secrets -------------------------------------------------------------------------------------------------------

    /// <summary>Keeps a secret's protected bytes in place of any earlier ones, with an audit event that has the name and not the value.</summary>
    Task SetSecretAsync(string organisationId, string name, ReadOnlyMemory<byte> protectedValue, string actor, CancellationToken cancel);

    /// <summary>The protected bytes; null if it was never set.</summary>
    Task<ReadOnlyMemory<byte>?> FindSecretAsync(string organisationId, string name, CancellationToken cancel);

    Task<IReadOnlyList<SecretInfo>> ListSecretsAsync(string organisationId, CancellationToken cancel);

    // ---- What a person decides -----------------------------------------------------------------------------------------

    /// <summary>
    /// Takes back a run whose file nobody imported: its marks that are <c>exported</c> (in file) or <c>in_doubt</c> are released and
    /// wait again, the file is withdrawn, the run is rolled back; one commit with the audit event.
    /// </summary>
    Task<RollBackAnswer> RollBackAsync(string organisationId, long runId, string reason, string actor, CancellationToken cancel);

    /// <summary>Records that a run's file was imported as <paramref name="voucher"/>: evidence rises to booked, claims in doubt become exported. Null if the run has no available file.</summary>
    Task<long?> RecordImportAsync(string organisationId, long runId, string voucher, string actor, CancellationToken cancel);

    /// <summary>
    /// A person settles a claim in doubt as exported or released, with the evidence. The mark as it was before, or null if there is
    /// none; changed only if that was <c>in_doubt</c> and, where <paramref name="details"/> say which doubt the person saw, that one.
    /// </summary>
    Task<Mark?> DecideAsync(string organisationId, string claimId, MarkState decision, string evidence, string actor, CancellationToken cancel, DecisionDetails? details = null);

    /// <summary>Force re-export: a new mark, generation + 1, that waits to be reserved, with the audit event, in one commit.</summary>
    /// <param name="seenGeneration">The exported generation that the person saw; if another is the newest by now, nothing is made. Null: whichever is the newest.</param>
    Task<ReExportAnswer> RequestReExportAsync(string organisationId, string claimId, string reason, string actor, CancellationToken cancel, int? seenGeneration = null);

    // ---- What is asked -------------------------------------------------------------------------------------------------

    /// <summary>Of these claims, those whose newest mark holds them (anything but rejected and released). One index probe a claim.</summary>
    Task<IReadOnlyList<HeldClaim>> FindHeldAsync(string organisationId, IReadOnlyList<string> claimIds, CancellationToken cancel);

    /// <summary>Candidates without taking them, for a dry run.</summary>
    Task<IReadOnlyList<ReservedClaim>> ReadCandidatesAsync(string organisationId, ClaimScope scope, PageCursor? after, int size, CancellationToken cancel);

    Task<ClaimHistory?> FindClaimAsync(string organisationId, string claimId, CancellationToken cancel);

    /// <summary>Claims ordered by (approved at, claim id).</summary>
    Task<IReadOnlyList<ClaimSummary>> ListClaimsAsync(string organisationId, ClaimFilter filter, PageCursor? after, int size, CancellationToken cancel);

    /// <summary>Runs, newest first.</summary>
    Task<IReadOnlyList<Run>> ListRunsAsync(string organisationId, long? before, int size, CancellationToken cancel);

    Task<Run?> FindRunAsync(string organisationId, long runId, CancellationToken cancel);

    /// <summary>The marks that this run took last, ordered by claim id (ordinal).</summary>
    Task<IReadOnlyList<Mark>> ListRunMarksAsync(string organisationId, long runId, string? afterClaimId, int size, CancellationToken cancel);

    /// <summary>Claims this run rejected, each with its reason as it was then.</summary>
    Task<IReadOnlyList<ClaimRejection>> ListRunRejectionsAsync(string organisationId, long runId, CancellationToken cancel);

    /// <summary>Claims of the run's scope that earlier runs hold, ordered by claim id: what <see cref="RunCounters.SkippedDuplicates"/> counts.</summary>
    Task<IReadOnlyList<HeldClaim>> ListRunDuplicatesAsync(string organisationId, long runId, string? afterClaimId, int size, CancellationToken cancel);

    /// <summary>The register's rows of a run, ordered by batch, try and step.</summary>
    Task<IReadOnlyList<Attempt>> ListAttemptsAsync(string organisationId, long runId, CancellationToken cancel);

    Task<RunFile?> FindFileAsync(string organisationId, long runId, CancellationToken cancel);

    /// <summary>Files still in state publishing whose run has ended with marks in doubt, oldest first: their folders can be looked into.</summary>
    Task<IReadOnlyList<RunFile>> ListDoubtfulFilesAsync(string organisationId, CancellationToken cancel);

    /// <summary>Available files that nobody has fetched or published, oldest first.</summary>
    Task<IReadOnlyList<RunFile>> ListUnfetchedFilesAsync(string organisationId, CancellationToken cancel);

    /// <summary>The frozen bytes of a run's batches, in order, uncompressed; batches without bytes are left out. Each piece is valid until the next is asked for.</summary>
    IAsyncEnumerable<ReadOnlyMemory<byte>> ReadBatchesAsync(string organisationId, long runId, CancellationToken cancel);

    /// <summary>Notes in the audit trail that a file was given out, and to whom.</summary>
    Task NoteFetchedAsync(string organisationId, long runId, string actor, CancellationToken cancel);

    /// <summary>How many claims wait: the rows of the work list, and nothing else is read.</summary>
    Task<long> CountWaitingAsync(string organisationId, CancellationToken cancel);

    Task<OrganisationStatus> GetStatusAsync(string organisationId, CancellationToken cancel);

    /// <summary>The trail in its order, streamed from <paramref name="afterSequence"/> on.</summary>
    IAsyncEnumerable<AuditEvent> ReadAuditAsync(string organisationId, long afterSequence, CancellationToken cancel);

    /// <summary>The head as the store keeps it beside the trail: without it a trail cut off at its end would look whole.</summary>
    Task<AuditHead> GetAuditHeadAsync(string organisationId, CancellationToken cancel);

    /// <summary>What the store finds wrong with itself: a work list that differs from claims and marks, damaged files, a missing guard. Empty if all is well.</summary>
    Task<IReadOnlyList<string>> CheckAsync(CancellationToken cancel);
}
