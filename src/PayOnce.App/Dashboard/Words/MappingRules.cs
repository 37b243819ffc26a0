using System.Text.RegularExpressions;

namespace PayOnce.App.Dashboard;

/// <summary>
/// The rules of the integration file's check, and those by which a claim is rejected before it is sent, English and bokmål side by
/// side. The check itself speaks English, to the command line and the API too; what stands on a page is for people of either language.
/// </summary>
internal static class MappingRules
{
    // What stands behind the rule where it made a whole file unreadable.
    private const string Unread = "; no claim was read";

    // The first that fits counts, so the narrower stand first. A column's name stands in quotes and may hold anything.
    private static readonly (Regex English, string Bokmal)[] All =
    [
        Of("must not be empty", "må fylles ut"),
        // What stands where a reason was erased.
        Of("erased", "slettet"),
        Of("must have at most (.+) characters", "kan ha høyst $1 tegn"),
        Of("must have no control characters", "kan ikke ha kontrolltegn"),
        Of("must be a whole number from (.+) to (.+)", "må være et helt tall fra $1 til $2"),
        Of("must be a whole number", "må være et helt tall"),
        Of("must be one of the integration's dimensions", "må være en av integrasjonens dimensjoner"),
        Of("must be one of (.+)", "må være en av $1"),
        Of("stands twice; it must stand once", "står to ganger; det kan bare stå én gang"),
        Of("must have from 1 to 500 columns", "må ha fra 1 til 500 kolonner"),
        Of("has no use without a width", "har ingen virkning uten bredde"),
        Of("must be one printable ASCII character", "må være ett synlig tegn fra ASCII"),
        Of("must stand alone: .+", "må velges"),
        Of("belongs to a field; in a template it stands behind a colon, as in (.+)", "hører til et felt; i en mal står det bak et kolon, som i $1"),
        Of("must be a date format of (.+) and (.+)", "må være et datoformat av $1 og $2"),
        Of("must be a format of (.+) and (.+), with Z at its end for UTC", "må være et format av $1 og $2, med Z til slutt for UTC"),
        Of("must be zeros, as many as the number has digits at least", "må være nuller, så mange som tallet har sifre minst"),
        Of("must be left out: this field is text", "må stå tomt: feltet er tekst"),
        Of("must be \"lines-and-balance\": (.+) books vouchers that sum to zero", "må være linjer og motpost: $1 bokfører bilag som går i null"),
        Of("is the delimiter too, and this file is written without quotes", "er skilletegnet også, og filen skrives uten anførselstegn"),
        Of("must have a column with the field amount, or one with debit and one with credit", "må ha en kolonne med feltet amount, eller en med debit og en med credit"),
        Of("is the name of two columns; each must have its own", "er navnet på to kolonner; hver må ha sitt eget"),
        Of("column \"(.+)\" is wider than (.+) takes: at most (.+)", "kolonnen «$1» er bredere enn $2 tar: høyst $3"),
        Of("has the character (.+), which the file's encoding does not have", "har tegnet $1, som tegnsettet ikke har"),
        Of("has a delimiter or quote, and this file is written without quotes", "har skilletegn eller anførselstegn, og filen skrives uten anførselstegn"),
        Of("column \"(.+)\": only text may be cut; (.+) would become another value", "bare tekst kan kortes ned; $2 ville blitt en annen verdi"),
        Of("column \"(.+)\": a digit may only fill up in front, with .+", "et siffer kan bare fylle opp foran, med justering til høyre"),
        Of("column \"(.+)\": must not be the delimiter or a quote", "kan ikke være skilletegnet eller et anførselstegn"),
        Of("column \"(.+)\": this file is written without quotes", "filen skrives uten anførselstegn"),
        Of("column \"(.+)\": there is no balancing row in a file of rows .+", "en fil med slike rader har ingen motpost"),
        Of("column \"(.+)\": the amount of the balancing row is given, .+", "beløpet i motposten er gitt, ellers går ikke bilaget i null"),
        Of("column \"(.+)\": must have a closing brace for each opening one; .+", "må ha en sluttklamme for hver startklamme; en klamme som skal stå, skrives dobbelt"),
        Of("column \"(.+)\": is no field; fields are (.+) and dimension:NAME", "har noe som ikke er et felt; feltene er $2 og dimension:NAVN"),
        Of("column \"(.+)\": must be one of the integration's dimensions", "må være en av integrasjonens dimensjoner"),
        Of("column \"(.+)\": belongs to a line, and this file has a row for each claim", "hører til en linje, og filen har én rad for hvert krav"),
        Of("column \"(.+)\": must be a date format of (.+) and (.+)", "må være et datoformat av $2 og $3"),
        Of("column \"(.+)\": must be a format of (.+) and (.+), with Z at its end for UTC", "må være et format av $2 og $3, med Z til slutt for UTC"),
        Of("column \"(.+)\": must be one of (.+)", "må være en av $2"),
        Of("column \"(.+)\": must be zeros, .+", "må være nuller, så mange som tallet har sifre minst"),
        Of("column \"(.+)\": must be left out: this field is text", "må stå tomt: feltet er tekst"),
        Of("must be a column with the field exportKey in every row: by it (.+) and PayOnce know the claim again", "må være en kolonne med feltet exportKey i hver rad: på den kjenner $1 og PayOnce kravet igjen"),
        Of("must have a column with the field exportKey: by it a claim is known again", "må ha en kolonne med feltet exportKey: på den kjennes kravet igjen"),
        Of("must have room for the 16 characters of an export key", "må ha plass til de 16 tegnene i en eksportnøkkel"),
        Of("has no column: the mapping's columns must hold each dimension of the integration", "har ingen kolonne: kolonnene må ha med hver dimensjon"),
        Of("must be (.+), each for one dimension, unless the mapping has columns of its own that hold the dimension", "må være $1, hver for én dimensjon, med mindre dimensjonen står i en egen kolonne"),
        Of("is no column of this mapping", "er ingen kolonne i oppsettet"),
        Of("may only tighten the documented limit of (.+)", "kan bare være strengere enn den dokumenterte grensen på $1"),
        Of("does not fit column \"(.+)\", which takes at most (.+) characters", "er for lang for kolonnen «$1», som tar høyst $2 tegn"),
        Of("has a character that the file's encoding does not have", "har et tegn som tegnsettet ikke har"),
        Of("must have a default, categories or types: no line could be booked", "må ha konto for alt annet, kategorier eller typer: ingen linje kunne bokføres"),
        Of("is missing: it is the account that the claim's total is owed on", "må fylles ut: det er kontoen som summen av kravet skyldes på"),
        Of("has no use with creditTo \"supplier\": .+", "har ingen virkning når motposten er leverandøren"),
        Of("is missing; rows \"lines-and-balance\" book each line on an account", "må være egne kontoer: linjer og motpost bokfører hver linje på en konto"),
        Of("is missing; give the values, or \"passThrough\": true to send them as they are", "mangler verdier; skriv dem, eller velg at verdier sendes som de er"),
        Of("is no field with a limit here; such are (.+)", "er ikke et felt med grense her; slike er $1"),
        Of("is the target of two dimensions; each must have its own", "er målet for to dimensjoner; hver må ha sitt eget"),
        Of("is missing; it must be one of (.+)", "mangler; det må være en av $1"),
        // Of the rest of the settings.
        Of("has a meaning only with (.+) \"(.+)\"", "har bare mening med $1 «$2»"),
        Of("has no use with proofClass \"blind\": .+", "har ingen virkning med proofClass «blind»: ingenting kan leses tilbake der"),
        Of("has no meaning for the format json, which has no columns", "har ingen mening for formatet json, som ikke har kolonner"),
        Of("is missing: there is no address that PayOnce could know", "mangler: det er ingen adresse PayOnce kan kjenne"),
        Of("is missing: say for how long the endpoint remembers a key", "mangler: si hvor lenge mottakeren husker en nøkkel"),
        Of("is missing: tenant, environment, company and clientId stand there", "mangler: der står tenant, environment, company og clientId"),
        Of("is not possible: (.+) has no API in this version; use \"file\"", "er ikke mulig: $1 har ikke API i denne versjonen; bruk «file»"),
        Of("must be json with transport \"api\"", "må være json med transport «api»"),
        Of("belongs to (.+); here it has no use", "hører til $1, og har ingen virkning her"),
        Of("cannot be chosen: what (.+) proves is known", "kan ikke velges: det er kjent hva $1 kan bevise"),
        Of("cannot be booked: (.+); only localCurrency \\((.+)\\) can", "kan ikke bokføres her; bare localCurrency ($2) kan"),
        Of("has no column in GL02; the format gl02b has one", "har ingen kolonne i GL02; formatet gl02b har en"),
        Of("differs from voucher.entity \\(\"(.+)\"\\); give one of the two", "er en annen enn voucher.entity («$1»); oppgi bare én av dem"),
        // Of a file with a mapping.
        Of("is unknown; known here are (.+)", "er ukjent; kjente her er $1"),
        Of("is not JSON(?:: .+)?", "er ikke JSON"),
        Of("must be a JSON object in braces", "må være et JSON-objekt i klammer"),
        Of("has a text that is not Unicode .+", "har tekst som ikke er gyldig Unicode"),
        // ---- Why a claim is rejected before it is sent ----
        Of("must not be empty in this column", "må ha en verdi i denne kolonnen"),
        Of("has (.+) characters; at most (.+) are taken here", "har $1 tegn; her er det plass til høyst $2"),
        Of("begins like a spreadsheet formula, and a reference cannot be changed to make it harmless", "begynner som en formel i et regneark, og en referanse kan ikke endres for å gjøre den ufarlig"),
        Of("has a delimiter, quote or line break, and this file is written without quotes", "har skilletegn, anførselstegn eller linjeskift, og filen skrives uten anførselstegn"),
        Of("has the character (.+) \\((.+)\\), which Windows-1252 does not have", "har tegnet $1 ($2), som Windows-1252 ikke har"),
        Of("(?:is not|has half a surrogate pair, which is not) Unicode text", "er ikke gyldig tekst"),
        Of("has no account: neither the category nor the type \"(.+)\" has one in the integration's accounts, and there is no default", "har ingen konto: verken kategorien eller typen «$1» har konto, og det er ingen konto for alt annet"),
        Of("has no value at the accounting system: it is not among the integration's values for this dimension", "har ingen kode i regnskapet: den står ikke blant verdiene for dimensjonen"),
        Of("cannot be booked: the integration books (.+)", "kan ikke bokføres: integrasjonen bokfører $1"),
        Of("must have at least one line", "må ha minst én linje"),
        Of("must be more than zero: what is owed to the claimant is credited", "må være mer enn null: summen er det mottakeren har til gode"),
        Of("is above (.+), which no expense claim is", "er over $1, og så stort er ikke noe utleggskrav"),
        Of("has more than eight digits", "har mer enn åtte sifre"),
        Of("are too many: Business Central takes 100 lines, the balancing one included, in one transaction", "er for mange: Business Central tar 100 linjer i én transaksjon, motposten medregnet"),
    ];

