using PayOnce.Guard;
using PayOnce.History;
using PayOnce.Runs;
using PayOnce.Scheduling;
using PayOnce.Stores;

namespace PayOnce.App.Dashboard;

internal sealed partial class Words
{
    public string DoubtsHeading => Say("Uavklarte krav", "Claims in doubt");

    public string DoubtsTitle(long number) => number == 0 ? DoubtsHeading : Say($"{Number(number)} uavklarte krav", number == 1 ? "1 claim in doubt" : $"{Number(number)} claims in doubt");

    public string DoubtsSentence(ClaimSum sum) => sum.Claims == 0
        ? Say("Ingen uavklarte krav. Hvis vi en gang ikke vet om et krav er bokført, kommer det hit.", "No claims in doubt. If we ever do not know whether a claim is booked, it comes here.")
        : Say(
            $"{Number(sum.Claims)} krav, til sammen {Money(sum.Totals)}. Vi vet ikke om {(sum.Claims == 1 ? "det" : "de")} er bokført. {(sum.Claims == 1 ? "Det" : "De")} blir ikke sendt på nytt før noen har avklart {(sum.Claims == 1 ? "det" : "dem")}.",
            $"{Claims(sum.Claims)}, {Money(sum.Totals)} in total. We do not know whether {(sum.Claims == 1 ? "it is" : "they are")} booked. {(sum.Claims == 1 ? "It" : "They")} will not be sent again until someone has cleared {(sum.Claims == 1 ? "it" : "them")} up.");

    public string DoubtsCaption => Say("Uavklarte krav, eldste først", "Claims in doubt, oldest first");

    public string DoubtsPages => Say("Sider i uavklarte krav", "Pages of claims in doubt");

    public string DoubtSince => Say("Uavklart siden", "In doubt since");

    public string LastSearched => Say("Ikke funnet siden", "Not found since");

    public string SearchAll => Say("Søk i regnskapssystemet på nytt", "Search the accounting system again");

    public string SearchExplained => Say("Hver kjøring søker av seg selv. Søket sender ingenting.", "Every run searches by itself. The search sends nothing.");

    public string SearchState(StoredRequest request) => request.State switch
    {
        Scheduling.RequestState.Queued => Say("Søket står i kø.", "The search is queued."),
        Scheduling.RequestState.Running => Say("Søket pågår.", "The search is going on."),
        Scheduling.RequestState.Done => Say($"Søket ble ferdig {At(request.EndedAt ?? request.AskedAt)}. Kravene under er de som fortsatt er uavklart.", $"The search ended {At(request.EndedAt ?? request.AskedAt)}. The claims below are those still in doubt."),
        Scheduling.RequestState.Cancelled => Say("Søket ble stoppet.", "The search was stopped."),
        Scheduling.RequestState.Failed => Say("Søket mislyktes. Ingenting ble endret.", "The search failed. Nothing was changed."),
        _ => Say("Søket ble ikke startet.", "The search was not started."),
    };

    public string ReloadSearch => Say("Les status nå", "Read the status now");

    // ---- One claim in doubt ----

    public string ClearUpTitle(string claimId) => Say($"Avklar krav {claimId}", $"Clear up claim {claimId}");

    public string BackToDoubts => Say("Uavklarte krav", "Claims in doubt");

    public string DoubtSent(DoubtfulClaim claim, string system) => claim switch
    {
        { ByFile: true } => Say($"Kravet er i filen til kjøring {claim.RunId}, og vi vet ikke om filen kom fram.", $"The claim is in the file of run {claim.RunId}, and we do not know whether the file arrived."),
        { StartedAt: { } sent } => Say($"Kravet ble sendt til {system} {At(sent)}, i kjøring {claim.RunId}.", $"The claim was sent to {system} {At(sent)}, in run {claim.RunId}."),
        _ => Say($"Kravet kan ha blitt sendt til {system} i kjøring {claim.RunId}.", $"The claim may have been sent to {system} in run {claim.RunId}."),
    };

    public string DoubtAnswer => Say("Svaret vi fikk:", "The answer we got:");

    public string DoubtNoAnswer => Say("Vi fikk ikke noe svar som sier om det kom fram.", "We got no answer that says whether it arrived.");

    public string DoubtSearched(DoubtfulClaim claim, string system) => claim switch
    {
        { ByFile: true } => Say($"Et krav som gikk i fil, kan bli lest inn i {system} senere. At det ikke er der nå, er derfor ikke noe bevis.", $"A claim that went by file may be imported into {system} later. That it is not there now is therefore no proof."),
        { AbsentSince: { } since } => Say($"Vi søkte i {system} etter referansen {claim.ExportKey} og fant ingenting, første gang {At(since)}. {Capital(system)} kan bruke noe tid på å vise nye bilag.", $"We searched {system} for the reference {claim.ExportKey} and found nothing, first {At(since)}. {Capital(system)} may take some time to show new vouchers."),
        _ => Say($"Vi har ikke fått svar fra {system} på om referansen {claim.ExportKey} finnes der.", $"We have no answer from {system} on whether the reference {claim.ExportKey} is there."),
    };

