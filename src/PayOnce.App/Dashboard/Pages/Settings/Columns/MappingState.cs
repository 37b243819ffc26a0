using PayOnce.App.Dashboard.Pages.Settings.Versions;
using PayOnce.App.Dashboard.Parts;
using PayOnce.Exporters;
using PayOnce.Stores;

namespace PayOnce.App.Dashboard.Pages.Settings.Columns;

/// <summary>The editor as it is shown: the form, what was found wrong with it, and what it would make of the organisation's claims.</summary>
/// <param name="Version">Of the settings it was made of; 0 where there are none.</param>
/// <param name="Rest">What the form does not show.</param>
public sealed record MappingState(MappingForm Form, int Version, IntegrationSettings Rest)
{
    /// <summary>One for each field.</summary>
    public IReadOnlyList<FieldError> Errors { get; init; } = [];

    /// <summary>Wrong with settings that the form does not show.</summary>
    public IReadOnlyList<Problem> Elsewhere { get; init; } = [];

    public MappingPreview? Preview { get; init; }

    /// <summary>Somebody else saved meanwhile: what stands now against what was typed.</summary>
    public IReadOnlyList<SettingsDifference>? Overtaken { get; init; }

    /// <summary>The element to go on at.</summary>
    public string? Focus { get; init; }

    public string? ErrorOf(string field) => Errors.FirstOrDefault(error => error.Field == field)?.Message;

    /// <summary>An organisation without settings begins with what needs nothing outside.</summary>
    public static IntegrationSettings Of(StoredIntegration? stored) => stored is null
        ? new IntegrationSettings { Exporter = "generic", Transport = "file", Format = "csv" }
        : IntegrationSettings.FromStored(stored.SettingsJson);

    /// <summary>The form's settings, whole and checked; null with this state and everything that is wrong in it.</summary>
    internal (IntegrationSettings? Settings, MappingState State) Check(Words words)
    {
        var missing = MappingGaps.Of(Form).Select(id => new FieldError(id, words.MappingMissing(id))).ToList();
        var (settings, problems) = IntegrationSettings.Parse("JSON", MappingJson.Write(Form, Rest).Span);
        if (settings is not null && missing.Count == 0) return (settings, this);
        var placed = problems.Select(problem => (Id: MappingPlaces.Of(Form, problem), Problem: problem)).ToList();
        var errors = placed.Where(each => each.Id is not null && missing.TrueForAll(gap => gap.Field != each.Id))
            .GroupBy(each => each.Id!, StringComparer.Ordinal)
            .Select(each => new FieldError(each.Key, string.Join(' ', each.Select(one => words.MappingError(each.Key, one.Problem.Rule)).Distinct(StringComparer.Ordinal))));
        IReadOnlyList<Problem> elsewhere = [.. placed.Where(each => each.Id is null).Select(each => each.Problem)];
        return (null, this with
        {
            Errors = [.. missing, .. errors, .. elsewhere.Count == 0 ? [] : new[] { new FieldError("elsewhere", words.ElsewhereWrong) }],
            Elsewhere = elsewhere,
        });
    }
}
