using System.Text.Json;
using PayOnce.Audit;
using PayOnce.Guard;

namespace PayOnce.App.Dashboard;

/// <summary>An event of the audit trail for people.</summary>
/// <param name="Reason">What a person wrote as their reason or evidence, word for word; null where there is none.</param>
public readonly record struct ToldEvent(string Text, string? Reason);

internal sealed partial class Words
{
    /// <summary>An event in a sentence; who did it stands beside it.</summary>
    public ToldEvent Told(AuditEvent told)
    {
        using var document = JsonDocument.Parse(told.Details);
        var details = new EventDetails(document.RootElement);
        return new(Sentence(told.Action, details), details.Text("reason") ?? details.Text("evidence"));
    }

    // An administrator, in the language of the page.
    private string RoleOf(EventDetails about) => PayOnce.Access.Roles.TryParse(about.Text("role") ?? "", out var role) ? RoleName(role).ToLowerInvariant() : "";

    private string Sentence(string action, EventDetails about) => action switch
    {
        AuditActions.OrganisationAdded => Say($"La til organisasjonen {about.Text("name")}", $"Added the organisation {about.Text("name")}"),
        AuditActions.IntegrationChanged => Say($"Endret oppsettet til versjon {about.Number("version")}", $"Changed the settings to version {about.Number("version")}"),
        AuditActions.ClaimsTakenIn => Say(
            $"La inn krav fra {about.Text("source")}: {Number(about.Number("added"))} nye, {Number(about.Number("updated"))} endret",
            $"Brought in claims from {about.Text("source")}: {Number(about.Number("added"))} new, {Number(about.Number("updated"))} changed"),
        AuditActions.ClaimsWithdrawn => Say($"Trakk tilbake {Claims(about.Number("withdrawn"))}", $"Withdrew {Claims(about.Number("withdrawn"))}"),
        AuditActions.ClaimsAdopted => Say($"Registrerte {Claims(about.Number("claims"))} som eksportert før PayOnce", $"Registered {Claims(about.Number("claims"))} as exported before PayOnce"),
        AuditActions.RunStarted => Say("Startet kjøringen", "Started the run"),
        AuditActions.RunRecovered => Say(
            $"Gjorde opp kjøringen etter at prosessen stanset: {Number(about.Number("released"))} krav frigitt, {Number(about.Number("inDoubt"))} uavklart",
            $"Settled the run after its process had ended: {Claims(about.Number("released"))} released, {Number(about.Number("inDoubt"))} in doubt"),
        AuditActions.BatchReserved => Say(
            $"Satte av bunt {about.Number("batch")}: {Claims(about.Number("claims"))}, {Number(about.Number("rejected"))} avvist, {Number(about.Number("duplicates"))} hoppet over",
            $"Reserved batch {about.Number("batch")}: {Claims(about.Number("claims"))}, {Number(about.Number("rejected"))} rejected, {Number(about.Number("duplicates"))} skipped"),
        AuditActions.BatchSettled => Say(
            $"Gjorde opp bunt {about.Number("batch")}, forsøk {about.Number("try")}: {Number(about.Number("exported"))} eksportert, {Number(about.Number("rejected"))} avvist, {Number(about.Number("inDoubt"))} uavklart, {Number(about.Number("released"))} frigitt",
            $"Settled batch {about.Number("batch")}, attempt {about.Number("try")}: {Number(about.Number("exported"))} exported, {Number(about.Number("rejected"))} rejected, {Number(about.Number("inDoubt"))} in doubt, {Number(about.Number("released"))} released"),
        AuditActions.FileStarted => Say($"Begynte å legge ut filen {about.Text("file")}", $"Began to publish the file {about.Text("file")}"),
        AuditActions.FileExported => Say($"Gjorde filen {about.Text("file")} tilgjengelig med {Claims(about.Number("claims"))}", $"Made the file {about.Text("file")} available with {Claims(about.Number("claims"))}"),
        AuditActions.FileReleased => Say($"Frigjorde {Claims(about.Number("claims"))}: filen kom aldri ut", $"Released {Claims(about.Number("claims"))}: the file never left"),
        AuditActions.FileInDoubt => Say($"Holdt igjen {Claims(about.Number("claims"))} som uavklart", $"Held {Claims(about.Number("claims"))} as in doubt"),
        AuditActions.FileProved => Say($"Fant filen igjen: {Claims(about.Number("claims"))} er eksportert", $"Found the file again: {Claims(about.Number("claims"))} exported"),
        AuditActions.FileFetched => Say($"Lastet ned filen {about.Text("file")}", $"Downloaded the file {about.Text("file")}"),
        AuditActions.FileImported => Say($"Registrerte filen som lest inn, bilag {about.Text("voucher")}", $"Recorded the file as imported, voucher {about.Text("voucher")}"),
        AuditActions.RunFinished => Say(
            $"Avsluttet kjøringen ({RunState(about.Text("state") ?? "finished").Text}): {Number(about.Number("exported"))} eksportert, {Number(about.Number("rejected"))} avvist, {Number(about.Number("inDoubt"))} uavklart",
            $"Ended the run ({RunState(about.Text("state") ?? "finished").Text}): {Number(about.Number("exported"))} exported, {Number(about.Number("rejected"))} rejected, {Number(about.Number("inDoubt"))} in doubt"),
        AuditActions.RunRolledBack => Say($"Trakk kjøringen tilbake: {Claims(about.Number("claims"))} venter igjen", $"Rolled the run back: {Claims(about.Number("claims"))} waiting again"),
        AuditActions.ReExportForced => Say($"Tvungen ny eksport, referanse {about.Text("exportKey")}", $"Forced a re-export, reference {about.Text("exportKey")}"),
        AuditActions.ClaimDecided => about.Text("decision") == MarkState.Exported.Text()
            ? Say($"Avklarte kravet: funnet i regnskapet{(about.Text("acknowledgement") is { } found ? $", bilag {found}" : "")}", $"Cleared up the claim: found in the accounts{(about.Text("acknowledgement") is { } there ? $", voucher {there}" : "")}")
            : Say("Avklarte kravet: ikke funnet, sendes på nytt", "Cleared up the claim: not found, to be sent again"),
        AuditActions.DoubtsSettled => Say(
            $"Søkte i regnskapssystemet: {Number(about.Number("exported"))} funnet, {Number(about.Number("absent"))} ikke funnet, {Number(about.Number("released"))} frigitt, {Number(about.Number("conflicts"))} med annet beløp",
            $"Searched the accounting system: {Number(about.Number("exported"))} found, {Number(about.Number("absent"))} not found, {Number(about.Number("released"))} released, {Number(about.Number("conflicts"))} with another amount"),
        AuditActions.EvidenceRaised => Say(
            $"Fikk bekreftet {Number(about.Number("received"))} krav som mottatt og {Number(about.Number("booked"))} som bokført",
            $"Had {Claims(about.Number("received"))} confirmed as received and {Number(about.Number("booked"))} as booked"),
        AuditActions.ClaimsFound => Say($"Fant {Claims(about.Number("exported"))} i regnskapssystemet som databasen hadde glemt", $"Found {Claims(about.Number("exported"))} in the accounting system that the database had forgotten"),
        AuditActions.RestoreBegun => Say("Slo på gjenopprettingsmodus: ingenting sendes", "Switched restore mode on: nothing is sent"),
        AuditActions.RestoreEnded => Say("Slo av gjenopprettingsmodus", "Switched restore mode off"),
        AuditActions.SecretSet => Say($"La inn tilgangsnøkkelen {about.Text("name")}", $"Set the access key {about.Text("name")}"),
        _ => ServerSentence(action, about) ?? action.Replace('_', ' '),
    };

