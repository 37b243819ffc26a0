using System.Text.RegularExpressions;

namespace PayOnce.App.Dashboard;

/// <summary>
/// What can be wrong with a claim that comes in and with the database it is read from, English and bokmål side by side. The command
/// line, the API and what is kept speak English; the dashboard is for people of either language.
/// </summary>
internal static class ImportRules
{
    /// <summary>The first that fits counts, so the narrower stand first.</summary>
    public static readonly (Regex English, string Bokmal)[] All =
    [
        MappingRules.Of("must be (.+) to (.+) characters and not blank", "må ha $1 til $2 tegn og kan ikke være blank"),
        MappingRules.Of("must be 1 to 64 printable ASCII characters with no space at either end .+", "må ha 1 til 64 synlige tegn fra ASCII, uten mellomrom først eller sist (Business Central fjerner dem, og skriver ID-er med store bokstaver)"),
        MappingRules.Of("must be 1 to 20 characters with no space at either end: the supplier number", "må ha 1 til 20 tegn, uten mellomrom først eller sist: det er leverandørnummeret"),
        MappingRules.Of("must be (?:a name of )?1 to 40 characters: a small letter a to z, .+", "må ha 1 til 40 tegn: en liten bokstav fra a til z, så små bokstaver, sifre og _"),
        MappingRules.Of("must be at most 250 characters", "kan ha høyst 250 tegn"),
        MappingRules.Of("must be three capital letters, .+", "må være tre store bokstaver, en kode fra ISO 4217 som NOK"),
        MappingRules.Of("must be an ISO 4217 currency with two decimals", "må være en valuta fra ISO 4217 med to desimaler"),
        MappingRules.Of("must be a currency that the integration books: (.+)", "må være en valuta som integrasjonen bokfører: $1"),
        MappingRules.Of("must be a time as .+", "må være et tidspunkt som 2026-01-31T12:00:00Z, eller med forskjell som +01:00 i stedet for Z"),
        MappingRules.Of("must be a real date as yyyy-MM-dd", "må være en dato som finnes, skrevet åååå-MM-dd"),
        MappingRules.Of("must be a number from 0 to 999999999 with at most four decimals", "må være et tall fra 0 til 999999999 med høyst fire desimaler"),
        MappingRules.Of("must be a decimal number with a point and at most two decimals, .+", "må være et tall med punktum og høyst to desimaler, som 1234.50"),
        MappingRules.Of("must be a whole number of minor units .+", "må være et helt antall øre"),
        MappingRules.Of("must be within .+", "er for stort eller for lite"),
        MappingRules.Of("must be the sum of the lines, which is (.+)", "må være summen av linjene, som er $1"),
        MappingRules.Of("must sum to more than zero: .+", "må ha en sum på mer enn null: et krav betaler noe tilbake"),
        MappingRules.Of("must sum to at most 10000000000.00 .+", "kan ha en sum på høyst 10 000 000 000,00, mer enn noe krav er"),
        MappingRules.Of("must have at most 10 dimensions on a line", "kan ha høyst 10 dimensjoner på en linje"),
        MappingRules.Of("must have 1 to 500 lines", "må ha 1 til 500 linjer"),
        MappingRules.Of("must not be zero", "kan ikke være null"),
        MappingRules.Of("must not be null", "må være med"),
        MappingRules.Of("must not be in the future", "kan ikke være fram i tid"),
        MappingRules.Of("must not be after today .+", "kan ikke være etter i dag"),
        MappingRules.Of("must not be before the year 2000", "kan ikke være før år 2000"),
        MappingRules.Of("must not contain half of a surrogate pair", "kan ikke ha et halvt tegn"),
        MappingRules.Of("must not contain (?:.+) (U\\+[0-9A-F]+) \\(character ([0-9]+)\\)", "kan ikke ha tegnet $1 (tegn nummer $2)"),
        MappingRules.Of("must be the same on every row of a claim; line (\\S+) has (.*)", "må være lik på alle radene i et krav; linje $1 har $2"),
        MappingRules.Of("must be the only claim of its id, but line (\\S+) has one that was refused; neither goes in", "må være det eneste kravet med denne ID-en, men linje $1 har et som ble avvist; ingen av dem legges inn"),
        MappingRules.Of("must be the only claim of its id, but line (\\S+) has one that differs .+", "må være det eneste kravet med denne ID-en, men linje $1 har et annet (store og små bokstaver regnes som like); det første blir stående"),
        MappingRules.Of("must be the only entry of its claim id .+; line (\\S+).*", "må være den eneste raden med denne ID-en (store og små bokstaver regnes som like); se linje $1"),
        MappingRules.Of("must be UTF-8, but .+", "må være UTF-8; lagre filen som UTF-8"),
        MappingRules.Of("is being exported by run (\\S+) with other content; it cannot be changed now", "eksporteres i kjøring $1 med annet innhold, og kan ikke endres nå"),
        MappingRules.Of("has left in run (\\S+) with other content; what has left cannot be changed", "er sendt i kjøring $1 med annet innhold; det som er sendt, kan ikke endres"),
        MappingRules.Of("may have left in run (\\S+) with other content, and is in doubt; .+", "kan ha blitt sendt i kjøring $1 med annet innhold, og er uavklart; avklar det først"),
        MappingRules.Of("is a column that stands twice", "er en kolonne som står to ganger"),
        MappingRules.Of("is not a column that is known", "er ikke en kjent kolonne"),
        MappingRules.Of("has no column (.+)", "mangler kolonnen $1"),
        MappingRules.Of("is not a field of (.+)", "er ikke et felt i $1"),
        MappingRules.Of("is not valid JSON at column (.+)", "er ikke gyldig JSON ved tegn $1"),
        MappingRules.Of("is larger than 1 MiB.*; it was passed over", "er større enn 1 MiB og ble hoppet over"),
        MappingRules.Of("is the last claim of a file that does not end with a line break; .+", "er det siste kravet i en fil uten linjeskift til slutt; er filen kuttet, er kravet kanskje ikke helt"),
        MappingRules.Of("stands twice", "står to ganger"),
        MappingRules.Of("is missing", "mangler"),
        // Of the database that claims are read from.
        MappingRules.Of("There is no view or table (.+), or it may not be read\\.", "Det finnes ingen visning eller tabell $1, eller brukeren får ikke lese den."),
        MappingRules.Of("The column (.+) of (.+) is of type (.+); (.+) is expected\\.", "Kolonnen $1 i $2 har typen $3. Den må være $4."),
        MappingRules.Of("(.+) has no column (.+); a column of type (.+) is expected\\.", "$1 mangler kolonnen $2. Den må ha typen $3."),
        MappingRules.Of("(.+) has no unique key on claim_id alone: .+", "$1 har ingen unik nøkkel på claim_id alene. Et krav som meldes to ganger, ville stått der to ganger."),
        MappingRules.Of("The user may not select, insert and update in (.+)\\.", "Brukeren får ikke lese, legge inn og endre i $1."),
        MappingRules.Of("(.+) has rows without claim_id or approved_at; .+", "$1 har rader uten claim_id eller approved_at. Hold dem utenfor visningen til de har begge."),
        MappingRules.Of("A query took longer than (.+) seconds\\. .+ behind (.+) make it quick\\.", "En spørring tok mer enn $1 sekunder. En indeks på (approved_at, claim_id) og en på withdrawn_at bak $2 gjør den rask."),
        MappingRules.Of("The database does not let the user in\\.", "Databasen slipper ikke brukeren inn."),
        MappingRules.Of("There is no database of this name\\.", "Det finnes ingen database med dette navnet."),
        MappingRules.Of("The user may not do this: (.+)\\.", "Brukeren får ikke gjøre dette: $1."),
        MappingRules.Of("The database says: (.+)\\.", "Databasen svarer: $1."),
        MappingRules.Of("The database does not answer\\.", "Databasen svarer ikke."),
        MappingRules.Of("Nobody takes connections at the database's address\\.", "Ingen tar imot tilkoblinger på databasens adresse."),
        MappingRules.Of("The encrypted connection could not be made: .+", "Den krypterte tilkoblingen kunne ikke lages: sertifikatet er ikke klarert, eller hører til en annen vert."),
        MappingRules.Of("The connection to the database could not be made, or broke\\.", "Tilkoblingen til databasen kunne ikke lages, eller ble brutt."),
        MappingRules.Of("There is no host (.+)\\.", "Det finnes ingen vert $1."),
        MappingRules.Of("The source was changed, or another reading began, before this one ended\\.", "Kilden ble endret, eller en annen lesing begynte, før denne var ferdig."),
        MappingRules.Of("The connection string was never set\\.", "Det er ikke lagt inn noen tilkobling."),
    ];
}
