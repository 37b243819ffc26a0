using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PayOnce.App.Output;

/// <summary>Writes the documents of <c>--json</c>: source-generated, nothing left out, every time in UTC with six decimals.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(UtcTime)])]
[JsonSerializable(typeof(ErrorDocument))]
[JsonSerializable(typeof(OrganisationAddedDocument))]
[JsonSerializable(typeof(OrganisationsDocument))]
[JsonSerializable(typeof(IntegrationDocument))]
[JsonSerializable(typeof(SecretSetDocument))]
[JsonSerializable(typeof(SecretsDocument))]
[JsonSerializable(typeof(ConnectionDocument))]
[JsonSerializable(typeof(ImportDocument))]
[JsonSerializable(typeof(AdoptDocument))]
[JsonSerializable(typeof(GenerateDocument))]
[JsonSerializable(typeof(ClaimsDocument))]
[JsonSerializable(typeof(ClaimHistoryDocument))]
[JsonSerializable(typeof(ResolvedDocument))]
[JsonSerializable(typeof(WithdrawnDocument))]
[JsonSerializable(typeof(ClaimsWithdrawnDocument))]
[JsonSerializable(typeof(SourceDocument))]
[JsonSerializable(typeof(SourceTestDocument))]
[JsonSerializable(typeof(SourceReadDocument))]
[JsonSerializable(typeof(SyncDocument))]
[JsonSerializable(typeof(ReconcileDocument))]
[JsonSerializable(typeof(RestoreDocument))]
[JsonSerializable(typeof(RunsDocument))]
[JsonSerializable(typeof(RunDetailsDocument))]
[JsonSerializable(typeof(SavedFileDocument))]
[JsonSerializable(typeof(RolledBackDocument))]
[JsonSerializable(typeof(ImportRecordedDocument))]
[JsonSerializable(typeof(StatusDocument))]
[JsonSerializable(typeof(RetentionDocument))]
[JsonSerializable(typeof(ErasurePreviewDocument))]
[JsonSerializable(typeof(ErasedDocument))]
[JsonSerializable(typeof(PersonExportedDocument))]
[JsonSerializable(typeof(AuditDocument))]
[JsonSerializable(typeof(AuditVerificationDocument))]
[JsonSerializable(typeof(DoctorDocument))]
[JsonSerializable(typeof(DemoDocument))]
[JsonSerializable(typeof(SandboxDocument))]
[JsonSerializable(typeof(ServeDocument))]
internal sealed partial class DocumentsJson : JsonSerializerContext
{
    // Not \u00e6 for æ: the document is UTF-8 and read by people too.
    private static DocumentsJson Readable => field ??= new(new JsonSerializerOptions(Default.GeneratedSerializerOptions!) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Writes one document and a line feed. Streamed parts are read from the store while it is written.</summary>
    public static async Task WriteAsync(Stream output, object document, CancellationToken cancel)
    {
        var type = Readable.GetTypeInfo(document.GetType()) ?? throw new InvalidOperationException($"{document.GetType().Name} is not registered as a document.");
        await JsonSerializer.SerializeAsync(output, document, type, cancel);
        await output.WriteAsync("\n"u8.ToArray(), cancel);
        await output.FlushAsync(cancel);
    }
}

/// <summary>Every time of a document: UTC with six decimals, such as <c>2026-03-05T13:03:10.000000Z</c>. Read with any number of decimals and any offset (RFC 3339).</summary>
internal sealed class UtcTime : JsonConverter<DateTimeOffset>
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out var time) ? time.ToUniversalTime() : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToUniversalTime().ToString(Format, CultureInfo.InvariantCulture));
}