    private string? ServerSentence(string action, EventDetails about) => action switch
    {
        AuditActions.RunRequested => about.Text("kind") switch
        {
            "reconcile" => Say("Ba om avstemming", "Asked for a reconciliation"),
            "re-export" => Say("Ba om ny eksport", "Asked for a re-export"),
            _ => Say("Ba om en kjøring", "Asked for a run"),
        },
        AuditActions.RequestCancelled => Say("Tok kjøringen ut av køen", "Took the run out of the queue"),
        AuditActions.RunStopRequested => Say("Ba om at kjøringen stoppes", "Asked for the run to be stopped"),
        AuditActions.ExportPaused => Say("Satte eksporten på pause", "Paused the export"),
        AuditActions.ExportResumed => Say("Startet eksporten igjen", "Resumed the export"),
        AuditActions.ScheduleChanged => Say($"Endret tidsplanen til versjon {about.Number("version")}", $"Changed the schedule to version {about.Number("version")}"),
        AuditActions.SourceChanged => Say($"Endret kilden for krav til versjon {about.Number("version")}", $"Changed the source of claims to version {about.Number("version")}"),
        AuditActions.NotificationsChanged => Say($"Endret varslene til versjon {about.Number("version")}", $"Changed the notifications to version {about.Number("version")}"),
        AuditActions.MembershipChanged => Say($"Ga tilgang som {RoleOf(about)}", $"Gave access as {RoleOf(about)}"),
        AuditActions.MembershipRemoved => Say("Fjernet tilgang", "Removed access"),
        AuditActions.InvitationMade => Say($"Inviterte en {RoleOf(about)}", $"Invited a person as {RoleOf(about)}"),
        AuditActions.InvitationWithdrawn => Say("Trakk invitasjonen tilbake", "Withdrew the invitation"),
        AuditActions.TokenAdded => Say($"Laget API-nøkkelen {about.Text("name")}", $"Made the API key {about.Text("name")}"),
        AuditActions.TokenRevoked => Say($"Slettet API-nøkkelen {about.Text("name")}", $"Deleted the API key {about.Text("name")}"),
        AuditActions.SignInProviderChanged => Say("Endret organisasjonens innlogging", "Changed the organisation's sign-in"),
        AuditActions.SignInProviderRemoved => about.Number("endedSessions") switch
        {
            0 => Say("Fjernet organisasjonens innlogging", "Removed the organisation's sign-in"),
            1 => Say("Fjernet organisasjonens innlogging og logget ut én økt", "Removed the organisation's sign-in and ended one session"),
            var ended => Say($"Fjernet organisasjonens innlogging og logget ut {Number(ended)} økter", $"Removed the organisation's sign-in and ended {Number(ended)} sessions"),
        },
        AuditActions.IdentityLinked => Say("Koblet en person til organisasjonens innlogging", "Linked a person to the organisation's sign-in"),
        AuditActions.IdentityUnlinked => Say("Fjernet koblingen til organisasjonens innlogging", "Removed the link to the organisation's sign-in"),
        AuditActions.SettingChanged => Say($"Lagret versjon {about.Number("version")}", $"Saved version {about.Number("version")}"),
        AuditActions.DeclarationAcknowledged => Say($"Bekreftet versjon {about.Number("version")} av taushetserklæringen", $"Acknowledged version {about.Number("version")} of the declaration"),
        AuditActions.AcknowledgementWithdrawn => Say($"Trakk bekreftelsen tilbake, og med den {Claims(about.Number("withdrawn"))}", $"Withdrew the acknowledgement, and with it {Claims(about.Number("withdrawn"))}"),
        AuditActions.FormBegun => Say("Begynte på et krav", "Began a claim"),
        AuditActions.FormChanged => FormChange(about.Text("what")),
        AuditActions.FormApproved => Say("Godkjente kravet", "Approved the claim"),
        _ => PrivacyAct(action, about),
    };

    private string FormChange(string? what) => what switch
    {
        "submitted" => Say("Sendte inn kravet", "Submitted the claim"),
        "taken_back" => Say("Tok kravet tilbake til utkast", "Took the claim back to a draft"),
        "sent_back" => Say("Sendte kravet tilbake", "Sent the claim back"),
        "discarded" => Say("Forkastet kravet", "Discarded the claim"),
        "receipt_added" => Say("La ved en kvittering", "Added a receipt"),
        "receipt_removed" => Say("Fjernet en kvittering", "Removed a receipt"),
        _ => Say("Endret kravet", "Changed the claim"),
    };

    /// <summary>What an event's details say; what is not there is nothing, since older versions said less.</summary>
    private readonly struct EventDetails(JsonElement details)
    {
        public string? Text(string name) => details.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

        public long Number(string name) => details.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : 0;
    }
}
