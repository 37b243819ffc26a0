using PayOnce.Audit;
using PayOnce.Privacy;

namespace PayOnce.Stores;

/// <summary>
/// Erasure of personal fields, and notes of who saw them. The rules of <see cref="IStore"/> hold: a method is at most one transaction,
/// and stays within the organisation's rows. Which claims are past their time is decided in each store's own SQL, by one condition
/// that counting and erasing share.
/// </summary>
/// <remarks>
/// Due is a claim that was approved before the moment and whose newest mark is exported by a run that started before it, or that was
/// withdrawn before it, or last rejected before it; and whose form, if it has one, neither waits for approval nor was touched since.
/// Never one that is reserved, in doubt or to be exported again. A rejected claim is withdrawn by its erasure, since it would
/// otherwise be tried again. What was erased is not taken in again, whatever its content, and not exported again.
/// </remarks>
public interface IPrivacyStore
{
    /// <summary>The approval of the oldest claim with personal data; null if there is none.</summary>
    Task<DateTimeOffset?> FindOldestApprovalAsync(string organisationId, CancellationToken cancel);

    /// <summary>Claims with personal data that were approved in this time, by whether they are due.</summary>
    /// <param name="due">The moment before which their documents must be dated.</param>
    Task<DueClaims> CountDueClaimsAsync(string organisationId, DateTimeOffset from, DateTimeOffset before, DateTimeOffset due, CancellationToken cancel);

    /// <summary>Everything else that is due: forms that never became a claim, acknowledgements, runs with frozen bytes. Claims are 0.</summary>
    Task<ErasedCounts> CountDueDocumentsAsync(string organisationId, DateTimeOffset due, CancellationToken cancel);

    /// <summary>The newest erasures, newest first.</summary>
    Task<IReadOnlyList<Erasure>> ListErasuresAsync(string organisationId, int size, CancellationToken cancel);

    /// <summary>Begins an erasure, with an audit event that has the reason.</summary>
    Task<BeginErasureAnswer> BeginErasureAsync(string organisationId, NewErasure erasure, CancellationToken cancel);

    /// <summary>
    /// The next step of an erasure, in one commit with one audit event: at most <paramref name="size"/> claims with all that belongs to
    /// each, or forms, or acknowledgements, or runs. A claim is erased whole or not at all. The step that finds nothing left ends it
    /// and forgets the salt.
    /// </summary>
    /// <param name="actor">Who has it go on, whoever began it: the trail names them.</param>
    /// <returns>The erasure after it; ended, with nothing done, if it had ended already.</returns>
    Task<Erasure> EraseNextAsync(string organisationId, long number, int size, string actor, CancellationToken cancel);

    /// <summary>Notes in the audit trail that somebody was shown personal data. Whoever shows it waits for this to return.</summary>
    Task NoteViewAsync(string organisationId, AuditEntry view, CancellationToken cancel);
}
