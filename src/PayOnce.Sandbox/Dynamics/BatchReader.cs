using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PayOnce.Sandbox.Dynamics;

/// <summary>The JSON form of a batch: requests with addresses below the API's root in, answers with their own status out.</summary>
internal static class BatchReader
{
    public static List<(string Id, BcCall Call)> Read(BcCall outer)
    {
        if (outer.Header("Accept")?.Contains("application/json", StringComparison.OrdinalIgnoreCase) != true)
            throw new BcRefusal(406, "BadRequest", "Without Accept: application/json the answer would be multipart/mixed, which is not modelled here.");
        try
        {
            using var document = JsonDocument.Parse(outer.Body);
            return [.. document.RootElement.GetProperty("requests").EnumerateArray().Select(request => (request.GetProperty("id").ToString(), Call(outer, request)))];
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw BcRefusal.BadRequest("The batch request is not valid.");
        }
    }

    public static JsonObject Response(string id, BcAnswer answer)
    {
        var headers = new JsonObject();
        if (answer.Location is { } location) headers["location"] = location;
        if (answer.Body is not null) headers["content-type"] = "application/json; odata.metadata=minimal; odata.streaming=true";
        headers["odata-version"] = "4.0";
        var response = new JsonObject { ["id"] = id, ["status"] = answer.Status, ["headers"] = headers };
        if (answer.Body is { } body) response["body"] = body;
        return response;
    }

    private static BcCall Call(BcCall outer, JsonElement request)
    {
        var address = request.GetProperty("url").GetString()!;
        if (address.StartsWith(outer.Root, StringComparison.Ordinal)) address = address[outer.Root.Length..];
        var cut = address.IndexOf('?', StringComparison.Ordinal);
        var query = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var option in cut < 0 ? [] : address[(cut + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = option.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0) query[Uri.UnescapeDataString(option[..equals])] = Uri.UnescapeDataString(option[(equals + 1)..].Replace('+', ' '));
        }
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (request.TryGetProperty("headers", out var given))
            foreach (var header in given.EnumerateObject()) headers[header.Name] = header.Value.GetString() ?? "";
        var body = request.TryGetProperty("body", out var content) ? Encoding.UTF8.GetBytes(content.GetRawText()) : [];
        return new BcCall(request.GetProperty("method").GetString()!, outer.Root, (cut < 0 ? address : address[..cut]).TrimStart('/'), query, headers.GetValueOrDefault, body);
    }
}
