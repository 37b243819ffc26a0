namespace PayOnce.App;

/// <summary>What a new organisation has to be like.</summary>
internal static class OrganisationRules
{
    /// <summary>Everything that is wrong with it, each naming the field.</summary>
    public static IEnumerable<Problem> Check(Organisation organisation)
    {
        const int longestName = 100;
        if (!Organisation.IsValidId(organisation.OrganisationId))
        {
            yield return new Problem("must be 1 to 32 characters of a–z, 0–9 and hyphen, with no hyphen at either end")
            {
                Field = "organisationId",
                Value = Problem.Printable(organisation.OrganisationId),
            };
        }
        if (organisation.Name.Length > longestName || string.IsNullOrWhiteSpace(organisation.Name) || organisation.Name.Any(char.IsControl))
        {
            yield return new Problem($"must be 1 to {longestName} characters, none of them a control character") { Field = "name", Value = Problem.Printable(organisation.Name) };
        }
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(organisation.TimeZone, out var zone) || !zone.HasIanaId)
        {
            yield return new Problem("must be the name of a time zone that this machine knows, such as Europe/Oslo")
            {
                Field = "timeZone",
                Value = Problem.Printable(organisation.TimeZone),
            };
        }
    }
}
