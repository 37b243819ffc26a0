using PayOnce.Guard;
using PayOnce.Stores;

namespace PayOnce.App.Dashboard;

/// <summary>A claim that is approved no longer.</summary>
internal sealed partial class Words
{
    public string WithdrawLink => Say("Trekk kravet tilbake …", "Withdraw the claim …");

    public string WithdrawQuestion(string claimId) => Say($"Vil du trekke tilbake krav {claimId}?", $"Do you want to withdraw claim {claimId}?");

    public string WithdrawEffect => Say(
        "Kravet er da ikke lenger godkjent, og ingen kjøring tar det med. Legges det inn på nytt, er det godkjent igjen.",
        "The claim is then approved no longer, and no run takes it. If it is brought in again, it is approved again.");

    public string WithdrawButton => Say("Trekk kravet tilbake", "Withdraw the claim");

    public string WithdrawnSentence(Withdrawal withdrawal) => Say(
        $"Kravet ble trukket tilbake av {withdrawal.By} {At(withdrawal.At)}. Ingen kjøring tar det med før det er lagt inn på nytt.",
        $"The claim was withdrawn by {withdrawal.By} {At(withdrawal.At)}. No run takes it until it is brought in again.");

    public string WhyWithdrawn => Say("Hvorfor det ble trukket tilbake", "Why it was withdrawn");

    public string WithdrawnClaims(long claims) => Say(
        $"{Claims(claims)} er trukket tilbake og venter ikke.",
        claims == 1 ? "1 claim is withdrawn and does not wait." : $"{Claims(claims)} are withdrawn and do not wait.");

    public string SeeWithdrawn => Say("Se dem", "See them");

    /// <summary>Why a claim cannot be withdrawn, with the run that has it.</summary>
    public string WithdrawNotPossible(MarkState state, long run) => state switch
    {
        MarkState.Exported => Say(
            $"Kravet er eksportert i kjøring {Id(run)}. Det som er sendt, kan ikke trekkes tilbake her. Rett det i regnskapssystemet.",
            $"The claim was exported in run {Id(run)}. What has left cannot be withdrawn here. Correct it in the accounting system."),
        MarkState.InDoubt => Say(
            $"Kravet kan ha blitt sendt i kjøring {Id(run)}, og er uavklart. Avklar det først.",
            $"The claim may have left with run {Id(run)}, and is in doubt. Clear it up first."),
        _ => Say(
            $"Kravet sendes nå i kjøring {Id(run)}. Prøv igjen når kjøringen er ferdig.",
            $"The claim is being sent by run {Id(run)} now. Try again when the run has ended."),
    };

    // ---- Several at once ----

    public string WithdrawManyLink => Say("Trekk tilbake flere krav", "Withdraw several claims");

    public string BackToClaims => Say("Tilbake til krav", "Back to claims");

    public string WithdrawManyLabel => Say("Kravnumre", "Claim numbers");

    public string WithdrawManyHint(int most) => Say($"Ett på hver linje, høyst {Number(most)}.", $"One on each line, at most {Number(most)}.");

    public string WithdrawManyMissing => Say("Kravnumre må fylles ut.", "Claim numbers must be filled in.");

    public string WithdrawManyTooMany(int most) => Say($"Kravnumre kan være høyst {Number(most)} om gangen.", $"Claim numbers can be at most {Number(most)} at a time.");

    public string WithdrawManyQuestion(long claims) => Say($"Vil du trekke tilbake {Claims(claims)}?", $"Do you want to withdraw {Claims(claims)}?");

    public string WithdrawManyEffect => Say(
        "Kravene er da ikke lenger godkjent, og ingen kjøring tar dem med. Legges de inn på nytt, er de godkjent igjen.",
        "The claims are then approved no longer, and no run takes them. If they are brought in again, they are approved again.");

    public string WithdrawManyCaption => Say("Krav som trekkes tilbake", "Claims to be withdrawn");

    public string WithdrawManyLeft => Say("Krav som blir stående som de er", "Claims that stay as they are");

    public string WithdrawManyNone => Say("Ingen av kravene kan trekkes tilbake.", "None of the claims can be withdrawn.");

    public string WithdrawManyButton(long claims) => Say($"Trekk tilbake {Claims(claims)}", $"Withdraw {Claims(claims)}");

    public string WithdrawManyBefore => Say("Kravet er allerede trukket tilbake.", "The claim is withdrawn already.");

    public string WithdrawManyUnknown => Say("Ingen slike krav er lagt inn.", "No such claim was brought in.");

    public string WithdrawNoContent => Say(
        "Kravet ble registrert som eksportert før PayOnce, og venter ikke på noe.",
        "The claim was registered as exported before PayOnce, and waits for nothing.");
}
