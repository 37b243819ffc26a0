using PayOnce.Exporters.Mapping;

namespace PayOnce.Exporters.Dynamics;

/// <summary>The dimensions of a line, created with it: <c>"dimensionSetLines":[{"code":"AVDELING","valueCode":"OSLO"}]</c>.</summary>
internal static class DimensionSet
{
    /// <summary>Writes those the line has a value for; nothing if it has none.</summary>
    public static void Dimensions(this JsonRow row, RenderCursor cursor, RunFacts facts)
    {
        var open = false;
        foreach (var dimension in facts.Settings.Dimensions)
        {
            var value = cursor.Dimension(facts.Dimensions[dimension.Name]);
            if (value.IsEmpty) continue;
            if (!open) row.Json.WriteStartArray("dimensionSetLines");
            open = true;
            row.Json.WriteStartObject();
            row.Json.WriteString("code", dimension.Target);
            row.Text(cursor, "valueCode", value);
            row.Json.WriteEndObject();
        }
        if (open) row.Json.WriteEndArray();
    }
}
