namespace PayOnce.App.Dashboard;

/// <summary>Versions of an integration's settings.</summary>
internal sealed partial class Words
{
    public string VersionsHeading => Say("Versjoner av innstillingene", "Versions of the settings");

    public string SeeVersions => Say("Se, sammenlign og gå tilbake til versjoner", "See, compare and go back to versions");

    public string VersionsSum(int versions) => versions == 1
        ? Say("Innstillingene har 1 versjon.", "The settings have 1 version.")
        : Say($"Innstillingene har {Number(versions)} versjoner. Ingen av dem endres eller slettes.", $"The settings have {Number(versions)} versions. None of them is changed or deleted.");

    public string VersionNumber(int version) => Say($"Versjon {Number(version)}", $"Version {Number(version)}");

    public string VersionHeading(int version) => Say($"Innstillinger, versjon {Number(version)}", $"Settings, version {Number(version)}");

    public string VersionKept(string actor, DateTimeOffset at) => Say($"Lagret av {actor} {At(at)}.", $"Saved by {actor} {At(at)}.");

    public string VersionNewest => Say("Den gjelder nå.", "It counts now.");

    public string VersionOlder(int newest) => Say($"Den er erstattet. Nå gjelder versjon {Number(newest)}.", $"It has been replaced. Version {Number(newest)} counts now.");

    public string ChangedThen(int before) => Say($"Endret siden versjon {Number(before)}", $"Changed since version {Number(before)}");

    public string OlderVersions => Say("Eldre versjoner", "Older versions");

    public string CompareFrom => Say("Fra versjon", "From version");

    public string CompareTo => Say("Til versjon", "To version");

    public string Compare => Say("Sammenlign", "Compare");

    public string CompareWithNow => Say("Sammenlign med nå", "Compare with now");

    public string VersionsCompared(int from, int to) => Say($"Fra versjon {Number(from)} til versjon {Number(to)}", $"From version {Number(from)} to version {Number(to)}");

    public string VersionsUnknown => Say("Det er ingen slik versjon. Skriv numre som står i tabellen.", "There is no such version. Write numbers that stand in the table.");

    public string VersionsSame => Say("Innstillingene er like.", "The settings are the same.");

    public string DifferencesCaption => Say("Hva som er ulikt", "What differs");

    public string WasColumn => Say("Var", "Was");

    public string IsColumn => Say("Er", "Is");

    public string GoBack(int version) => Say($"Gå tilbake til versjon {Number(version)}", $"Go back to version {Number(version)}");

    public string GoBackQuestion(int version) => Say($"Vil du gå tilbake til versjon {Number(version)}?", $"Do you want to go back to version {Number(version)}?");

    public string GoBackEffect(int next) => Say(
        $"Innstillingene blir lagret som versjon {Number(next)} og gjelder fra neste kjøring. Ingen versjon slettes. Tidligere kjøringer endres ikke.",
        $"The settings are saved as version {Number(next)} and count from the next run. No version is deleted. Earlier runs do not change.");

    public string GoBackCaption => Say("Hva som blir annerledes", "What becomes different");
}