    /// <summary>The rule in bokmål, also where it is kept as a sentence behind its place (<see cref="Problem.ToString"/>); as it stands, where it is none that we have words for.</summary>
    public static string Bokmal(string rule)
    {
        if (rule.EndsWith(Unread, StringComparison.Ordinal)) return Bokmal(rule[..^Unread.Length]) + "; ingen krav ble lest";
        if ((Find(rule) ?? ConnectionRules.Find(rule)) is { } whole) return whole;
        for (var colon = rule.IndexOf(": ", StringComparison.Ordinal); colon >= 0; colon = rule.IndexOf(": ", colon + 2, StringComparison.Ordinal))
        {
            if (Find(rule[(colon + 2)..]) is { } tail) return rule[..colon].Replace("column ", "kolonne ", StringComparison.Ordinal) + ": " + tail;
        }
        return rule;
    }

    private static string? Find(string rule)
    {
        foreach (var (english, bokmal) in All.Concat(ImportRules.All))
        {
            if (english.Match(rule) is { Success: true } match) return match.Result(bokmal);
        }
        return null;
    }

    /// <summary>A rule that is the whole of what it is compared with.</summary>
    public static (Regex, string) Of(string english, string bokmal) => (new Regex($"^{english}$", RegexOptions.Singleline | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)), bokmal);
}
