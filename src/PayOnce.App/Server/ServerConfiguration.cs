using System.Text.Json;
using PayOnce.App.Host;

namespace PayOnce.App.Server;

/// <summary>Reads <see cref="ServerOptions"/>. Whatever is wrong is said at the start, by its name, and nothing is served.</summary>
internal static class ServerConfiguration
{
    /// <summary>The environment variable that names the file.</summary>
    public const string Variable = "PAYONCE_CONFIG";

    private const string Prefix = "PAYONCE_";

    /// <param name="file">As typed; null for what the environment says, or none.</param>
    /// <param name="variables">All of the environment, without regard to case.</param>
    public static (ServerOptions? Options, IReadOnlyList<Problem> Problems) Read(string? file, IReadOnlyDictionary<string, string?> variables, Surroundings surroundings)
    {
        file ??= variables.GetValueOrDefault(Variable);
        var builder = new ConfigurationBuilder();
        if (!string.IsNullOrEmpty(file))
        {
            var path = surroundings.Absolute(file);
            try
            {
                var written = new ConfigurationBuilder().AddJsonStream(new MemoryStream(File.ReadAllBytes(path))).Build();
                // A misspelt key in the file would otherwise be the default, silently.
                written.Get<ServerOptions>(binding => binding.ErrorOnUnknownConfiguration = true);
                builder.AddConfiguration(written);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                return (null, [new Problem($"cannot be read: {fault.Message}") { File = path }]);
            }
            catch (Exception fault) when (fault is FormatException or InvalidOperationException or JsonException)
            {
                return (null, [new Problem($"cannot be used: {Why(fault)}") { File = path }]);
            }
        }
        builder.AddInMemoryCollection(variables
            .Where(variable => variable.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && !string.IsNullOrEmpty(variable.Value))
            .Select(variable => KeyValuePair.Create(Key(variable.Key), variable.Value)));
        try
        {
            var options = builder.Build().Get<ServerOptions>() ?? new ServerOptions();
            IReadOnlyList<Problem> problems = [.. options.Check()];
            return problems.Count == 0 ? (options, []) : (null, problems);
        }
        catch (InvalidOperationException fault)
        {
            return (null, [new Problem($"cannot be used: {Why(fault)}") { File = "the environment" }]);
        }
    }

    // PAYONCE_PUBLIC_URL is publicUrl, PAYONCE_SMTP__HOST smtp:host, PAYONCE_URLS__0 the first address; one name of a list alone is its first.
    private static string Key(string variable)
    {
        var key = variable[Prefix.Length..].Replace("__", ":", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);
        return key.Equals(nameof(ServerOptions.Urls), StringComparison.OrdinalIgnoreCase) || key.Equals(nameof(ServerOptions.TrustedProxies), StringComparison.OrdinalIgnoreCase) ? key + ":0" : key;
    }

    // A parser's fault says where in the text it is; a value's fault says outside which key has it.
    private static string Why(Exception fault) => fault is FormatException { InnerException: JsonException inner } ? inner.Message : fault.Message;
}
