using PayOnce.Sources;

namespace PayOnce.App.Dashboard;

/// <summary>Claims that are read from a database of the organisation's own.</summary>
internal sealed partial class Words
{
    public string TopicSource => Say("Kilde for krav", "Source of claims");

    public string SourceSays(StoredSource? source) => source switch
    {
        null => Say("Krav leses ikke fra noen database. De legges inn av folk eller programmer.", "Claims are not read from any database. People or programs bring them in."),
        { Settings.Enabled: false } => Say("Lesingen er slått av. Ingenting leses, og ingenting meldes tilbake.", "Reading is switched off. Nothing is read, and nothing is told back."),
        { Settings.EveryMinutes: { } every } => Say(
            $"Krav leses fra {source.Settings.View} {(every == 1 ? "hvert minutt" : $"hvert {Number(every)}. minutt")}, og før hver kjøring.",
            $"Claims are read from {source.Settings.View} {(every == 1 ? "every minute" : $"every {Number(every)} minutes")}, and before each run."),
        _ => Say($"Krav leses fra {source.Settings.View} før hver kjøring, og når noen ber om det.", $"Claims are read from {source.Settings.View} before each run, and when somebody asks."),
    };

    public string SourceLead => Say(
        "PayOnce kan lese godkjente krav fra en PostgreSQL-database dere allerede har, for eksempel hos Supabase. Databasen trenger en visning med faste kolonner, og en bruker som bare kan lese.",
        "PayOnce can read approved claims from a PostgreSQL database that you already have, at Supabase for instance. The database needs a view of set columns, and a user who can only read.");

    public string ChangeSource => Say("Endre kilden", "Change the source");

    public string TestSource => Say("Prøv kilden", "Test the source");

    public string ReadSourceNow => Say("Les nå", "Read now");

    public string SourceUsable => Say("Kilden kan brukes.", "The source can be used.");

    public string SourceUnusable(int faults) => Say(
        faults == 1 ? "Kilden kan ikke brukes ennå. Én ting må rettes." : $"Kilden kan ikke brukes ennå. {Number(faults)} ting må rettes.",
        faults == 1 ? "The source cannot be used yet. One thing has to be put right." : $"The source cannot be used yet. {Number(faults)} things have to be put right.");

    public string SourceBusy => Say("Kilden leses allerede. Se hvordan det gikk om litt.", "The source is being read already. See in a while how it went.");

    public string SourceNotRead => Say("Kilden kunne ikke leses til ende. Det som ble lest før det, er lagt inn.", "The source could not be read to its end. What was read before that is in.");

    public string LastReading => Say("Siste lesing", "Last reading");

    public string ReadingSays(ReadingReport? last) => last switch
    {
        null => Say("Kilden er ikke lest ennå.", "The source has not been read yet."),
        { Failure: not null } => Say("Lesingen kom ikke til ende.", "The reading did not come to its end."),
        { EndedAt: null } => Say("Kilden leses.", "The source is being read."),
        _ => Say(
            $"{Number(last.Read)} rader lest: {Claims(last.Added)} nye, {Number(last.Updated)} endret, {Number(last.Withdrawn)} trukket tilbake.",
            $"{Number(last.Read)} rows read: {Claims(last.Added)} new, {Number(last.Updated)} changed, {Number(last.Withdrawn)} withdrawn."),
    };

    public string NextReading => Say("Neste lesing", "Next reading");

    public string ViewName => Say("Visning", "View");

    public string ViewNameHint => Say("Navnet på visningen, eventuelt med skjema foran: skjema.visning.", "The name of the view, with its schema if it has one: schema.view.");

    public string ViewNameWrong => Say("Visning må være et navn av små bokstaver, sifre og understrek.", "View must be a name of small letters, digits and underscores.");

    public string SourceConnectionLabel => Say("Tilkobling", "Connection");

    public string SourceConnectionHint(bool has) => has
        ? Say("Det er lagt inn en tilkobling. Den vises aldri. Skriv bare her hvis den skal byttes ut.", "A connection is kept. It is never shown. Only type here to replace it.")
        : Say("Slik databasen oppgir den: postgres://bruker:passord@vert/database?sslmode=require. Den lagres kryptert og vises aldri.", "As the database gives it: postgres://user:password@host/database?sslmode=require. It is kept encrypted and never shown.");

    public string SourceConnectionMissing => Say("Tilkobling må fylles ut.", "Connection must be filled in.");

    public string SourceConnectionWrong => Say(
        "Tilkobling må være én vert, en database og en bruker, slik: postgres://bruker:passord@vert/database?sslmode=require.",
        "Connection must be one host, a database and a user, like this: postgres://user:password@host/database?sslmode=require.");

    public string OverlapLabel => Say("Overlapp i minutter", "Overlap in minutes");

    public string OverlapHint => Say(
        "Hvor langt tilbake hver lesing går. Det må være lengre enn det lengste en godkjenning kan ta i databasen.",
        "How far back each reading goes. It must be longer than the longest that an approval can take in the database.");

    public string EveryLabel => Say("Les hvert så mange minutter", "Read every so many minutes");

    public string EveryHint => Say("La feltet stå tomt for å lese bare før kjøringer og når noen ber om det.", "Leave it empty to read only before runs and when somebody asks.");

    public string BatchLabel => Say("Rader i hver spørring", "Rows in each query");

    public string StatementLabel => Say("Lengste tid for en spørring, i sekunder", "Longest time for a query, in seconds");

    public string WriteBackLabel => Say("Tabell det meldes tilbake til", "Table to write back to");

    public string WriteBackHint => Say(
        "La feltet stå tomt hvis PayOnce ikke skal melde tilbake hva som er eksportert. Brukeren må kunne skrive i tabellen.",
        "Leave it empty if PayOnce is not to tell what was exported. The user must be able to write to the table.");

    public string WriteBackWrong => Say("Tabell det meldes tilbake til må være et navn av små bokstaver, sifre og understrek.", "Table to write back to must be a name of small letters, digits and underscores.");

    public string NumberBetween(string label, int least, int most) => Say($"{label} må være et helt tall fra {Number(least)} til {Number(most)}.", $"{label} must be a whole number from {Number(least)} to {Number(most)}.");

    public string SourceOn => Say("Les krav fra kilden", "Read claims from the source");

    public string WriteBackSays(WriteBackState state) => state switch
    {
        { Failure: not null } => Say($"Tilbakemeldingen mislyktes {Number(state.Tries)} ganger på rad. Den prøves på nytt.", $"Writing back failed {Number(state.Tries)} times in a row. It is tried again."),
        { WrittenAt: { } at } => Say($"Alt var meldt tilbake {At(at)}.", $"Everything had been written back {At(at)}."),
        _ => Say("Ingenting er meldt tilbake ennå.", "Nothing has been written back yet."),
    };

    public string RefusedRows => Say("Rader som ikke kunne legges inn", "Rows that could not be taken in");

    public string RefusedRowsCaption => Say("Radene, med hva som er galt", "The rows, with what is wrong");

    public string RefusedRowsLead => Say("Rett dem i kravsystemet. Hver lesing prøver dem på nytt.", "Correct them in the claims system. Each reading tries them again.");

    public string NoRefusedRows => Say("Alle rader som er lest, er lagt inn.", "All rows that were read are in.");

    public string MoreRefusedRows => Say("Det er flere enn dem som vises her.", "There are more than are shown here.");

    public string RefusedSince => Say("Siden", "Since");
}
