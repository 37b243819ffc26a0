using PayOnce.Exporters.Api;

namespace PayOnce.Exporters.Settings;

/// <summary>Reads the parts <c>api</c> and <c>flags</c> of an integration file.</summary>
internal static class ApiReader
{
    private const int Hour = 3600;
    private const int Day = 24 * Hour;

    public static ApiSettings Read(JsonFields json)
    {
        var standard = new ApiSettings();
        var settings = new ApiSettings
        {
            Endpoint = ReadAddress(json, "endpoint"),
            ProofClass = json.Choice<ProofClass>("proofClass", ApiWords.ProofClasses),
            Window = json.Seconds("windowSeconds", 1, 3650 * Day),
            QuietTime = json.Seconds("quietSeconds", 0, 30 * Day),
            ClaimsPerRequest = json.Number("claimsPerRequest", 1, 10_000),
            Parallel = json.Number("parallel", 1, 64),
            Timeout = json.Seconds("timeoutSeconds", 0.001m, Hour) ?? standard.Timeout,
            Retry = json.Object("retry") is { } retry ? ReadRetry(retry) : standard.Retry,
            AutomaticRelease = json.Flag("automaticRelease") ?? false,
            Xledger = json.Object("xledger") is { } xledger ? ReadXledger(xledger) : null,
            Dynamics = json.Object("dynamics") is { } dynamics ? ReadDynamics(dynamics) : null,
        };
        json.End();
        return settings;
    }

    public static IReadOnlyList<string> ReadFlags(JsonFields root)
    {
        if (root.TextList("flags") is not { } list) return [];
        var flags = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var flag in list)
        {
            if (!ApiWords.Flags.Contains(flag, StringComparer.Ordinal)) root.Add("flags", flag, $"must be one of {JsonFields.Words(ApiWords.Flags)}");
            else if (!flags.Add(flag)) root.Add("flags", flag, "stands twice; it must stand once");
        }
        return [.. flags];
    }

    private static RetryOptions ReadRetry(JsonFields json)
    {
        var standard = RetryOptions.Standard;
        var retry = new RetryOptions(
            json.Number("tries", 1, 100) ?? standard.MaximumTries,
            json.Seconds("baseDelaySeconds", 0.001m, Hour) ?? standard.BaseDelay,
            json.Seconds("maximumDelaySeconds", 0.001m, Day) ?? standard.MaximumDelay,
            json.Seconds("budgetSeconds", 0, Day) ?? standard.Budget,
            standard.Jitter);
        if (retry.MaximumDelay < retry.BaseDelay)
            json.Add("maximumDelaySeconds", null, $"must be at least baseDelaySeconds: here it is {ApiWords.Seconds(retry.MaximumDelay)} and {ApiWords.Seconds(retry.BaseDelay)}");
        json.End();
        return retry;
    }

    private static XledgerApiSettings ReadXledger(JsonFields json)
    {
        var xledger = new XledgerApiSettings(
            json.Text("owner"),
            json.Text("importDefinition"),
            json.Number("jobLevel", 1, int.MaxValue),
            json.Number("requestsPerMonth", 1, int.MaxValue));
        json.End();
        return xledger;
    }

    private static DynamicsApiSettings? ReadDynamics(JsonFields json)
    {
        var tenant = PathName(json, "tenant");
        var environment = PathName(json, "environment");
        var company = RequiredGuid(json, "company");
        var client = RequiredText(json, "clientId");
        var booking = json.Choice<DynamicsBooking>("booking", ApiWords.DynamicsBookings) ?? DynamicsBooking.PurchaseInvoice;
        var post = json.Flag("post") ?? true;
        var createVendors = json.Flag("createVendors") ?? false;
        var authority = ReadAddress(json, "authority");
        json.End();
        return tenant is null || environment is null || company is null || client is null
            ? null
            : new DynamicsApiSettings(tenant, environment, company.Value, client, booking, post, createVendors, authority);
    }

    /// <summary>
    /// An address that requests and secrets go to. Whether the host it names may be reached is asked when a connection is made;
    /// what its text alone shows is refused here.
    /// </summary>
    private static Uri? ReadAddress(JsonFields json, string name)
    {
        if (json.Text(name, longest: 500) is not { } text) return null;
        if (EndpointText.Read(text, out var rule) is { } address) return address;
        // Somebody may have put a password into it, which a problem would carry on to screens and logs.
        json.Add(name, text.Contains('@', StringComparison.Ordinal) ? null : text, rule);
        return null;
    }

    // It becomes a part of an address's path.
    private static string? PathName(JsonFields json, string name)
    {
        if (RequiredText(json, name) is not { } text) return null;
        if (text.Length <= 100 && char.IsAsciiLetterOrDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_')) return text;
        json.Add(name, text, "must be at most 100 letters, digits, dots, hyphens and underscores, with a letter or digit first");
        return null;
    }

    private static Guid? RequiredGuid(JsonFields json, string name)
    {
        if (RequiredText(json, name) is not { } text) return null;
        if (Guid.TryParseExact(text, "D", out var id)) return id;
        json.Add(name, text, "must be a GUID such as 5d115c9c-44e3-ea11-bb43-000d3a2feca1");
        return null;
    }

    private static string? RequiredText(JsonFields json, string name)
    {
        var text = json.Text(name);
        if (text is null && !json.Has(name)) json.Add(name, null, "is missing");
        return text;
    }
}
