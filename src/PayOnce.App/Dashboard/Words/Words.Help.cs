namespace PayOnce.App.Dashboard;

internal sealed partial class Words
{
    public string HelpLead => Say("Kort om hva ordene betyr, og hva du gjør når noe ikke er som det skal.", "In short what the words mean, and what to do when something is not as it should be.");

    public string HelpStatesHeading => Say("Hva tilstandene betyr", "What the states mean");

    public IReadOnlyList<(string Term, string Meaning)> HelpStates =>
    [
        (Say("Klar", "Ready"), Say("Godkjent. Neste kjøring tar kravet.", "Approved. The next run takes the claim.")),
        (Say("Lagt i fil", "In file"), Say("Kravet er i en fil. Vi vet ikke ennå om filen er lest inn.", "The claim is in a file. We do not know yet whether the file was imported.")),
        (Say("Mottatt", "Received"), Say("Regnskapssystemet har tatt imot kravet, men ikke bokført det.", "The accounting system has taken the claim, but not booked it.")),
        (Say("Bokført", "Booked"), Say("Kravet står i regnskapet, med bilagsnummer.", "The claim stands in the accounts, with a voucher number.")),
        (Say("Avvist", "Rejected"), Say("Kravet ble ikke bokført, og grunnen er kjent. Rett feilen; neste kjøring prøver igjen.", "The claim was not booked, and the reason is known. Correct the error; the next run tries again.")),
        (Say("Uavklart", "In doubt"), Say("Kravet ble sendt, eller kanskje sendt, og vi vet ikke om det kom fram. Det blir aldri sendt igjen av seg selv.", "The claim was sent, or perhaps sent, and we do not know whether it arrived. It is never sent again by itself.")),
        (Say("Hoppet over", "Skipped"), Say("Kravet var eksportert før, og ble ikke sendt igjen.", "The claim was exported before, and was not sent again.")),
    ];

    public string HelpTasksHeading => Say("Hva gjør jeg når …", "What do I do when …");

    public IReadOnlyList<(string Term, string Meaning)> HelpTasks =>
    [
        (Say("et krav er uavklart?", "a claim is in doubt?"), Say(
            "Åpne «Uavklarte» og velg kravet. Siden sier hva du skal søke etter i regnskapet. Si så hva du fant. Er du ikke sikker, la det stå.",
            "Open “In doubt” and choose the claim. The page says what to search for in the accounts. Then say what you found. If you are not sure, leave it.")),
        (Say("et krav er avvist?", "a claim is rejected?"), Say(
            "Åpne kravet. Grunnen står der. Rett kravet i kravsystemet, eller oppsettet under «Innstillinger». Neste kjøring tar det.",
            "Open the claim. The reason stands there. Correct the claim in the claims system, or the settings. The next run takes it.")),
        (Say("et krav må sendes en gang til?", "a claim has to be sent once more?"), Say(
            "Reverser bilaget i regnskapet først. Åpne kravet og velg «Eksporter på nytt …». Det krever administrator og en begrunnelse.",
            "Reverse the voucher in the accounts first. Open the claim and choose “Export again …”. It takes an administrator and a reason.")),
        (Say("kjøringen må stanses?", "the run has to be stopped?"), Say(
            "Åpne kjøringen og velg «Stopp kjøringen». Det som er sendt, blir ikke angret.",
            "Open the run and choose “Stop the run”. What has been sent is not undone.")),
    ];

    public string HelpContactHeading => Say("Skriv til oss", "Write to us");

    public string HelpContact => Say(
        "Ta kontakt med den som drifter PayOnce hos dere, skriftlig. Ta med feil-ID-en hvis siden viser en, og nummeret på kjøringen eller kravet. Send aldri passord eller nøkler.",
        "Write to whoever runs PayOnce for you. Give the error ID if the page shows one, and the number of the run or claim. Never send passwords or keys.");

    // ---- Accessibility ----

    public string AccessibilityLead => Say(
        "PayOnce er laget for å oppfylle WCAG 2.2 på nivå A og AA.",
        "PayOnce is made to meet WCAG 2.2 at levels A and AA.");

    public IReadOnlyList<string> AccessibilityPoints =>
    [
        Say("Alt virker med tastatur og skjermleser, og uten JavaScript. JavaScript gir bare løpende fremdrift.", "Everything works by keyboard and screen reader, and without JavaScript. JavaScript only adds live progress."),
        Say("Tilstander står alltid som ord, aldri bare som farge.", "States always stand as words, never as colour alone."),
        Say("Ingenting forsvinner av seg selv, og ingenting flytter fokus mens du arbeider.", "Nothing disappears by itself, and nothing moves the focus while you work."),
        Say("Sidene kan forstørres til 400 prosent. Brede tabeller ruller for seg.", "Pages can be enlarged to 400 per cent. Wide tables scroll by themselves."),
        Say("Løpende oppdatering kan slås av på siden for kjøringen.", "Live updates can be switched off on the run's page."),
        Say("Mørk visning og høy kontrast følger innstillingene på maskinen din.", "Dark appearance and high contrast follow the settings of your device."),
    ];

    public string AccessibilityKnownHeading => Say("Det vi vet ikke er godt nok ennå", "What we know is not good enough yet");

    public IReadOnlyList<string> AccessibilityKnown =>
    [
        Say("Feilmeldinger og svar fra regnskapssystemet er på engelsk. De er merket som engelsk, så skjermlesere leser dem riktig.", "Error messages and answers of the accounting system are in English. They are marked as English, so that screen readers read them correctly."),
        Say("Sidene er kontrollert med automatiske prøver i Chromium, men ikke ennå av brukere med skjermleser.", "The pages are checked by automatic tests in Chromium, but not yet by users of screen readers."),
    ];

    public string AccessibilityFeedback => Say(
        "Finner du noe som ikke virker for deg, så skriv til den som drifter PayOnce hos dere. Du kan også melde fra til Tilsynet for universell utforming av ikt (uutilsynet.no).",
        "If you find something that does not work for you, write to whoever runs PayOnce for you. You can also report it to the Norwegian authority for universal design of ICT (uutilsynet.no).");
}
