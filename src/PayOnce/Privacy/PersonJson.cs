using System.Globalization;
using System.Text.Json;
using PayOnce.Audit;
using PayOnce.Claims;
using PayOnce.Claims.Forms;
using PayOnce.Declarations;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.Privacy;

/// <summary>The parts of a <see cref="PersonExport"/>. Times in UTC, amounts in minor units; a member that is not known is null.</summary>
internal static class PersonJson
{
    public static void Claim(Utf8JsonWriter json, ClaimRecord claim, ClaimHistory history)
    {
        json.WriteStartObject();
        json.WriteString("claimId", claim.ClaimId);
        json.WriteString("claimantName", claim.ClaimantName);
        json.WriteString("type", claim.Type);
        json.WriteString("currency", claim.Currency);
        json.WriteNumber("totalMinor", claim.TotalMinor);
        Time(json, "approvedAt", claim.ApprovedAt);
        json.WriteString("approvedBy", claim.ApprovedBy);
        json.WriteString("exportKey", claim.ExportKey);
        json.WriteBoolean("waiting", history.Waiting);
        Time(json, "withdrawnAt", history.Withdrawal?.At);
        json.WriteString("withdrawnReason", history.Withdrawal?.Reason);
        json.WritePropertyName("lines");
        json.WriteRawValue(claim.Lines.Span);
        json.WriteStartArray("marks");
        foreach (var mark in history.Marks)
        {
            json.WriteStartObject();
            json.WriteNumber("generation", mark.Generation);
            json.WriteString("state", mark.State.Text());
            json.WriteString("evidence", mark.Evidence?.Text());
            json.WriteNumber("runId", mark.RunId);
            json.WriteNumber("batch", mark.Batch);
            json.WriteString("exportKey", mark.ExportKey);
            json.WriteString("acknowledgement", mark.Acknowledgement);
            json.WriteString("reason", mark.Reason);
            Time(json, "changedAt", mark.ChangedAt);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("attempts");
        foreach (var attempt in history.Attempts)
        {
            // Without the error's text: it is about the whole batch, and may name others.
            json.WriteStartObject();
            json.WriteNumber("runId", attempt.RunId);
            json.WriteNumber("batch", attempt.Batch);
            json.WriteNumber("try", attempt.Try);
            json.WriteString("step", attempt.Step.Text());
            json.WriteString("outcome", attempt.Outcome?.Text());
            Time(json, "at", attempt.At);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Left open for its receipts.</summary>
    public static void Form(Utf8JsonWriter json, ClaimForm form)
    {
        json.WriteStartObject();
        json.WriteString("formId", form.FormId);
        json.WriteString("kind", form.Kind.Text());
        json.WriteString("state", form.State.Text());
        json.WriteNumber("revision", form.Revision);
        json.WriteString("claimantName", form.ClaimantName);
        Time(json, "createdAt", form.CreatedAt);
        Time(json, "changedAt", form.ChangedAt);
        Time(json, "submittedAt", form.SubmittedAt);
        json.WriteString("decidedBy", form.DecidedByName);
        Time(json, "decidedAt", form.DecidedAt);
        json.WriteString("reason", form.Reason);
        json.WritePropertyName("content");
        json.WriteRawValue(form.Content.ToJson());
    }

    /// <param name="content">Null where its bytes were erased.</param>
    public static void Receipt(Utf8JsonWriter json, ReceiptInfo receipt, ReadOnlyMemory<byte>? content)
    {
        json.WriteStartObject();
        json.WriteNumber("number", receipt.Number);
        json.WriteString("name", receipt.Name);
        json.WriteString("contentType", receipt.Type.ContentType());
        json.WriteNumber("bytes", receipt.Bytes);
        json.WriteString("sha256", receipt.Sha256);
        Time(json, "addedAt", receipt.AddedAt);
        if (content is { } bytes) json.WriteBase64String("contentBase64", bytes.Span);
        else json.WriteNull("contentBase64");
        json.WriteEndObject();
    }

    public static void Acknowledgement(Utf8JsonWriter json, Acknowledgement acknowledgement)
    {
        json.WriteStartObject();
        json.WriteNumber("number", acknowledgement.Number);
        json.WriteNumber("version", acknowledgement.Version);
        json.WriteString("name", acknowledgement.Name);
        json.WriteString("text", acknowledgement.Text);
        json.WriteString("sha256", acknowledgement.Sha256);
        Time(json, "at", acknowledgement.At);
        Time(json, "withdrawnAt", acknowledgement.Withdrawn?.At);
        json.WriteString("withdrawnReason", acknowledgement.Withdrawn?.Reason);
        json.WriteEndObject();
    }

    public static void Run(Utf8JsonWriter json, Run run, RunFile? file)
    {
        json.WriteStartObject();
        json.WriteNumber("runId", run.RunId);
        json.WriteString("trigger", run.Trigger.Text());
        json.WriteString("state", run.Status);
        json.WriteString("exporter", run.Exporter);
        Time(json, "startedAt", run.StartedAt);
        Time(json, "endedAt", run.EndedAt);
        json.WriteString("file", file?.Name);
        json.WriteEndObject();
    }

    public static void Event(Utf8JsonWriter json, AuditEvent told)
    {
        json.WriteStartObject();
        json.WriteNumber("sequence", told.Sequence);
        Time(json, "at", told.At);
        json.WriteString("actor", told.Actor);
        json.WriteString("action", told.Action);
        json.WriteString("subject", told.Subject);
        json.WritePropertyName("details");
        json.WriteRawValue(told.Details);
        json.WriteEndObject();
    }

    public static void Act(Utf8JsonWriter json, AuditEvent told)
    {
        json.WriteStartObject();
        json.WriteNumber("sequence", told.Sequence);
        Time(json, "at", told.At);
        json.WriteString("action", told.Action);
        json.WriteEndObject();
    }

    public static void Time(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } at) json.WriteString(name, at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
        else json.WriteNull(name);
    }
}
