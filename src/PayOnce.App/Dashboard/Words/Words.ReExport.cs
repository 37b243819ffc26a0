using PayOnce.Guard;
using PayOnce.Stores;

namespace PayOnce.App.Dashboard;

internal sealed partial class Words
{
    public string AlreadyExported => Say("Kravet er allerede eksportert", "The claim is already exported");

    public string ReExportTitle(string claimId) => Say($"Ny eksport av krav {claimId}", $"Re-export of claim {claimId}");

    public string ReExportFacts(Mark mark, string system, string? acknowledgement, string? money) => Say(
        $"Kravet {(mark.Evidence == Evidence.Booked ? $"ble bokført i {system}" : mark.Evidence == Evidence.Received ? $"ble mottatt av {system}" : "ble lagt i fil")} {At(mark.ChangedAt)}{(acknowledgement is null ? "" : $", {(mark.Evidence == Evidence.Booked ? "bilag " : "")}{acknowledgement}")}{(money is null ? "" : $", {money}")}.",
        $"The claim was {(mark.Evidence == Evidence.Booked ? $"booked in {system}" : mark.Evidence == Evidence.Received ? $"received by {system}" : "put into a file")} {At(mark.ChangedAt)}{(acknowledgement is null ? "" : $", {(mark.Evidence == Evidence.Booked ? "voucher " : "")}{acknowledgement}")}{(money is null ? "" : $", {money}")}.");

    public string ReExportWarning => Say(
        "Hvis du eksporterer det på nytt, kan det bli bokført og utbetalt to ganger.",
        "If you export it again, it may be booked and paid twice.");

    public string GoBackToClaim => Say("Gå tilbake til kravet", "Go back to the claim");

    public string ContinueToReExport => Say("Fortsett til ny eksport", "Continue to the re-export");

    public string WhyReExport => Say("Hvorfor må kravet eksporteres på nytt?", "Why does the claim have to be exported again?");

    public string WhyReExportMissing => Say("Velg hvorfor kravet må eksporteres på nytt.", "Choose why the claim has to be exported again.");

    /// <summary>The causes a person can choose, with the words that are kept.</summary>
    public string ReExportCause(string cause, string system) => cause switch
    {
        "reversed" => Say($"Jeg har reversert bilaget i {system}", $"I have reversed the voucher in {system}"),
        "deleted" => Say($"Bilaget ble slettet i {system}", $"The voucher was deleted in {system}"),
        "wrong-books" => Say("Det gikk til feil regnskap eller firma", "It went to the wrong accounts or company"),
        "other" => Say("Annet", "Other"),
        _ => throw new ArgumentOutOfRangeException(nameof(cause), cause, null),
    };

    public string ReversalVoucher => Say("Bilagsnummer for reverseringen", "Voucher number of the reversal");

    public string ReversalVoucherHint => Say("Fylles ut hvis du har reversert bilaget.", "Fill in if you have reversed the voucher.");

    public string ReversalVoucherMissing => Say("Bilagsnummer for reverseringen må fylles ut.", "Voucher number of the reversal must be filled in.");

    public string TypeClaimId => Say("Skriv kravnummeret for å bekrefte", "Type the claim number to confirm");

    public string TypeClaimIdHint(string claimId) => Say($"Kravnummeret er {claimId}.", $"The claim number is {claimId}.");

    public string TypeClaimIdWrong(string claimId) => Say($"Skriv kravnummeret for å bekrefte: {claimId}.", $"Type the claim number to confirm: {claimId}.");

    public string OnlyOrdinaryText(string label) => Say($"{label} kan bare ha vanlig tekst på én linje.", $"{label} can only be ordinary text on one line.");

    public string CheckReExport => Say("Kontroller før kravet eksporteres på nytt", "Check before the claim is exported again");

    public string ReExportConsequence => Say(
        "Kravet får en ny eksportreferanse og sendes i en egen kjøring. Den første eksporten blir stående i historikken. Regnskapssystemet ser dette som et nytt krav.",
        "The claim gets a new export reference and is sent in a run of its own. The first export stays in the history. To the accounting system this is a new claim.");

    public string ReExportNow => Say("Eksporter kravet på nytt", "Export the claim again");

    public string ReExportNotPossible(Mark? mark) => mark switch
    {
        { State: MarkState.InDoubt } => Say("Kravet er uavklart. Avklar det først: et krav som kan ha kommet fram, må ikke sendes på nytt.", "The claim is in doubt. Clear it up first: a claim that may have arrived must not be sent again."),
        null => Say("Kravet er ikke eksportert ennå. Neste kjøring tar det.", "The claim has not been exported yet. The next run takes it."),
        _ => Say("Kravet er ikke eksportert nå, så det er ingenting å gjenta.", "The claim is not exported now, so there is nothing to repeat."),
    };

    public string ReExportNoContent => Say(
        "Kravet ble registrert som eksportert før PayOnce, og PayOnce har ikke innholdet. Legg inn kravet først.",
        "The claim was registered as exported before PayOnce, and PayOnce does not have its content. Bring the claim in first.");

    public string ReExportSince => Say(
        "Kravet er eksportert på nytt siden du åpnet siden. Valget ditt ble ikke lagret. Se på kravet en gang til.",
        "The claim was exported again since you opened the page. Your choice was not saved. Look at the claim once more.");

    public string ReExportDone(string claimId) => Say($"Krav {claimId} eksporteres på nytt", $"Claim {claimId} is being exported again");

    public string ReExportReceipt(ReExportAnswer.Requested made) => Say(
        $"Den nye eksporten har referansen {made.ExportKey}.",
        $"The new export has the reference {made.ExportKey}.");

    public string ReExportState(string sentence) => Say($"Nå: {sentence}", $"Now: {sentence}");
}
