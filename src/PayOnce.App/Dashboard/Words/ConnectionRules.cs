using System.Text.RegularExpressions;

namespace PayOnce.App.Dashboard;

/// <summary>
/// What the connection to an accounting system is tried for, and what can be wrong with it, English and bokmål side by side. What the
/// other system itself answered stands in it as it came.
/// </summary>
internal static partial class ConnectionRules
{
    /// <summary>The first that fits counts, so the narrower stand first. What stands for a part (<c>$1</c>) is said in bokmål too, where it is one of these.</summary>
    private static readonly (Regex English, string Bokmal)[] All =
    [
        // What is tried.
        MappingRules.Of("sign-in", "innlogging"),
        MappingRules.Of("proof class", "bevisklasse"),
        MappingRules.Of("batch size", "buntens størrelse"),
        MappingRules.Of("probe", "prøvekrav"),
        MappingRules.Of("entity", "enhet"),
        MappingRules.Of("accounts", "kontoer"),
        MappingRules.Of("right to import", "rett til å importere"),
        MappingRules.Of("read-back of imports", "oppslag i importerte linjer"),
        MappingRules.Of("read-back of the ledger", "oppslag i hovedboken"),
        MappingRules.Of("company", "selskap"),
        MappingRules.Of("reading vendors", "lese leverandører"),
        MappingRules.Of("reading purchase invoices", "lese kjøpsfakturaer"),
        MappingRules.Of("reading journals", "lese kladder"),
        MappingRules.Of("reading general ledger entries", "lese hovedboksposter"),
        // Before anything is tried.
        MappingRules.Of("was never set: .+", "er ikke lagt inn. Legg den inn under Hemmeligheter."),
        MappingRules.Of("cannot be opened: say with .+", "kan ikke åpnes: driftsansvarlig har ikke sagt hvor nøklene ligger."),
        MappingRules.Of("cannot be opened with the keys in (.+): name .+", "kan ikke åpnes med nøklene i $1. Driftsansvarlig må oppgi den riktige mappen, eller den må legges inn på nytt under Hemmeligheter."),
        // Xledger.
        MappingRules.Of("Xledger did not accept the question with this token: (.+)", "Xledger godtok ikke spørsmålet med denne nøkkelen: $1"),
        MappingRules.Of("The token reaches no entity \"(.+)\"\\.", "Nøkkelen når ingen enhet «$1»."),
        MappingRules.Of("Xledger has no account (.+), which the integration books on\\.", "Xledger har ingen konto $1, og integrasjonen bokfører på den."),
        MappingRules.Of("They could not be asked for: (.+)", "Det lot seg ikke spørre om dem: $1"),
        MappingRules.Of("The answer is no list\\.", "Svaret er ingen liste."),
        MappingRules.Of("Xledger would not take import lines from this token: (.+)", "Xledger tar ikke importlinjer med denne nøkkelen: $1"),
        MappingRules.Of("Xledger did not list tax rules as it used to, .+", "Xledger listet ikke avgiftsreglene som før, og kan ha lagret en tom importlinje. Se etter den under GL-import, og slett den."),
        MappingRules.Of("It could not be found out: (.+)", "Det lot seg ikke finne ut: $1"),
        MappingRules.Of("(\\S+) can be asked neither by invoice number nor by time, so that a lost answer would have to be looked up by a person: (.+)", "$1 kan verken spørres med fakturanummer eller med tid, så et tapt svar må slås opp av en person: $2"),
        MappingRules.Of("(\\S+) can be asked neither by invoice number nor by time: (.+)", "$1 kan verken spørres med fakturanummer eller med tid: $2"),
        MappingRules.Of("The answer to (\\S+) does not have the form of a list\\.", "Svaret fra $1 har ikke form som en liste."),
        MappingRules.Of("The pages of (\\S+) do not come to an end\\.", "Sidene i $1 tar ikke slutt."),
        MappingRules.Of("(\\S+) has more lines than can be read\\.", "$1 har flere linjer enn det går an å lese."),
        // Business Central.
        MappingRules.Of("Microsoft Entra gave no access token: (.+)", "Microsoft Entra ga ingen nøkkel: $1"),
        MappingRules.Of("(.+) Check tenant, environment and company, .+", "$1 Kontroller leietaker, miljø og selskap, og at programmet er slått på i Business Central (siden Microsoft Entra-programmer)."),
        MappingRules.Of("(.+) The application needs a permission set that allows it\\.", "$1 Programmet trenger et rettighetssett som tillater det."),
        MappingRules.Of("Reading the company failed\\.", "Selskapet lot seg ikke lese."),
        MappingRules.Of("Reading the company: (.+)", "Selskapet lot seg ikke lese: $1"),
        MappingRules.Of("reading vendors failed\\.", "Leverandører lot seg ikke lese."),
        MappingRules.Of("reading vendors: (.+)", "Leverandører lot seg ikke lese: $1"),
        MappingRules.Of("reading purchase invoices failed\\.", "Kjøpsfakturaer lot seg ikke lese."),
        MappingRules.Of("reading purchase invoices: (.+)", "Kjøpsfakturaer lot seg ikke lese: $1"),
        MappingRules.Of("reading journals failed\\.", "Kladder lot seg ikke lese."),
        MappingRules.Of("reading journals: (.+)", "Kladder lot seg ikke lese: $1"),
        MappingRules.Of("reading general ledger entries failed\\.", "Hovedboksposter lot seg ikke lese."),
        MappingRules.Of("reading general ledger entries: (.+)", "Hovedboksposter lot seg ikke lese: $1"),
        MappingRules.Of("Business Central's answer could not be read\\.", "Svaret fra Business Central lot seg ikke lese."),
        MappingRules.Of("The time of this try was over before the request was sent\\.", "Tiden for dette forsøket var ute før forespørselen ble sendt."),
        // An endpoint of the contract.
        MappingRules.Of("The endpoint does not take the token: .+", "Endepunktet godtar ikke nøkkelen. Legg inn en ny under Hemmeligheter."),
        MappingRules.Of("The address answers, but not as an endpoint of the contract (.+)\\.", "Adressen svarer, men ikke som et endepunkt etter kontrakten $1."),
        MappingRules.Of("The endpoint does not say which proof class it has\\.", "Endepunktet sier ikke hvilken bevisklasse det har."),
        MappingRules.Of("The integration says (.+), the endpoint says (.+), which proves less: set (.+) to (.+)\\.", "Integrasjonen sier $1, endepunktet sier $2, som beviser mindre: sett $3 til $4."),
        MappingRules.Of("The endpoint remembers a key for (.+) seconds only: set (.+) to that\\.", "Endepunktet husker en nøkkel i bare $1 sekunder: sett $2 til det."),
        MappingRules.Of("The endpoint takes at most (.+) claims at once: set (.+) to that\\.", "Endepunktet tar høyst $1 krav om gangen: sett $2 til det."),
        MappingRules.Of("The endpoint did not take a made-up claim: (.+)", "Endepunktet tok ikke imot et oppdiktet krav: $1"),
        MappingRules.Of("The same request sent twice was (.+) The endpoint is not (.+): declare it readable, or mend it\\.", "Den samme forespørselen, sendt to ganger, ble $1 Endepunktet er ikke $2: oppgi det som readable, eller rett det."),
        MappingRules.Of("The same export key under another Idempotency-Key was (.+) The endpoint is not unique: declare it windowed, or mend it\\.", "Den samme eksportreferansen under en annen Idempotency-Key ble $1 Endepunktet er ikke unique: oppgi det som windowed, eller rett det."),
        MappingRules.Of("not answered: (.+)", "ikke besvart: $1"),
        MappingRules.Of("taken twice, as (.+) and as (.+)\\.", "tatt imot to ganger, som $1 og som $2."),
        MappingRules.Of("refused \\((.+)\\), which reads as if it had not been taken\\.", "avvist ($1), som om det ikke var tatt imot."),
        MappingRules.Of("The look-up was not answered: (.+)", "Oppslaget ble ikke besvart: $1"),
        MappingRules.Of("The look-up was not answered\\.", "Oppslaget ble ikke besvart."),
        MappingRules.Of("The look-up says that it holds a claim that was never sent\\.", "Oppslaget sier at det har et krav som aldri ble sendt."),
        MappingRules.Of("The look-up of a claim that was taken once says: (.+)", "Oppslaget av et krav som ble tatt imot én gang, sier: $1"),
        MappingRules.Of("The look-up did not show a claim (.+) seconds after it was taken: .+", "Oppslaget viste ikke et krav $1 sekunder etter at det ble tatt imot: forsinkelsen må stå i api.quietSeconds før oppslaget er til å stole på."),
        MappingRules.Of("The endpoint has no /probe: .+", "Endepunktet har ikke /probe: at bevisklassen er som oppgitt, hviler på dets ord alene."),
        MappingRules.Of("The answer to a probe is not as the contract says\\.", "Svaret på prøvekravet er ikke som kontrakten sier."),
        MappingRules.Of("The endpoint is declared blind: it cannot be asked which claims it holds\\.", "Endepunktet er oppgitt som blind: det kan ikke spørres om hvilke krav det har."),
        MappingRules.Of("The answer has no results\\.", "Svaret har ingen resultater."),
        MappingRules.Of("The answer speaks of a claim that was not sent\\.", "Svaret gjelder et krav som ikke ble sendt."),
        MappingRules.Of("The answer speaks of this claim twice\\.", "Svaret nevner kravet to ganger."),
        MappingRules.Of("The answer does not speak of this claim\\.", "Svaret nevner ikke kravet."),
        MappingRules.Of("The answer has no list of what was found\\.", "Svaret har ingen liste over det som ble funnet."),
        MappingRules.Of("The answer to the look-up is not as the contract says\\.", "Svaret på oppslaget er ikke som kontrakten sier."),
        MappingRules.Of("The answer to the look-up speaks of a claim that was not asked for\\.", "Svaret på oppslaget gjelder et krav som ingen spurte om."),
        MappingRules.Of("The answer has no list of keys\\.", "Svaret har ingen liste over referanser."),
        MappingRules.Of("The list of keys is not as the contract says\\.", "Listen over referanser er ikke som kontrakten sier."),
        MappingRules.Of("The list of keys does not come to an end\\.", "Listen over referanser tar ikke slutt."),
        MappingRules.Of("The list was not answered\\.", "Listen ble ikke besvart."),
        MappingRules.Of("The answer is not the JSON that the contract says\\.", "Svaret er ikke den JSON-en som kontrakten sier."),
        MappingRules.Of("The endpoint took the claim and gave no reference\\.", "Endepunktet tok imot kravet uten å gi noen referanse."),
        MappingRules.Of("The endpoint refused the claim without a reason\\.", "Endepunktet avviste kravet uten begrunnelse."),
        MappingRules.Of("The endpoint says that it holds the claim already\\.", "Endepunktet sier at det har kravet fra før."),
        MappingRules.Of("The endpoint's answer to this claim is none of the contract's\\.", "Svaret fra endepunktet på dette kravet er ikke et av kontraktens."),
        MappingRules.Of("It stands there (.+) times; one of them is (.+)\\.", "Det står der $1 ganger; ett av dem er $2."),
        MappingRules.Of("It stands there as (.+) with (.+) minor units of (.+); (.+) of (.+) were sent\\.", "Det står der som $1 med $2 øre i $3; $4 i $5 ble sendt."),
        // The way there.
        MappingRules.Of("No time was left to send it\\.", "Det var ikke tid igjen til å sende."),
        MappingRules.Of("The address is not whole\\.", "Adressen er ikke hel."),
        MappingRules.Of("The address holds a user name or a password\\.", "Adressen har brukernavn eller passord i seg."),
        MappingRules.Of("The address is neither https nor http on this machine itself\\.", "Adressen er verken https eller http på denne maskinen selv."),
        MappingRules.Of("The answer was (\\d+), a redirect, which is never followed\\.", "Svaret var $1, en omdirigering. Slike følges aldri."),
        MappingRules.Of("The answer was (\\d+)\\.", "Svaret var $1."),
        MappingRules.Of("The answer is compressed, which was not asked for\\.", "Svaret er komprimert, og det ba ingen om."),
        MappingRules.Of("The answer is longer than (.+) MiB\\.", "Svaret er lengre enn $1 MiB."),
        MappingRules.Of("No answer came within (.+) seconds\\.", "Det kom ikke noe svar innen $1 sekunder."),
        MappingRules.Of("PayOnce was stopped before an answer came\\.", "PayOnce ble stoppet før det kom noe svar."),
        MappingRules.Of("No answer came\\.|There was no answer\\.", "Det kom ikke noe svar."),
        MappingRules.Of("[Tt]he answer could not be read\\.?", "Svaret lot seg ikke lese."),
        MappingRules.Of("(\\S+) leads to (.+), which PayOnce does not connect to unless its operator allows it with (\\S+)\\.", "$1 fører til $2. PayOnce kobler seg ikke til slike uten at driftsansvarlig tillater det med $3."),
        MappingRules.Of("this machine itself", "denne maskinen selv"),
        MappingRules.Of("a private network's address", "en adresse i et privat nett"),
        MappingRules.Of("a link-local address", "en adresse som bare gjelder på lenken"),
        MappingRules.Of("a multicast address", "en multicast-adresse"),
        MappingRules.Of("an address of no host", "en adresse som ikke hører til noen vert"),
        MappingRules.Of("an address that is reserved", "en reservert adresse"),
        MappingRules.Of("an address of a provider's inner network", "en adresse i en leverandørs indre nett"),
        MappingRules.Of("an IPv4 address inside an IPv6 address", "en IPv4-adresse inne i en IPv6-adresse"),
    ];

    /// <summary>What a check is called, or what is wrong, in bokmål; null where it is none that we have words for.</summary>
    public static string? Find(string said)
    {
        foreach (var (english, bokmal) in All)
        {
            if (english.Match(said) is { Success: true } match) return Part().Replace(bokmal, part => Find(match.Groups[part.Value[1..]].Value) ?? match.Groups[part.Value[1..]].Value);
        }
        return null;
    }

    [GeneratedRegex("\\$[0-9]")]
    private static partial Regex Part();
}
