namespace PayOnce.Exporters;

/// <summary>An organisation's integration as data: what its JSON file says.</summary>
public sealed record IntegrationSettings
{
    /// <summary><c>xledger</c>, <c>dynamics</c> or <c>generic</c>.</summary>
    public required string Exporter { get; init; }

    /// <summary><c>file</c>.</summary>
    public required string Transport { get; init; }

    /// <summary><c>gl02</c>, <c>gl02b</c>, <c>journal</c>, <c>csv</c> or <c>json</c>.</summary>
    public required string Format { get; init; }

    /// <summary>Currencies that can be booked. Default NOK alone.</summary>
    public IReadOnlyList<string> Currencies { get; init; } = ["NOK"];

    /// <summary>Absolute path of a folder outside PayOnce to publish files to. Null (the default): files are fetched from PayOnce.</summary>
    public string? Folder { get; init; }
    public static IntegrationSettings FromStored(string json) => throw new InvalidOperationException(json);
}
