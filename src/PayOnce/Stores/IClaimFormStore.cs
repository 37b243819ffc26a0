using PayOnce.Claims.Forms;
using PayOnce.Declarations;

namespace PayOnce.Stores;

/// <summary>
/// What an organisation settles for itself, the declaration's acknowledgements, and claims while they are forms. The rules of
/// <see cref="IStore"/> hold: a method is at most one transaction, and stays within the organisation's rows.
/// </summary>
/// <remarks>
/// Publishing a declaration or rates and withdrawing an acknowledgement exclude approvals, acknowledgements and intake at the same
/// moment by locking the organisation's lease row, which those share.
/// </remarks>
public interface IClaimFormStore
{
    // ---- What the organisation settles -----------------------------------------------------------------------------------

    /// <summary>The newest version of a topic of <see cref="SettingTopics"/>; null if it was never settled.</summary>
    Task<OrganisationSetting?> FindSettingAsync(string organisationId, string topic, CancellationToken cancel);

    /// <summary>A topic's versions, newest first.</summary>
    Task<IReadOnlyList<OrganisationSetting>> ListSettingsAsync(string organisationId, string topic, int size, CancellationToken cancel);

    /// <summary>Keeps a new version with an audit event, if the newest is still the one that was edited. What stands already keeps its version.</summary>
    /// <param name="knownVersion">The version that was edited; 0 for none; null: whatever stands.</param>
    Task<SaveAnswer> SaveSettingAsync(string organisationId, string topic, string value, long? knownVersion, string actor, CancellationToken cancel);

    // ---- Acknowledgements ------------------------------------------------------------------------------------------------

    /// <summary>Keeps an acknowledgement with an audit event, if what was read is still the current version.</summary>
    Task<AcknowledgeAnswer> AcknowledgeAsync(string organisationId, NewAcknowledgement acknowledgement, string actor, CancellationToken cancel);

    /// <summary>
    /// Withdraws an acknowledgement, and in the same commit every claim that rests on it and is not held by a run. What a run has
    /// reserved goes with that run (docs/decisions/0019).
    /// </summary>
    /// <param name="claimantId">Whose it must be; null: whosever it is.</param>
    Task<WithdrawAnswer> WithdrawAcknowledgementAsync(string organisationId, long number, string? claimantId, string? reason, string actor, CancellationToken cancel);

    /// <summary>How a claimant stands to the current declaration.</summary>
    Task<AcknowledgementState> FindAcknowledgementStateAsync(string organisationId, string claimantId, CancellationToken cancel);

    /// <summary>Acknowledgements, newest first, without their texts.</summary>
    /// <param name="claimantId">Only this claimant's; null: everybody's.</param>
    Task<IReadOnlyList<Acknowledgement>> ListAcknowledgementsAsync(string organisationId, string? claimantId, long? before, int size, CancellationToken cancel);

    /// <summary>One acknowledgement with its text.</summary>
    Task<Acknowledgement?> FindAcknowledgementAsync(string organisationId, long number, CancellationToken cancel);

    /// <summary>What a claim rests on; null if on no acknowledgement.</summary>
    Task<Acknowledgement?> FindAcknowledgementOfClaimAsync(string organisationId, string claimId, CancellationToken cancel);

    // ---- Forms -----------------------------------------------------------------------------------------------------------

    /// <summary>Begins a form with an audit event. One of this id and this claimant is there already: it is the answer, unchanged.</summary>
    Task<FormAnswer> AddFormAsync(string organisationId, NewForm form, FormPerson who, CancellationToken cancel);

    /// <summary>Changes a form of this revision, with an audit event that holds nothing of what was typed.</summary>
    Task<FormAnswer> ChangeFormAsync(string organisationId, string formId, int revision, FormChange change, FormPerson who, CancellationToken cancel);

    /// <summary>
    /// Approves a form and takes in its claim, in one commit: submitted, of the revision that was seen, by somebody whose claim it
    /// is not, with the current rates and, for an honorarium, a valid acknowledgement.
    /// </summary>
    Task<FormAnswer> ApproveFormAsync(string organisationId, FormApproval approval, FormPerson who, CancellationToken cancel);

    Task<ClaimForm?> FindFormAsync(string organisationId, string formId, CancellationToken cancel);

    /// <summary>Forms, last changed first, without their receipts.</summary>
    Task<IReadOnlyList<ClaimForm>> ListFormsAsync(string organisationId, FormFilter filter, int size, CancellationToken cancel);

    /// <summary>Adds a receipt to an open form of this revision.</summary>
    Task<FormAnswer> AddReceiptAsync(string organisationId, string formId, int revision, NewReceipt receipt, FormPerson who, CancellationToken cancel);

    /// <summary>Removes a receipt from an open form of this revision; one that is not there changes nothing.</summary>
    Task<FormAnswer> RemoveReceiptAsync(string organisationId, string formId, int revision, int number, FormPerson who, CancellationToken cancel);

    /// <summary>A receipt's bytes; null if there is none.</summary>
    Task<ReadOnlyMemory<byte>?> ReadReceiptAsync(string organisationId, string formId, int number, CancellationToken cancel);

    // ---- The year --------------------------------------------------------------------------------------------------------

    /// <summary>Claims of these claimants that were approved in this time; withdrawn ones are not among them.</summary>
    Task<IReadOnlyList<YearClaim>> ListYearClaimsAsync(string organisationId, IReadOnlyList<string> claimantIds, DateTimeOffset from, DateTimeOffset before, CancellationToken cancel);

    /// <summary>Whose claims wait to be exported, ordered by id; at most <paramref name="size"/>.</summary>
    Task<IReadOnlyList<string>> ListWaitingClaimantsAsync(string organisationId, int size, CancellationToken cancel);
}
