using PayOnce.Runs;

namespace PayOnce.App.Dashboard;

internal sealed partial class Words
{
    public string PreviousPage => Say("Forrige", "Previous");

    public string NextPage => Say("Neste", "Next");

    public string FirstPage => Say("Til begynnelsen", "To the beginning");

    public string FromDay => Say("Fra dato", "From date");

    public string ToDay => Say("Til dato", "To date");

    public string DateExample => Say("Dag.måned.år, for eksempel 5.3.2026", "Day.month.year, for example 5.3.2026");

    public string NoDate => Say("Datoen må skrives som dag.måned.år, for eksempel 5.3.2026.", "The date must be written as day.month.year, for example 5.3.2026.");

    public string MustBeFilledIn => Say("Må fylles ut", "Must be filled in");

    public string ErrorSummary => Say("For å gå videre må du rette opp følgende feil", "To continue, correct the following errors");

    /// <summary>Before the title of a page whose form was sent back.</summary>
    public string ErrorTitle(string title) => Say($"Feil: {title}", $"Error: {title}");

    public string None => Say("ingen", "none");

    public string Yes => Say("Ja", "Yes");

    public string No => Say("Nei", "No");

    public string Show => Say("Vis", "Show");

    public string Change => Say("Endre", "Change");

    public string Save => Say("Lagre", "Save");

    public string Claim => Say("Krav", "Claim");

    public string State => Say("Tilstand", "State");

    public string Reason => Say("Begrunnelse", "Reason");

    public string ReasonHint => Say("Skriv så en revisor forstår det.", "Write it so that an auditor understands it.");

    public string ReasonMissing => Say("Begrunnelse må fylles ut.", "Reason must be filled in.");

    public string TooLong(string label, int longest) => Say($"{label} kan ha høyst {Number(longest)} tegn.", $"{label} can be at most {Number(longest)} characters long.");

    /// <summary>For a table's header: <c>Beløp (kr)</c>, <c>Amount (NOK)</c>.</summary>
    public string AmountIn(string currency) => Say($"Beløp ({(currency is "NOK" ? "kr" : currency)})", $"Amount ({currency})");

    public string Amount() => Say("Beløp", "Amount");

    public string Currency => Say("Valuta", "Currency");

    /// <summary><c>12 345,50 kr og 200,00 SEK</c>; nothing at all is <c>0,00 kr</c>.</summary>
    public string Money(IReadOnlyList<ControlTotal> totals) => totals.Count == 0 ? Money(0, "NOK") : List([.. totals.Select(total => Money(total.AmountMinor, total.Currency))]);

    /// <summary><c>a, b og c</c></summary>
    public string List(IReadOnlyList<string> parts) =>
        parts.Count < 2 ? string.Concat(parts) : $"{string.Join(", ", parts.Take(parts.Count - 1))} {Say("og", "and")} {parts[^1]}";

    /// <summary>A sentence's beginning.</summary>
    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
