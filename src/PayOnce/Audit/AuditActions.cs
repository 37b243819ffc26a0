namespace PayOnce.Audit;

/// <summary>The words an event's action can be.</summary>
public static class AuditActions
{
    public const string OrganisationAdded = "organisation_added";
    public const string IntegrationChanged = "integration_changed";
    public const string ClaimsTakenIn = "claims_taken_in";
    public const string ClaimsWithdrawn = "claims_withdrawn";
    public const string ClaimsAdopted = "claims_adopted";
    public const string RunStarted = "run_started";
    public const string RunRecovered = "run_recovered";
    public const string BatchReserved = "batch_reserved";
    public const string BatchSettled = "batch_settled";
    public const string FileStarted = "file_started";
    public const string FileExported = "file_exported";
    public const string FileReleased = "file_released";
    public const string FileInDoubt = "file_in_doubt";
    public const string FileProved = "file_proved";
    public const string FileFetched = "file_fetched";
    public const string FileImported = "file_imported";
    public const string RunFinished = "run_finished";
    public const string RunRolledBack = "run_rolled_back";
    public const string ReExportForced = "re_export_forced";
    public const string ClaimDecided = "claim_decided";
    public const string DoubtsSettled = "doubts_settled";
    public const string EvidenceRaised = "evidence_raised";
    public const string ClaimsFound = "claims_found";
    public const string RestoreBegun = "restore_begun";
    public const string RestoreEnded = "restore_ended";
    public const string SecretSet = "secret_set";
    public const string MembershipChanged = "membership_changed";
    public const string MembershipRemoved = "membership_removed";
    public const string InvitationMade = "invitation_made";
    public const string InvitationWithdrawn = "invitation_withdrawn";
    public const string TokenAdded = "token_added";
    public const string TokenRevoked = "token_revoked";
    public const string SignInProviderChanged = "sign_in_provider_changed";
    public const string SignInProviderRemoved = "sign_in_provider_removed";
    public const string IdentityLinked = "identity_linked";
    public const string IdentityUnlinked = "identity_unlinked";
    public const string RunRequested = "run_requested";
    public const string RequestCancelled = "request_cancelled";
    public const string RunStopRequested = "run_stop_requested";
    public const string ExportPaused = "export_paused";
    public const string ExportResumed = "export_resumed";
    public const string ScheduleChanged = "schedule_changed";
    public const string SourceChanged = "source_changed";
    public const string NotificationsChanged = "notifications_changed";
    public const string SettingChanged = "setting_changed";
    public const string DeclarationAcknowledged = "declaration_acknowledged";
    public const string AcknowledgementWithdrawn = "acknowledgement_withdrawn";
    public const string FormBegun = "form_begun";
    public const string FormChanged = "form_changed";
    public const string FormApproved = "form_approved";
}
