using System.Text.Json.Nodes;

namespace PayOnce.Sandbox.Dynamics;

/// <summary>What an AL <c>Error()</c> or the platform does: it ends the operation, undoes its transaction, and is answered as an OData error.</summary>
internal sealed class BcRefusal(int status, string code, string message) : Exception(message)
{
    public int Status => status;

    public string Code => code;

    /// <summary>Every AL <c>Error()</c> surfaces with this one code, whatever it is about (Microsoft: "Dynamics 365 Business Central error codes").</summary>
    public static BcRefusal Dialog(string message) => new(400, "Application_DialogException", message);

    public static BcRefusal BadRequest(string message, string code = "BadRequest") => new(400, code, message);

    public static BcRefusal NotFound(string what) => new(404, "BadRequest_ResourceNotFound", $"Resource not found for the segment '{what}'.");

    public static BcRefusal NoRecord() => new(404, "Internal_RecordNotFound", "The server responded with \"Not Found\". The requested record does not exist.");

    public static BcRefusal NoRelation(string field, string table, string value, string related) =>
        new(400, "Internal_InvalidTableRelation", $"The field {field} of table {table} contains a value ({value}) that cannot be found in the related table ({related}).");

    /// <summary>The body of the answer; the message ends with the correlation id, as every recorded one does.</summary>
    public static JsonObject Body(string code, string message, Guid correlation) =>
        new() { ["error"] = new JsonObject { ["code"] = code, ["message"] = $"{message}  CorrelationId:  {correlation}." } };
}
