using PayOnce.Claims.Forms;
using PayOnce.History;

namespace PayOnce.App.Forms;

/// <summary>Where a part of a list of forms ended, as addresses carry it.</summary>
internal static class FormPlaces
{
    public static string Write(ClaimForm last) => new ListCursor(Backwards: false, last.ChangedAt.UtcTicks, last.FormId).Text;

    public static FormPlace? Read(string? text) => ListCursor.Parse(text) is { } at && at.Number >= 0 && at.Number <= DateTimeOffset.MaxValue.UtcTicks ? new FormPlace(new DateTimeOffset(at.Number, TimeSpan.Zero), at.Id) : null;
}
