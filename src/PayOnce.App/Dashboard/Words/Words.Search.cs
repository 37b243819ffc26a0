using PayOnce.History;

namespace PayOnce.App.Dashboard;

internal sealed partial class Words
{
    public string SearchTitle(string text) => text.Length == 0 ? Search : Say($"Søk etter «{text}»", $"Search for “{text}”");

    public string SearchAsk => Say("Skriv et kravnummer, en kjøring, et bilagsnummer eller en bekreftelses-ID.", "Type a claim number, a run, a voucher number or an acknowledgement ID.");

    public string SearchNothing(string text) => Say(
        $"Vi fant ingen treff på «{text}». Sjekk tallet, eller søk på kravnummer, kjøring, bilagsnummer eller bekreftelses-ID.",
        $"Nothing matches “{text}”. Check the number, or search for a claim number, run, voucher number or acknowledgement ID.");

    public string SearchFound(int number, string text, bool more) => Say(
        $"{(more ? "Mer enn " : "")}{Number(number)} treff på «{text}».",
        $"{(more ? "More than " : "")}{Number(number)} {(number == 1 ? "match" : "matches")} for “{text}”.");

    public string SearchCaption => Say("Treff", "Matches");

    public string SearchWhat => Say("Hva", "What");

    public string SearchBy => Say("Funnet ved", "Found by");

    public string FoundBy(SearchHit hit) => hit switch
    {
        SearchHit.Claim { By: ClaimName.Id } => Say("kravnummer", "claim number"),
        SearchHit.Claim { By: ClaimName.ExportKey } => Say("eksportreferanse", "export reference"),
        SearchHit.Claim => Say("bekreftelses-ID eller bilagsnummer", "acknowledgement ID or voucher number"),
        SearchHit.OfRun { By: RunName.Number } => Say("nummer", "number"),
        SearchHit.OfRun { By: RunName.FileName } => Say("filnavn", "file name"),
        SearchHit.OfRun => Say("bilagsnummer", "voucher number"),
        _ => Say("mottakers nummer", "payee's number"),
    };

    public string ClaimantHit(string id) => Say($"Krav for mottaker {id}", $"Claims of payee {id}");
}