    public string HowToCheck => Say("Slik kontrollerer du selv", "How to check yourself");

    public string CheckStepOpen(string system) => Say($"Åpne {system} og søk i hovedboken eller i mottatte bilag.", $"Open {system} and search the general ledger or the received vouchers.");

    public string CheckStepKey => Say("Søk etter referansen:", "Search for the reference:");

    public string CheckStepFile => Say("Se etter filen:", "Look for the file:");

    public string CheckStepAmount => Say("Finner du ingenting, søk etter beløpet:", "If you find nothing, search for the amount:");

    public string CheckStepDate => Say("Se på dagene rundt:", "Look at the days around:");

    public string CheckStepPayee => Say("Mottakeren har nummer:", "The payee has the number:");

    public string WhatDidYouFind(string system) => Say($"Hva fant du i {system}?", $"What did you find in {system}?");

    public string FoundIt(string system) => Say($"Jeg fant kravet i {system}", $"I found the claim in {system}");

    public string DidNotFindIt => Say("Jeg lette etter kravet og fant det ikke", "I looked for the claim and did not find it");

    public string NotSure => Say("Jeg er ikke sikker ennå", "I am not sure yet");

    public string NotFoundWarning => Say(
        "Da blir kravet sendt på nytt. Er det likevel bokført, blir det bokført to ganger.",
        "Then the claim will be sent again. If it is booked after all, it will be booked twice.");

    public string FoundVoucher => Say("Bilagsnummer eller bekreftelses-ID", "Voucher number or acknowledgement ID");

    public string FoundVoucherHint => Say("Fylles ut hvis du fant kravet.", "Fill in if you found the claim.");

    public string FoundVoucherMissing => Say("Bilagsnummer eller bekreftelses-ID må fylles ut når du fant kravet.", "Voucher number or acknowledgement ID must be filled in when you found the claim.");

    public string WhatDidYouFindMissing => Say("Velg hva du fant.", "Choose what you found.");

    public string CheckDecision => Say("Kontroller avklaringen", "Check your answer");

    public string YourAnswer => Say("Svaret ditt", "Your answer");

    public string FoundConsequence => Say("Kravet regnes som bokført og blir ikke sendt igjen.", "The claim counts as booked and will not be sent again.");

    public string ConfirmDecision => Say("Bekreft avklaringen", "Confirm");

    public string Decided(string claimId) => Say($"Krav {claimId} er avklart", $"Claim {claimId} is cleared up");

    public string DecidedSentence(Mark mark, bool waiting) => mark.State switch
    {
        MarkState.Exported => Say(
            $"Kravet er funnet{(mark.Acknowledgement is { } found ? $" som {found}" : "")} og regnes som bokført. Det blir ikke sendt igjen.",
            $"The claim was found{(mark.Acknowledgement is { } there ? $" as {there}" : "")} and counts as booked. It will not be sent again."),
        MarkState.Released => waiting
            ? Say("Kravet ble ikke funnet. Neste kjøring sender det på nytt.", "The claim was not found. The next run sends it again.")
            : Say("Kravet ble ikke funnet.", "The claim was not found."),
        _ => Say("Kravet er på vei igjen.", "The claim is on its way again."),
    };

    public string NextDoubt(long left) => Say($"Neste uavklarte krav ({Number(left)} igjen)", $"Next claim in doubt ({Number(left)} left)");

    public string NoMoreDoubts => Say("Det var det siste. Ingen krav er uavklart nå.", "That was the last one. No claims are in doubt now.");

    public string ToOverview => Say("Til oversikten", "To the overview");

    public string DecidedBy => Say("Avklart av", "Cleared up by");

    /// <summary>Somebody, or a search, settled it between looking and deciding.</summary>
    public string DecidedMeanwhile(string? who, DateTimeOffset at, string what) => Say(
        $"{(who is { Length: > 0 } ? who : "Et søk")} avklarte dette kravet {At(at)}: {what} Valget ditt ble ikke lagret.",
        $"{(who is { Length: > 0 } ? who : "A search")} cleared up this claim {At(at)}: {what} Your choice was not saved.");

    public string DoubtAnew => Say(
        "Kravet ble avklart og sendt på nytt siden du åpnet siden, og er uavklart igjen. Valget ditt ble ikke lagret. Se på det som står her nå.",
        "The claim was cleared up and sent again since you opened the page, and is in doubt anew. Your choice was not saved. Look at what stands here now.");

    public string NotInDoubt => Say("Kravet er ikke uavklart.", "The claim is not in doubt.");

}
