using System.Globalization;
using System.Text;
using PayOnce.Runs;
using PayOnce.Scheduling;

namespace PayOnce.App.Background;

/// <summary>What an e-mail says, in the organisation's language. No claim is named in it: mail is read by many machines on its way.</summary>
/// <param name="language"><c>nb</c> or <c>en</c>.</param>
internal sealed class NotificationWords(string language)
{
    private readonly bool english = language == "en";
    private readonly CultureInfo culture = CultureInfo.GetCultureInfo(language == "en" ? "en-GB" : "nb-NO");

    public string Subject(NotificationKind kind, Organisation organisation) => Problem.Printable($"{organisation.Name}: {Title(kind)}");

    public string Body(NotificationKind kind, NotificationData data, Organisation organisation, Uri? link)
    {
        var text = new StringBuilder();
        var outcome = data.Outcome;
        Line($"{Title(kind)}.");
        Line(Say($"Organisasjon: {organisation.Name}", $"Organisation: {organisation.Name}"));
        Line(outcome.RunId is { } run ? Say($"Kjøring: {Number(run)}", $"Run: {Number(run)}") : Say($"Bestilling: {Number(data.Request)}", $"Request: {Number(data.Request)}"));
        if (outcome.Exported is { } exported) Line(Say($"Eksportert: {Number(exported)}", $"Exported: {Number(exported)}"));
        if (outcome.Rejected is > 0 and var rejected) Line(Say($"Avvist: {Number(rejected)}", $"Rejected: {Number(rejected)}"));
        if (outcome.InDoubt is > 0 and var doubts) Line(Say($"Uavklart: {Number(doubts)}", $"In doubt: {Number(doubts)}"));
        if (outcome.StoppedBy is { } by) Line(RejectionLimit.Of(by) is { } most
            ? Say($"Stoppet fordi antallet avviste krav kom over {most}", $"Stopped because the number of rejected claims went over {most}")
            : Say($"Stoppet av: {by}", $"Stopped by: {by}"));
        if (outcome.Failure is { } failure) Line(Say($"Årsak: {failure}", $"Reason: {failure}"));
        else if (kind is NotificationKind.RunFailed) Line(Say("Årsaken står på kjøringens side.", "The reason stands on the run's page."));
        foreach (var problem in outcome.Problems ?? []) Line($"- {problem}");
        if (link is not null) text.Append('\n').Append(Say("Se hva som må gjøres: ", "See what has to be done: ")).Append(link).Append('\n');
        return text.ToString();

        void Line(string line) => text.Append(line).Append('\n');
    }

    private string Title(NotificationKind kind) => kind switch
    {
        NotificationKind.RunFailed => Say("Eksporten feilet", "The export failed"),
        NotificationKind.RunRejections => Say("Krav ble avvist i eksporten", "Claims were rejected in the export"),
        NotificationKind.RunInDoubt => Say("Krav er uavklart etter eksporten", "Claims are in doubt after the export"),
        NotificationKind.RunNotStarted => Say("Eksporten ble ikke startet", "The export was not started"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private string Say(string norwegian, string inEnglish) => english ? inEnglish : norwegian;

    private string Number(long number) => number.ToString("N0", culture);
}
