using PayOnce.Audit;

namespace PayOnce.App.Dashboard;

internal sealed partial class Words
{
    public string AuditLead => Say("Hvem som gjorde hva, og når. Ingenting her kan endres eller slettes.", "Who did what, and when. Nothing here can be changed or deleted.");

    public string AuditShown(long total, bool more, int rows) => rows == 0
        ? Say("Ingen hendelser passer filteret.", "No events match the filter.")
        : Say(
            $"Viser {Number(rows)} av {(more ? "mer enn " : "")}{Number(total)} {(total == 1 ? "hendelse" : "hendelser")}, nyeste først.",
            $"Showing {Number(rows)} of {(more ? "more than " : "")}{Number(total)} {(total == 1 ? "event" : "events")}, newest first.");

    public string AuditCaption => Say("Hendelser, nyeste først", "Events, newest first");

    public string AuditPages => Say("Sider i revisjonssporet", "Pages of the audit trail");

    public string Period => Say("Periode", "Period");

    public string Who => Say("Hvem", "Who");

    public string WhoHint => Say("Hele navnet, slik det står i listen.", "The whole name, as it stands in the list.");

    public string KindOfAct => Say("Hva slags handling", "Kind of act");

    public string ClaimOrRun => Say("Kravnummer eller kjøring", "Claim number or run");

    public string ClaimOrRunHint => Say("For en kjøring: «kjøring 12» eller bare tallet.", "For a run: “run 12” or just the number.");

    /// <summary>The kinds that the filter offers; which actions each has stands in <see cref="AuditKinds"/>.</summary>
    public string ActKind(string kind) => kind switch
    {
        "runs" => Say("Kjøringer", "Runs"),
        "decisions" => Say("Avklaring", "Clearing up"),
        "re-exports" => Say("Ny eksport", "Re-export"),
        "roll-backs" => Say("Tilbaketrekking", "Roll back"),
        "files" => Say("Filer", "Files"),
        "claims" => Say("Krav inn", "Claims in"),
        "settings" => Say("Innstillinger", "Settings"),
        "access" => Say("Tilgang", "Access"),
        "privacy" => Say("Personvern", "Privacy"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    public string Number() => Say("Nr.", "No.");

    public string When => Say("Tidspunkt", "Time");

    public string Act => Say("Handling", "Act");

    public string Concerns => Say("Gjelder", "Concerns");

    /// <summary>What an event was done to, by the trail's own words.</summary>
    public string AuditSubject(string kind, string id) => kind switch
    {
        "run" => Say($"Kjøring {id}", $"Run {id}"),
        "request" => Say($"Bestilling {id}", $"Request {id}"),
        "claim" => Say($"Krav {id}", $"Claim {id}"),
        "claims" => ClaimsHeading,
        "organisation" => Say("Organisasjonen", "The organisation"),
        "integration" => Say("Regnskapssystemet", "The accounting system"),
        "schedule" => Say("Tidsplanen", "The schedule"),
        "source" => TopicSource,
        "notifications" => Say("Varslene", "The notifications"),
        "user" => Say($"Bruker {id}", $"User {id}"),
        "token" => Say($"API-nøkkel {id}", $"API key {id}"),
        "invitation" => Say($"Invitasjon {id}", $"Invitation {id}"),
        "setting" => id switch
        {
            SettingTopics.Flags => Say("Organisasjonens funksjonsbrytere", "The organisation's feature flags"),
            SettingTopics.Declaration => Declaration,
            SettingTopics.Rates => Rates,
            SettingTopics.Privacy => TopicPrivacy,
            _ => YearLimitsHeading,
        },
        "acknowledgement" => Say($"Bekreftelse {id}", $"Acknowledgement {id}"),
        "form" when id.Length > 0 => FormTitle(id),
        "claimant" => Say($"Utbetalingsmottaker {id}", $"Claimant {id}"),
        "erasure" => Say($"Sletting {id}", $"Erasure {id}"),
        "search" => Search,
        "preview" => Say("Forhåndsvisning", "Preview"),
        "forms" => Approvals,
        "acknowledgements" => Say("Bekreftelser", "Acknowledgements"),
        "person" => PersonsData,
        "sign-in" => Say("Innloggingen", "Sign-in"),
        _ => id.Length == 0 ? kind : $"{kind} {id}",
    };

    public string VerifyTrail => Say("Kontroller at sporet er uendret", "Verify that the trail is unchanged");

    public string VerifyExplained => Say(
        "Hver hendelse er lenket til den forrige med et fingeravtrykk. Kontrollen regner alle ut på nytt, og sammenligner med det som fulgte med filene ut.",
        "Each event is chained to the one before by a fingerprint. The verification computes all of them again, and compares them with what left with the files.");

    public string VerifyNow => Say("Kontroller nå", "Verify now");

    public string Verified(AuditReport report, DateTimeOffset at) => report.Problems.Count == 0
        ? Say(
            $"Kontrollert {At(at)}: {Number(report.Events)} {(report.Events == 1 ? "hendelse" : "hendelser")}, ingen brudd.",
            $"Verified {At(at)}: {Number(report.Events)} {(report.Events == 1 ? "event" : "events")}, no breaks.")
        : Say(
            $"Kontrollert {At(at)}: sporet er IKKE helt. {Number(report.Problems.Count)} brudd i {Number(report.Events)} hendelser. Ta vare på databasen og varsle revisor.",
            $"Verified {At(at)}: the trail is NOT whole. {Number(report.Problems.Count)} {(report.Problems.Count == 1 ? "break" : "breaks")} in {Number(report.Events)} events. Keep the database as it is and tell the auditor.");

    public string TrailHead => Say("Siste hendelses fingeravtrykk", "Fingerprint of the last event");

    public string TrailBroken => Say("Sporet er brutt", "The trail is broken");

    public string TrailWhole => Say("Sporet er helt", "The trail is whole");

    public string Download => Say("Last ned", "Download");

    public string DownloadTrailCsv => Say("Last ned hendelsene (CSV)", "Download the events (CSV)");

    public string DownloadTrailChain => Say("Last ned hele sporet med fingeravtrykk (JSON Lines)", "Download the whole trail with fingerprints (JSON Lines)");

    public string DownloadExplained => Say(
        "CSV-filen følger filteret over. Sporet med fingeravtrykk er alltid helt, så det kan kontrolleres uten PayOnce.",
        "The CSV file follows the filter above. The trail with fingerprints is always whole, so that it can be verified without PayOnce.");

    public IReadOnlyList<string> AuditColumns(string zone) => [Number(), $"{When} ({zone})", Who, Act, Concerns, Reason, Say("Detaljer", "Details"), Fingerprint];

    public string Details => Say("Detaljer", "Details");
}
