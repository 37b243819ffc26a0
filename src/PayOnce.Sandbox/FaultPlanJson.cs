using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PayOnce.Sandbox;

/// <summary>
/// A fault plan as text: <c>{"seed":7,"delayMs":2000,"rates":{"answer-lost":0.02},"script":[{"fault":"late-processing","times":1,"after":0,"path":"/batches","delayMs":500,"status":502}]}</c>,
/// everything optional; or <c>answer-lost=0.02,error-after=0.01</c>.
/// </summary>
public static class FaultPlanJson
{
    /// <summary>Replaces the plan by what the text says; what it does not name is none. Null, or what is wrong with it, and then nothing has changed.</summary>
    public static string? Apply(ReadOnlySpan<byte> json, FaultPlan plan)
    {
        JsonNode? read;
        try
        {
            read = JsonNode.Parse(json);
        }
        catch (JsonException fault)
        {
            return $"It is not JSON: {fault.Message}";
        }
        if (read is not JsonObject document) return "It must be an object.";
        try
        {
            if (document.FirstOrDefault(p => p.Key is not ("seed" or "delayMs" or "rates" or "script" or "happened")) is { Key: { } unknown }) return $"There is no \"{unknown}\".";
            var rates = (document["rates"]?.AsObject() ?? []).Select(rate => (Kind: Kind(rate.Key), Share: Share(rate.Key, rate.Value))).ToList();
            var script = (document["script"]?.AsArray() ?? []).Select(Scripted).ToArray();
            var seed = document["seed"]?.GetValue<ulong>();
            var delay = Milliseconds(document["delayMs"]);
            plan.Clear();
            if (seed is { } given) plan.Reseed(given);
            if (delay is { } all) plan.Delay = all;
            foreach (var (kind, share) in rates) plan.Rate(kind, share);
            plan.Script(script);
            return null;
        }
        catch (Exception fault) when (fault is FormatException or InvalidOperationException or OverflowException)
        {
            return fault.Message;
        }
    }

    /// <summary>Reads <c>KIND=SHARE,KIND=SHARE</c> into the plan; null, or what is wrong.</summary>
    public static string? ApplyRates(string text, FaultPlan plan)
    {
        var rates = new List<(FaultKind, double)>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            if (at < 0 || FaultKinds.Find(part[..at]) is not { } kind) return $"\"{part}\" is no fault with its share, such as answer-lost=0.02. Faults are {string.Join(", ", FaultKinds.All)}.";
            if (!double.TryParse(part[(at + 1)..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) || share > 1) return $"\"{part}\" must have a share from 0 to 1.";
            rates.Add((kind, share));
        }
        foreach (var (kind, share) in rates) plan.Rate(kind, share);
        return null;
    }

    /// <summary>The plan as it is now, with how often each fault has happened.</summary>
    public static JsonObject Write(FaultPlan plan) => new()
    {
        ["delayMs"] = plan.Delay.TotalMilliseconds,
        ["rates"] = new JsonObject(plan.Rates.Select(rate => KeyValuePair.Create(rate.Key.Text(), (JsonNode?)rate.Value))),
        ["script"] = new JsonArray([.. plan.Outstanding.Select(fault => (JsonNode)new JsonObject
        {
            ["fault"] = fault.Kind.Text(),
            ["times"] = fault.Times,
            ["after"] = fault.After,
            ["path"] = fault.Path,
            ["delayMs"] = fault.Delay?.TotalMilliseconds,
            ["status"] = fault.Status,
        })]),
        ["happened"] = new JsonObject(plan.Happened.Select(count => KeyValuePair.Create(count.Key.Text(), (JsonNode?)count.Value))),
    };

    private static ScriptedFault Scripted(JsonNode? node)
    {
        var entry = node?.AsObject() ?? throw new FormatException("A scripted fault must be an object.");
        if (entry.FirstOrDefault(p => p.Key is not ("fault" or "times" or "after" or "path" or "delayMs" or "status")) is { Key: { } unknown }) throw new FormatException($"A scripted fault has no \"{unknown}\".");
        var status = entry["status"]?.GetValue<int>();
        if (status is not (null or 500 or 502 or 504)) throw new FormatException("status must be 500, 502 or 504.");
        return new ScriptedFault(
            Kind(entry["fault"]?.GetValue<string>() ?? ""),
            entry["times"]?.GetValue<int>() ?? 1,
            entry["after"]?.GetValue<int>() ?? 0,
            entry["path"]?.GetValue<string>(),
            Milliseconds(entry["delayMs"]),
            status);
    }

    private static FaultKind Kind(string text) =>
        FaultKinds.Find(text) ?? throw new FormatException($"There is no fault \"{text}\"; there are {string.Join(", ", FaultKinds.All)}.");

    private static double Share(string kind, JsonNode? node) =>
        node?.GetValue<double>() is { } share and >= 0 and <= 1 ? share : throw new FormatException($"The share of {kind} must be from 0 to 1.");

    private static TimeSpan? Milliseconds(JsonNode? node) => node?.GetValue<double>() switch
    {
        null => null,
        >= 0 and <= 86_400_000 and var delay => TimeSpan.FromMilliseconds(delay),
        _ => throw new FormatException("delayMs must be from 0 to 86400000, a day."),
    };
}
